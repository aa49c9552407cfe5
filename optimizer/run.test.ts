import { expect, test } from "vitest";
import { openRows, runHabitWorld } from "./testing/habit-world.ts";

test("the loop finds a better prompt, proves it and nominates it", async () => {
  const { outcome, store } = await runHabitWorld();
  expect(outcome.candidates.length).toBeGreaterThan(0);
  expect(store.nominated.map(({ promptId }) => promptId)).toEqual(
    outcome.candidates.map(({ promptId }) => promptId),
  );
  const [winner] = outcome.candidates;
  expect(winner?.verdict.kind).toBe("promote-eligible");
  expect(winner?.verdict.difference.value).toBeGreaterThan(0.2);
  expect(store.prompts.get(winner?.promptId ?? "")?.genome.content).toContain("{{ input }}");
  expect(outcome.insights.length).toBeGreaterThan(0);
});

test("the order in which trials finish changes nothing", async () => {
  const [calm, shuffled] = [await runHabitWorld(), await runHabitWorld({ shuffle: true })];
  expect(shuffled.outcome).toEqual(calm.outcome);
});

test("a cap ends the search with what it has, and says so", async () => {
  const { outcome, store } = await runHabitWorld({ refuseAfter: 300 });
  expect(outcome.stopped).toBe("run-cap");
  expect(outcome.summary).toContain("The run's budget is reached");
  expect(outcome.candidates).toEqual([]);
  expect(store.nominated).toEqual([]);
});

test.each([
  ["in the calibration", 0],
  ["in the search", 200],
])(
  "a judge that breaks %s ends the run in the judge's own words, and nothing is nominated",
  async (_, calls) => {
    const failure = {
      errorClass: "grader-error",
      signature: "grader-error/judge no-verdict",
      message: 'The judge\'s reply holds no verdict: "I do not know"',
    } as const;
    const { outcome, store } = await runHabitWorld({ breakAfter: { calls, failure } });
    expect(outcome.stopped).toBe("grader-down");
    expect(outcome.summary).toContain(failure.message);
    expect(outcome.summary).toContain("nothing in it counts against a prompt");
    expect(outcome.finalists).toEqual([]);
    expect(store.nominated).toEqual([]);
  },
);

test("a provider that is down ends the run in the provider's own words", async () => {
  const message = "The model `m` has been decommissioned and is no longer supported.";
  const failure = { errorClass: "model-error", signature: "model-error/400", message } as const;
  const { outcome } = await runHabitWorld({ breakAfter: { calls: 0, failure } });
  expect(outcome.stopped).toBe("provider-down");
  expect(outcome.summary).toContain(message);
});

test("a search leaves enough of the budget to prove what it found", async () => {
  const { outcome: uncapped } = await runHabitWorld({ seed: 2 });
  const { outcome } = await runHabitWorld({ runCapUsd: 1, seed: 2 });
  expect(outcome.stopped).toBe("money-kept");
  expect(outcome.generations.length).toBeLessThan(uncapped.generations.length);
  expect(outcome.finalists.length).toBeGreaterThan(0);
  expect(outcome.costUsd).toBeLessThanOrEqual(1);
});

test("a search whose time is up breeds no more and still proves what it has", async () => {
  const { outcome } = await runHabitWorld({ isOverTime: true, seed: 2 });
  expect(outcome.stopped).toBe("wall-clock");
  expect(outcome.generations).toHaveLength(1);
  expect(outcome.finalists.length).toBeGreaterThan(0);
});

test("every generation keeps at most the population's size and ranks everyone", async () => {
  const { outcome } = await runHabitWorld();
  for (const { individuals } of outcome.generations) {
    expect(individuals.filter((i) => i.survived).length).toBeLessThanOrEqual(6);
    expect(individuals.some((i) => i.rank === 0)).toBe(true);
  }
});

test("rows that production has shown are not measured again in the learning", async () => {
  const known = openRows.map((benchmarkId) => ({
    promptId: "seed",
    benchmarkId,
    repeat: 0,
    success: false,
    score: 0,
    costUsd: 0.01,
    latencyMs: 1_000,
  }));
  const [plain, informed] = [await runHabitWorld(), await runHabitWorld({ known })];
  const calibrationOf = async ({ store }: typeof plain) => store.readStep(0, "calibrate");
  expect(await calibrationOf(plain)).toMatchObject({ journalRows: [] });
  const { journalRows, controls } = Object(await calibrationOf(informed));
  expect(journalRows).toHaveLength(openRows.length);
  expect(controls).toEqual([]);
});

const written = (rules: string) => `# Role\nAnswer {{ input }}.\n\n## Rules\n${rules}\n`;

test("prompts that people named go to the proof as they are: nothing is searched and nobody is asked for a text", async () => {
  const prove = [
    written("- Always check twice.\n- Always mind the units."),
    written("- Be brief.\n- Be quick."),
  ];
  const { outcome, store, calls } = await runHabitWorld({ prove, proposalUsd: 1 });
  expect(outcome.generations).toEqual([]);
  expect(outcome.insights).toEqual([]);
  expect(outcome.finalists.map(({ verdict }) => verdict.kind)).toEqual([
    "promote-eligible",
    expect.stringMatching(/^(?:inconclusive|reject)$/),
  ]);
  expect(outcome.summary).toBe("Proof of 2 prompts: 1 waits for review.");
  expect(store.nominated.map(({ promptId }) => promptId)).toEqual(
    outcome.candidates.map(({ promptId }) => promptId),
  );
  expect(outcome.trials).toBeLessThanOrEqual(calls.count);
  expect(calls.paidUsd).toBeLessThan(1);
});

test("a proof that its cap ends nominates nothing and says so", async () => {
  const { outcome, store } = await runHabitWorld({
    prove: [written("- Always check twice.")],
    refuseAfter: 30,
  });
  expect(outcome).toMatchObject({ stopped: "run-cap", finalists: [], candidates: [] });
  expect(outcome.summary).toContain("Proof of 1 prompt: no verdict was reached.");
  expect(store.nominated).toEqual([]);
});
