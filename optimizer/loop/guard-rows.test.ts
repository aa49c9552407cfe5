import { expect, test } from "vitest";
import { guardRows } from "./guard-rows.ts";

const plan = {
  guards: { targets: 2, controls: 1, controlRunsMax: 1, trials: 6 },
  proof: { rows: 40, repeats: 1, finalists: 2, looks: 4, trials: 120 },
};
const calibration = { repeats: "same" as const, targets: ["t1", "t2", "t3"], controls: ["c1"] };

test("the search has the trials of the regression run for the rows that it runs finalists on itself", () => {
  expect(guardRows(plan, calibration, ["t1", "x", "t2", "t3", "c1"])).toEqual({
    ids: ["t1", "t2", "c1"],
    trials: 6,
  });
  expect(guardRows(plan, calibration, ["t1", "x"])).toEqual({ ids: ["t1"], trials: 2 });
});

test("where repeats differ the regression run keeps its trials", () => {
  expect(guardRows(plan, { ...calibration, repeats: "vary" }, ["t1"])).toEqual({
    ids: [],
    trials: 0,
  });
});
