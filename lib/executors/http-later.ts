import { setTimeout as sleep } from "node:timers/promises";
import { retryAfterMs } from "../retry-pause.ts";
import { acceptedAnswer } from "./contract.ts";
import type { Exchanged } from "./exchange.ts";
import type { Reply } from "./executor.ts";
import { executorFault } from "./foreign-trial.ts";
import { replyOf } from "./http-reply.ts";

const pauseMaxMs = 60_000;
const failuresMax = 5;

interface Later {
  /** Address of the executor: its status must be at the same origin, since the request for it is signed. */
  url: string;
  ends: AbortSignal;
  shortestMs: number;
  ask: (url: string) => Promise<Exchanged>;
  /** The answer that came to the callback; null where there is no callback. */
  callback: (() => Promise<string | null>) | null;
}

/** Waits after 202 until the answer is there, asked for or sent; the deadline ends it. */
export async function awaitAnswer(
  accepted: Extract<Exchanged, { ok: true }>,
  later: Later,
): Promise<Reply> {
  const { url, ends, shortestMs, callback } = later;
  const read = acceptedOf(accepted, url);
  if (!read.ok) return executorFault("202 without a way on", read.message, true);
  if (read.statusUrl === null && callback === null)
    return executorFault(
      "202 without a way on",
      'The agent answered 202 without "status_url", and the executor has no callbackBaseUrl.',
      true,
    );
  const asking: Asking = { statusUrl: read.statusUrl, pauseMs: read.pauseMs, failures: 0 };
  let nextAskMs = performance.now() + Math.max(asking.pauseMs, shortestMs);
  // Each turn waits, and the deadline ends the waiting.
  while (!ends.aborted) {
    const untilAsk = Math.max(shortestMs, nextAskMs - performance.now());
    await pause(callback === null ? untilAsk : Math.min(untilAsk, shortestMs), ends);
    if (ends.aborted) break;
    const sent = (await callback?.()) ?? null;
    if (sent !== null) return { ok: true, text: sent };
    if (performance.now() < nextAskMs - 1) continue;
    const reply = await askOnce(asking, later);
    if (reply !== null) return reply;
    nextAskMs = performance.now() + Math.min(pauseMaxMs, Math.max(asking.pauseMs, shortestMs));
  }
  return executorFault("no answer in time", "The deadline came before the answer.", true);
}

interface Asking {
  /** Null: the answer comes to the callback alone. */
  statusUrl: string | null;
  pauseMs: number;
  /** Failed askings in a row. */
  failures: number;
}

/** The reply, or null while the trial goes on. */
async function askOnce(asking: Asking, { url, ask }: Later): Promise<Reply | null> {
  if (asking.statusUrl === null) return null;
  const answer = await ask(asking.statusUrl);
  if (isPassing(answer)) {
    asking.failures += 1;
    if (asking.failures >= failuresMax) return endOf(answer);
  } else {
    asking.failures = 0;
    if (!answer.ok || answer.status !== 202) return endOf(answer);
  }
  if (!answer.ok) return null;
  const told = retryAfterMs(answer.headers["retry-after"], Date.now());
  const next = acceptedOf(answer, url);
  asking.pauseMs = told ?? (next.ok && answer.status === 202 ? next.pauseMs : asking.pauseMs);
  return null;
}

/** The agent had taken the trial, so whatever it says now it may have worked. */
function endOf(answer: Exchanged): Reply {
  const reply = replyOf(answer);
  return reply.ok ? reply : { ...reply, mayHaveCost: true };
}

/** A failure that may be over at the next asking. */
function isPassing(answer: Exchanged): boolean {
  return answer.ok ? answer.status === 429 || answer.status >= 500 : answer.kind === "transport";
}

async function pause(ms: number, ends: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal: ends });
  } catch {
    // Called off or too late: the caller looks at the signal.
  }
}

type Accepted =
  | { ok: true; statusUrl: string | null; pauseMs: number }
  | { ok: false; message: string };

function acceptedOf({ text, headers }: Extract<Exchanged, { ok: true }>, url: string): Accepted {
  const parsed = acceptedAnswer.safeParse(jsonOrEmpty(text));
  if (!parsed.success)
    return { ok: false, message: "The body of 202 must be {status_url, retry_after}." };
  const { status_url: given, retry_after: seconds } = parsed.data;
  const pauseMs = Math.min(
    pauseMaxMs,
    seconds === undefined
      ? (retryAfterMs(headers["retry-after"], Date.now()) ?? 2_000)
      : seconds * 1_000,
  );
  if (given === undefined) return { ok: true, statusUrl: null, pauseMs };
  const statusUrl = URL.canParse(given, url) ? new URL(given, url) : null;
  if (statusUrl === null || statusUrl.origin !== new URL(url).origin)
    return {
      ok: false,
      message: `status_url must be at ${new URL(url).origin}, as the executor is.`,
    };
  return { ok: true, statusUrl: statusUrl.href, pauseMs };
}

function jsonOrEmpty(text: string): unknown {
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    // Refused by the schema, which expects an object.
    return null;
  }
}
