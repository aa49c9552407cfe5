/** The executor `http`: a signed POST, its retries, and where the agent asks for it, waiting for a later answer. */
import { setTimeout as sleep } from "node:timers/promises";
import type { PriceTable } from "../llm/prices.ts";
import { retryAfterMs } from "../retry-pause.ts";
import { signedHeaders } from "../webhooks/signature.ts";
import type { ExecutorRequest } from "./contract.ts";
import { type Exchanged, exchange } from "./exchange.ts";
import type { Executor, Reply } from "./executor.ts";
import { foreignExecutor, type GradingParts } from "./foreign-trial.ts";
import { type CallbackStore, callbackFor } from "./http-callback.ts";
import { awaitAnswer } from "./http-later.ts";
import { passingStatuses, replyOf } from "./http-reply.ts";
import type { HttpSettings } from "./settings.ts";

export interface HttpDependencies {
  prices: PriceTable;
  grading?: GradingParts;
  /** Variables of this process, of which only those are read that the settings name. */
  variable: (name: string) => string | undefined;
  /** Where answers to callbacks arrive; null in a process without a database. */
  callbacks: CallbackStore | null;
  /** Shortest pause between two attempts; tests make it small. */
  pauseMs?: number;
}

const pauseMaxMs = 30_000;

export function createHttpExecutor(settings: HttpSettings, deps: HttpDependencies): Executor {
  return foreignExecutor(settings, {
    prices: deps.prices,
    ...(deps.grading && { grading: deps.grading }),
    check: () => faultsOf(settings, deps),
    call: (request, ends) => callAgent(settings, deps, { request, ends }),
  });
}

function faultsOf(settings: HttpSettings, { variable, callbacks }: HttpDependencies): string[] {
  const names = [settings.secretEnv, ...Object.values(settings.headersEnv)];
  const faults = names.flatMap((name) =>
    name === undefined || variable(name) ? [] : [`The variable ${name} is not set.`],
  );
  if (settings.callbackBaseUrl !== undefined && callbacks === null)
    faults.push("Callbacks need the database.");
  const secret = settings.secretEnv === undefined ? undefined : variable(settings.secretEnv);
  if (secret !== undefined && !/^(whsec_)?[A-Za-z0-9+/]{22,}={0,2}$/.test(secret))
    faults.push(
      `${settings.secretEnv} must be whsec_ and base64 of at least 16 bytes: echo "whsec_$(openssl rand -base64 24)"`,
    );
  return faults;
}

async function callAgent(
  settings: HttpSettings,
  deps: HttpDependencies,
  { request, ends }: { request: ExecutorRequest; ends: AbortSignal },
): Promise<Reply> {
  const callback = await callbackFor(settings, deps, request);
  try {
    const early = await callback?.answer();
    // It was sent while nobody waited: this process took the run over from another one.
    if (early !== undefined && early !== null) return { ok: true, text: early };
    const body = JSON.stringify({ ...request, ...callback?.fields });
    const send = (method: "GET" | "POST", url: string, content: string) =>
      exchange({
        method,
        url,
        body: content,
        headers: headersOf(settings, deps, { trialId: request.trial_id, body: content }),
        allowMetadataAddress: settings.allowMetadataAddress,
        signal: ends,
      });
    const first = await post(() => send("POST", settings.url, body), settings, {
      ends,
      pauseMs: deps.pauseMs ?? 1_000,
    });
    if (!first.ok || first.status !== 202) return replyOf(first);
    return await awaitAnswer(first, {
      url: settings.url,
      ends,
      shortestMs: deps.pauseMs ?? 1_000,
      ask: (url) => send("GET", url, ""),
      callback: callback === null ? null : () => callback.answer(),
    });
  } finally {
    await callback?.close(ends.aborted);
  }
}

/** Sends again what may be sent again, with longer pauses, as often as the settings allow and the deadline leaves. */
async function post(
  send: () => Promise<Exchanged>,
  { retries }: HttpSettings,
  { ends, pauseMs }: { ends: AbortSignal; pauseMs: number },
): Promise<Exchanged> {
  let last = await send();
  for (let attempt = 0; attempt < retries && isWorthRepeating(last) && !ends.aborted; attempt++) {
    const asked = last.ok ? (retryAfterMs(last.headers["retry-after"], Date.now()) ?? 0) : 0;
    // So long a wait is for whoever runs the trial: here it would hold one of the executor's places.
    if (asked > pauseMaxMs) return last;
    const pause = Math.max(asked, Math.min(pauseMaxMs, pauseMs * 2 ** attempt));
    try {
      await sleep(pause, undefined, { signal: ends });
    } catch {
      // The deadline came first: what was answered last stands.
      return last;
    }
    last = await send();
  }
  return last;
}

function isWorthRepeating(answer: Exchanged): boolean {
  return answer.ok ? passingStatuses.has(answer.status) : answer.kind === "transport";
}

function headersOf(
  { secretEnv, headersEnv }: HttpSettings,
  { variable }: HttpDependencies,
  { trialId, body }: { trialId: string; body: string },
): Record<string, string> {
  const secret = secretEnv === undefined ? undefined : variable(secretEnv);
  return {
    "content-type": "application/json",
    "user-agent": "Genepool-Executor/1",
    "idempotency-key": trialId,
    ...Object.fromEntries(
      Object.entries(headersEnv).map(([header, name]) => [header, variable(name) ?? ""]),
    ),
    ...(secret === undefined
      ? {}
      : signedHeaders({ id: `trial_${trialId}`, body, secrets: [secret], now: new Date() })),
  };
}
