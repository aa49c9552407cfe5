import { expect, test } from "vitest";
import { promptParameters } from "#lib/domain/prompt.ts";
import { createMemoryRunStore } from "./adapters/memory-run-store.ts";
import { FaultLog } from "./faults.ts";
import { RunProgress } from "./run-progress.ts";

const trial = (benchmarkId: string, repeat = 0) => ({
  promptId: "today",
  benchmarkId,
  repeat,
  costUsd: 0.25,
});

const genome = { content: "", parameters: promptParameters.parse({}), tools: [] };
const incumbent = { id: "today", version: "1.0.0", contentHash: "", genome };

test("a trial that two stages read counts once, in number and in cost", () => {
  const progress = new RunProgress(createMemoryRunStore(incumbent), new FaultLog());
  progress.add([trial("a"), trial("b")]);
  progress.add([trial("b"), trial("b", 1)]);
  expect(progress.trials).toBe(3);
  expect(progress.costUsd).toBe(0.75);
});
