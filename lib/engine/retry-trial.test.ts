import { expect, test } from "vitest";
import type { ProviderFault, TrialResult } from "#lib/domain/trial.ts";
import { AppError } from "../errors.ts";
import { pause } from "../pause.ts";
import { type AttemptsSoFar, nextStep, type RetriedTrial, retryTrial } from "./retry-trial.ts";
import { UnfinishedTrial } from "./trial-store.ts";

const passing = (retryAfterMs: number | null = null): ProviderFault => ({
  kind: "passing",
  retryAfterMs,
});
const refused = (model: string | null): ProviderFault => ({ kind: "refused", model });

function resultOf(changes: Partial<TrialResult> = {}): TrialResult {
  return {
    outcome: "success",
    score: 1,
    costUsd: 0.01,
    inputTokens: 100,
    outputTokens: 10,
    latencyMs: 5,
    failure: null,
    agents: [],
    steps: [],
    criticVerdict: null,
    simulated: false,
    ...changes,
  };
}

function failedBy(fault: ProviderFault | undefined, costUsd = 0, status = 429): TrialResult {
  return resultOf({
    outcome: "failure",
    score: 0,
    costUsd,
    failure: {
      errorClass: "model-error",
      signature: `model-error/${status}`,
      message: `The model's provider failed: ${status}: no.`,
    },
    ...(fault && { fault }),
  });
}

const real = { nowMs: () => performance.now(), pause };

const overBudget = resultOf({
  outcome: "failure",
  costUsd: 0.001,
  failure: { errorClass: "over-budget", signature: "over-budget", message: "Too dear." },
});

/** A trial whose attempts come to these results in turn, with a clock that only pauses move. */
function trialOf(script: readonly (TrialResult | Error)[], changes: Partial<RetriedTrial> = {}) {
  const seen = { limits: [] as (number | null)[], pauses: [] as number[], nowMs: 0 };
  const trial: RetriedTrial = {
    attempt: async (limit) => {
      seen.limits.push(limit);
      const result = script[seen.limits.length - 1];
      if (result === undefined) throw new Error("more attempts than the script has");
      if (result instanceof Error) throw result;
      return result;
    },
    amountUsd: () => 0.5,
    key: "key",
    ownModel: undefined,
    hurry: new AbortController().signal,
    time: {
      nowMs: () => seen.nowMs,
      pause: async (ms) => {
        seen.pauses.push(ms);
        seen.nowMs += ms;
      },
    },
    ...changes,
  };
  return { seen, run: () => retryTrial(trial) };
}

async function unfinished(run: () => Promise<unknown>): Promise<UnfinishedTrial> {
  const thrown = await run().catch((error: unknown) => error);
  if (thrown instanceof UnfinishedTrial) return thrown;
  throw new Error(`it came to ${JSON.stringify(thrown)}`);
}

test.each([
  ["a success", resultOf()],
  ["a bad request", failedBy(undefined, 0, 400)],
  ["a refusal of one text", failedBy(undefined, 0, 403)],
  ["a trial over its budget", overBudget],
  [
    "a bad template",
    resultOf({
      outcome: "failure",
      costUsd: 0,
      failure: { errorClass: "template-error", signature: "template-error", message: "No." },
    }),
  ],
])("%s stands at once, as it is", async (_, result) => {
  const { seen, run } = trialOf([result]);
  expect(await run()).toEqual(result);
  expect(seen).toMatchObject({ limits: [null], pauses: [] });
});

test("a provider that was away is asked again after the time that it named, and its failures leave no trace", async () => {
  const { seen, run } = trialOf([failedBy(passing(7_000)), failedBy(passing()), resultOf()]);
  expect(await run()).toEqual(resultOf());
  expect(seen.limits).toEqual([null, null, null]);
  expect(seen.pauses[0]).toBeGreaterThanOrEqual(7_000);
  expect(seen.pauses[0]).toBeLessThanOrEqual(7_700);
  expect(seen.pauses[1]).toBeGreaterThanOrEqual(7_500);
  expect(seen.pauses[1]).toBeLessThanOrEqual(15_000);
});

