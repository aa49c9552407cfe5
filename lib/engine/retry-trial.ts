/**
 * Runs a trial again when its provider, and not its prompt, failed it. Both engines run trials through this. What passes
 * is waited for, within bounds; what every trial of the run would meet ends the run; everything else stands at once.
 */
import type { ProviderFault, TrialResult } from "#lib/domain/trial.ts";
import { AppError } from "../errors.ts";
import { pause as wait } from "../pause.ts";
import { draw } from "../random.ts";
import { type PauseRule, retryPauseMs } from "../retry-pause.ts";
import { type RanTrial, UnfinishedTrial } from "./trial-store.ts";

export interface RetriedTrial {
  /** One attempt, which may cost no more than this in USD; null leaves the trial's own limit. */
  attempt: (costLimitUsd: number | null) => Promise<TrialResult>;
  /** What all attempts together may cost: the money set aside for the trial. */
  amountUsd: () => number;
  /** Seeds the spread of the pauses. */
  key: string;
  /** The model that the prompt itself asks for: where that is refused, only this prompt is wrong. */
  ownModel: string | undefined;
  /** Ends pauses at once: the trial is called off, or goes to another worker. */
  hurry: AbortSignal;
  /** For tests. */
  time?: { nowMs: () => number; pause: typeof wait };
}

const attemptsMax = 5;
const pauses: PauseRule = { firstMs: 5_000, growth: 3, maxMs: 120_000 };
/** No attempt begins later than this after the first one. */
export const retryWindowMs = 10 * 60_000;

const moneyIsUp = "its money does not suffice for another";
const realTime = { nowMs: () => performance.now(), pause: wait };

/** What is known when an attempt has ended. */
export interface AttemptsSoFar {
  fault: ProviderFault | undefined;
  attempts: number;
  elapsedMs: number;
  /** By all attempts. */
  billedUsd: number;
}

export type NextStep =
  /** The result is the trial's. */
  | { kind: "stands" }
  | { kind: "again"; pauseMs: number }
  | { kind: "given-up"; why: string }
  | { kind: "ends-run" };

/** What follows an attempt; equal arguments give equal answers. */
export function nextStep(
  { fault, attempts, elapsedMs, billedUsd }: AttemptsSoFar,
  { key, ownModel, amountUsd }: Pick<RetriedTrial, "key" | "ownModel" | "amountUsd">,
): NextStep {
  if (fault === undefined) return { kind: "stands" };
  if (fault.kind === "refused")
    return { kind: fault.model !== null && fault.model === ownModel ? "stands" : "ends-run" };
  if (attempts >= attemptsMax) return { kind: "given-up", why: "no more attempts are made" };
  if (billedUsd > 0 && billedUsd >= amountUsd()) return { kind: "given-up", why: moneyIsUp };
  const draws = draw(key, "trial-pause", attempts);
  const pauseMs = retryPauseMs(attempts, fault.retryAfterMs, { rule: pauses, draws });
  if (elapsedMs + pauseMs > retryWindowMs) return { kind: "given-up", why: "its time is up" };
  return { kind: "again", pauseMs };
}

/**
 * The result of the first attempt that its provider let pass, or of the last one, which then says how often it was tried
 * and costs what all of them did. Throws UnfinishedTrial with what was billed when called off in a pause, and with
 * AppError("invalid") when the provider refuses the whole run.
 */
export async function retryTrial(trial: RetriedTrial): Promise<RanTrial> {
  const { hurry, time = realTime } = trial;
  const began = time.nowMs();
  let failed: TrialResult | null = null;
  for (let attempts = 1; ; attempts++) {
    const earlierUsd = failed?.costUsd ?? 0;
    const { fault, ...result } = await attemptOnce(trial, earlierUsd);
    const sum = sumOf(failed, result);
    if (isOutOfMoney(failed, result)) return givenUp(sum, attempts, moneyIsUp);
    if (fault?.kind === "passing" && hurry.aborted) throw calledOff(sum);
    const elapsedMs = time.nowMs() - began;
    const next = nextStep({ fault, attempts, elapsedMs, billedUsd: sum.costUsd }, trial);
    if (next.kind === "stands") return earlierUsd > 0 ? { ...result, earlierUsd } : result;
    if (next.kind === "ends-run") throw new UnfinishedTrial(refusal(result), sum.costUsd);
    if (next.kind === "given-up") return givenUp(sum, attempts, next.why);
    await time.pause(next.pauseMs, hurry);
    if (hurry.aborted) throw calledOff(sum);
    failed = sum;
  }
}

/** The attempt after one that was billed gets what is left of the money. Throws UnfinishedTrial for our own faults. */
async function attemptOnce(
  { attempt, amountUsd }: RetriedTrial,
  billedUsd: number,
): Promise<TrialResult> {
  try {
    return await attempt(billedUsd > 0 ? amountUsd() - billedUsd : null);
  } catch (error) {
    throw billedUsd > 0 ? new UnfinishedTrial(error, billedUsd) : error;
  }
}

/** The attempt's limit had been lowered by what the provider's failures were billed, and that was too little. */
function isOutOfMoney(earlier: TrialResult | null, { failure }: TrialResult): boolean {
  return earlier !== null && earlier.costUsd > 0 && failure?.errorClass === "over-budget";
}

/** The later result, at the cost of both; the earlier one's reason stands where the later one lacked the money. */
function sumOf(earlier: TrialResult | null, later: TrialResult): TrialResult {
  if (earlier === null) return later;
  return {
    ...later,
    failure: isOutOfMoney(earlier, later) ? earlier.failure : later.failure,
    costUsd: earlier.costUsd + later.costUsd,
    inputTokens: earlier.inputTokens + later.inputTokens,
    outputTokens: earlier.outputTokens + later.outputTokens,
  };
}

function calledOff({ costUsd }: TrialResult): UnfinishedTrial {
  const words = "The trial was called off while it waited for its provider.";
  return new UnfinishedTrial(new AppError("unavailable", words), costUsd);
}

function givenUp(result: TrialResult, attempts: number, why: string): TrialResult {
  const { failure } = result;
  if (failure === null) return result;
  const times = attempts === 1 ? "once" : `${attempts} times`;
  const said = ` The trial was tried ${times}; ${why}.`;
  const message = `${failure.message.slice(0, 4_000 - said.length)}${said}`;
  return { ...result, failure: { ...failure, message } };
}

function refusal({ failure }: TrialResult): AppError {
  return new AppError(
    "invalid",
    `${failure?.message ?? "The provider refused the trial."} Every trial would be refused the same way, so the run ends here.`,
  );
}
