import { expect, test } from "vitest";
import { makeVerdict } from "#tests/factories.ts";
import { readVerdict } from "./stored-verdict.ts";

test("a verdict of version 0.1 says by which rules and on which rows it was decided, before its own claim", () => {
  const {
    reason: _reason,
    level: _level,
    margin: _margin,
    proof: _proof,
    targets: _targets,
    visibleControlDrop: _drop,
    rowsToDecide: _rows,
    ...earlier
  } = makeVerdict({ kind: "reject", sentence: "Not better: 20 % → 72 %." });
  const read = readVerdict(earlier);
  expect(read).toMatchObject({ reason: "earlier-rules", proof: null });
  expect(read?.sentence).toMatch(
    /^Decided by the rules of version 0\.1.*Not better: 20 % → 72 %\.$/,
  );
  expect(read?.targets?.candidateSuccess).toEqual(earlier.candidateSuccess);
});

test("a verdict with a reason is read as it was written", () => {
  const verdict = makeVerdict();
  expect(readVerdict(verdict)).toEqual(verdict);
});