test("a provider that stays away fails the trial after five attempts, with the reason and the cost of all", async () => {
  const { seen, run } = trialOf(Array.from({ length: 5 }, () => failedBy(passing(), 0.01)));
  const result = await run();
  expect(seen.limits).toHaveLength(5);
  expect(result.costUsd).toBeCloseTo(0.05, 12);
  expect(result).not.toHaveProperty("fault");
  expect(result).not.toHaveProperty("earlierUsd");
  expect(result.failure).toMatchObject({
    errorClass: "model-error",
    signature: "model-error/429",
    message:
      "The model's provider failed: 429: no. The trial was tried 5 times; no more attempts are made.",
  });
});

test("a named hour is cut to two minutes, and all of it to ten", async () => {
  const { seen, run } = trialOf(Array.from({ length: 5 }, () => failedBy(passing(3_600_000))));
  await run();
  expect(seen.pauses).toEqual([120_000, 120_000, 120_000, 120_000]);
  const late: AttemptsSoFar = {
    fault: passing(30_000),
    attempts: 2,
    elapsedMs: 9.9 * 60_000,
    billedUsd: 0,
  };
  const trial = { key: "key", ownModel: undefined, amountUsd: () => 1 };
  expect(nextStep(late, trial)).toEqual({ kind: "given-up", why: "its time is up" });
});

test("what failed attempts were billed is booked beside the result, and later ones get what is left of the money", async () => {
  const { seen, run } = trialOf([
    failedBy(passing(), 0.1),
    failedBy(passing(), 0.2),
    resultOf({ costUsd: 0.15 }),
  ]);
  const result = await run();
  expect(result.costUsd).toBe(0.15);
  expect(result.earlierUsd).toBeCloseTo(0.3, 12);
  expect(seen.limits[1]).toBeCloseTo(0.4, 12);
  expect(seen.limits[2]).toBeCloseTo(0.2, 12);
});

test("a trial whose money is used up by failures is not begun again, and the provider stays the reason", async () => {
  const used = trialOf([failedBy(passing(), 0.5)]);
  const whole = await used.run();
  expect(used.seen.pauses).toEqual([]);
  expect(whole).toMatchObject({ costUsd: 0.5, failure: { signature: "model-error/429" } });
  expect(whole.failure?.message).toContain("tried once; its money does not suffice for another");
  const short = await trialOf([failedBy(passing(), 0.4), overBudget]).run();
  expect(short.failure?.signature).toBe("model-error/429");
  expect(short.costUsd).toBeCloseTo(0.401, 12);
});

test("a stop ends the wait at once, and tells what was billed", async () => {
  const stop = new AbortController();
  const waiting = trialOf([failedBy(passing(60_000), 0.02)], { hurry: stop.signal, time: real });
  const began = performance.now();
  setTimeout(() => stop.abort(), 20);
  const { reason, billedUsd } = await unfinished(waiting.run);
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(billedUsd).toBe(0.02);
  expect(reason).toMatchObject({ code: "unavailable" });
});

test("a trial that is refused when a stop is there already does not wait, nor count as failed", async () => {
  const last = Array.from({ length: 5 }, () => failedBy(passing()));
  const { seen, run } = trialOf(last, { hurry: AbortSignal.abort() });
  expect((await unfinished(run)).billedUsd).toBe(0);
  expect(seen).toMatchObject({ limits: [null], pauses: [] });
});

test("our own fault after a billed attempt tells what was billed", async () => {
  const fault = new AppError("internal", "broken");
  const { reason, billedUsd } = await unfinished(trialOf([failedBy(passing(), 0.03), fault]).run);
  expect(reason).toBe(fault);
  expect(billedUsd).toBe(0.03);
  await expect(trialOf([fault]).run()).rejects.toBe(fault);
});

test.each([
  ["a model that every trial uses", "openai:gpt", undefined],
  ["a companion's model, where the prompt names another", "openai:gpt", "openai:own"],
  ["the agent itself", null, undefined],
])("a refusal of %s ends the run with its reason", async (_, model, ownModel) => {
  const { seen, run } = trialOf([failedBy(refused(model), 0.01, 401)], { ownModel });
  const { reason, billedUsd } = await unfinished(run);
  expect(seen.pauses).toEqual([]);
  expect(billedUsd).toBe(0.01);
  expect(reason).toMatchObject({ code: "invalid", message: expect.stringContaining("401: no.") });
});

test("a refusal of the model that the prompt itself names is that prompt's failure", async () => {
  const result = failedBy(refused("openai:own"), 0, 404);
  const { fault: _, ...plain } = result;
  expect(await trialOf([result], { ownModel: "openai:own" }).run()).toEqual(plain);
});
