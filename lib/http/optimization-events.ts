import type { Database } from "#lib/db/client.ts";
import { requireOptimization } from "#lib/db/optimizations.ts";
import { AppError, invariant } from "../errors.ts";
import { pause } from "../pause.ts";
import type { OptimizationDetail } from "./shapes/optimization.ts";
import { optimizationDetail, optimizationSummaries } from "./views/optimization-view.ts";

export interface EventStreamOptions {
  db: Database;
  optimizationId: string;
  /** Number of the last log line that the client has, from Last-Event-ID; -1 for none. */
  lastLine: number;
  /** Ends the stream: the client has gone. */
  signal: AbortSignal;
  /** How often the run is looked at, in ms. */
  pollMs?: number;
  /** After this many ms the stream ends and the client connects again, with its rights looked at anew. */
  lifeMs?: number;
}

const streamsMax = 64;
/** The log is read when a step begins and, while trials run, no more often than this. */
const logMs = 5_000;
const aliveMs = 15_000;
const reconnectMs = 2_000;
/** Where a run stands by itself again. */
const endedStates: ReadonlySet<string> = new Set(["finished", "stopped", "failed"]);

let open = 0;

/**
 * What happens in an optimization, as server-sent events (WHATWG HTML, section 9.2): `progress` with the summary whenever it
 * has changed, `log` for each line of the log with its number as the event's id, `end` with the summary. The stream of an
 * ended run tells all of it and ends. Throws AppError("not-found"), and AppError("too-many-requests") when this process
 * serves 64 streams already.
 */
export async function optimizationEvents(options: EventStreamOptions): Promise<Response> {
  const { db, optimizationId: id, signal } = options;
  await requireOptimization(db, id);
  if (open >= streamsMax) {
    throw new AppError("too-many-requests", `${streamsMax} streams are open: try again later.`, {
      details: { retryAfterSeconds: 10 },
    });
  }
  const cancelled = new AbortController();
  const encoder = new TextEncoder();
  const events = tellEvents({ ...options, signal: AbortSignal.any([signal, cancelled.signal]) });
  open++;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await events.next();
        if (!done) return controller.enqueue(encoder.encode(value));
        controller.close();
      } catch (error) {
        controller.error(error);
      }
    },
    cancel() {
      cancelled.abort();
      // A generator that nobody asks any more would never come to its end.
      return events.return(undefined).then(() => undefined);
    },
  });
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      // Proxies that buffer would hold the events back.
      "x-accel-buffering": "no",
    },
  });
}

async function* tellEvents(options: EventStreamOptions): AsyncGenerator<string> {
  try {
    yield `retry: ${reconnectMs}\n\n`;
    yield* follow(options);
  } finally {
    open--;
  }
}

async function* follow(options: EventStreamOptions): AsyncGenerator<string> {
  const { db, optimizationId: id, signal, pollMs = 1_000, lifeMs = 300_000 } = options;
  const began = performance.now();
  const told = { facts: "", stage: "", at: began, logAt: Number.NEGATIVE_INFINITY };
  let line = options.lastLine;
  while (!signal.aborted && performance.now() - began < lifeMs) {
    const { summary, facts, stage, ended } = await lookAt(db, id);
    const now = performance.now();
    if (stage !== told.stage || (facts !== told.facts && now - told.logAt > logMs)) {
      const { log } = await optimizationDetail(db, id, new Date());
      for (const [number, entry] of log.entries()) {
        if (number > line) yield logEvent(number, entry);
      }
      line = Math.max(line, log.length - 1);
      told.stage = stage;
      told.logAt = now;
    }
    if (facts !== told.facts) {
      yield `event: progress\ndata: ${JSON.stringify(summary)}\n\n`;
      told.facts = facts;
      told.at = now;
    }
    if (ended) return yield `event: end\ndata: ${JSON.stringify(summary)}\n\n`;
    if (now - told.at > aliveMs) {
      yield ": alive\n\n";
      told.at = now;
    }
    await pause(pollMs, signal);
  }
}

async function lookAt(db: Database, id: string) {
  const [summary] = await optimizationSummaries(
    db,
    [await requireOptimization(db, id)],
    new Date(),
  );
  invariant(summary !== undefined, `optimization ${id} has no summary`);
  // The time left is another one at every look: it is told with what else has changed.
  const { remainingMs: _, ...facts } = summary;
  return {
    summary,
    facts: JSON.stringify(facts),
    stage: `${summary.state}/${summary.step}/${summary.generation}`,
    ended: endedStates.has(summary.state),
  };
}

function logEvent(number: number, entry: OptimizationDetail["log"][number]): string {
  return `id: ${number}\nevent: log\ndata: ${JSON.stringify(entry)}\n\n`;
}
