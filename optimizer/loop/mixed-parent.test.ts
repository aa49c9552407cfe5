import { expect, test } from "vitest";
import { draw } from "#lib/random.ts";
import { promptSaying } from "../testing/search-fixtures.ts";
import { mixedParent } from "./mixed-parent.ts";

const { id, genome } = promptSaying("best", "Be brief.");
const mixture = promptSaying("mixed", "Be brief.", "Name the units.").genome;
const best = {
  id,
  genome,
  passRates: new Map(),
  success: 0.5,
  rank: 0,
  crowdingDistance: 1,
  evidence: { clusters: [], passing: [], summary: "" },
};
const mix = () => ({
  genome: mixture,
  changed: ["says name the units."],
  donorIds: ["donor", "best"],
});

test("the operator's child descends from all whose pieces it holds", () => {
  const mixed = mixedParent("success", [best], { mix }, draw(1));
  expect(mixed?.parent).toMatchObject({ id: "best", genome: mixture });
  const child = {
    genome: mixture,
    operator: "reflect" as const,
    operatorArguments: { rule: "r" },
    parentIds: ["best"],
    message: "m",
  };
  expect(mixed?.childrenOf([child])).toMatchObject([
    {
      operator: "reflect",
      parentIds: ["best", "donor"],
      operatorArguments: { rule: "r", mixed: ["says name the units."] },
    },
  ]);
});

test("where the operator made nothing, the mixture is the child", () => {
  const [child] = mixedParent("success", [best], { mix }, draw(1))?.childrenOf([]) ?? [];
  expect(child).toMatchObject({
    operator: "crossover",
    genome: mixture,
    parentIds: ["best", "donor"],
  });
});

test("what is made cheaper is not mixed, and without pieces there is no mixture", () => {
  expect(mixedParent("front", [best], { mix }, draw(1))).toBeNull();
  expect(mixedParent("success", [best], { mix: null }, draw(1))).toBeNull();
  expect(mixedParent("success", [best], { mix: () => null }, draw(1))).toBeNull();
});
