import { Socket } from "node:net";
import { setTimeout as timer } from "node:timers/promises";
import pg from "pg";
import { z } from "zod";

/** A tag as a poll finds it. */
export interface TagState {
  agentType: string;
  tag: string;
  generation: number;
}

/** What happens on the feed, in order: listening, then polls and changes, then lost; and again. */
export interface ChangeListener {
  /** Changes are told from now on; what was kept from before may be out of date. */
  listening(startedAt: number): void;
  tagChanged(agentType: string): void;
  keyChanged(prefix: string): void;
  /** Every tag of `watched()` as it was at some moment after `startedAt`. */
  polled(tags: readonly TagState[], startedAt: number): void;
  /** Agent types to ask for in a poll. */
  watched(): readonly string[];
  /** Nothing is heard until the next `listening`. */
  lost(error: unknown): void;
}

export interface ChangeFeedOptions {
  url: string;
  listener: ChangeListener;
  /** Milliseconds on a clock that never goes back. */
  now?: () => number;
  pollMs?: number;
}

/** Waits between attempts to connect: doubling, so that a database that comes up again is not pushed over. */
const backoffMs = { first: 100, most: 5_000 };
const answerMs = 2_000;
const tagRow = z.object({ agent_type: z.string(), tag: z.string(), generation: z.int() });

/**
 * Hears of changes over a connection of its own (LISTEN) and asks for the tags' generations over the same one: an answered
 * poll proves that notifications arrive, a connection that hangs is dropped. Answers what ends it.
 */
export function startChangeFeed(options: ChangeFeedOptions): () => Promise<void> {
  const stop = new AbortController();
  const running = keepListening(options, stop.signal);
  return async () => {
    stop.abort();
    await running;
  };
}

async function keepListening(options: ChangeFeedOptions, signal: AbortSignal): Promise<void> {
  let waitMs = backoffMs.first;
  while (!signal.aborted) {
    try {
      await listenOnce(options, signal, () => {
        waitMs = backoffMs.first;
      });
    } catch (error) {
      if (signal.aborted) return;
      options.listener.lost(error);
    }
    await rest(waitMs, signal);
    waitMs = Math.min(2 * waitMs, backoffMs.most);
  }
}

async function listenOnce(
  { url, listener, now = () => performance.now(), pollMs = 1_000 }: ChangeFeedOptions,
  signal: AbortSignal,
  connected: () => void,
): Promise<void> {
  const socket = new Socket();
  const client = new pg.Client({
    stream: () => socket,
    connectionString: url,
    connectionTimeoutMillis: answerMs,
    query_timeout: answerMs,
    keepAlive: true,
    application_name: "genepool changes",
  });
  const broken = new Promise<never>((_, reject) => {
    client.on("error", reject);
    client.on("end", () => reject(new Error("The database ended the connection.")));
  });
  // Seen by the races below; between two of them nobody waits for it.
  broken.catch(() => undefined);
  client.on("notification", ({ channel, payload = "" }) => {
    if (channel === "genepool_keys") listener.keyChanged(payload);
    else listener.tagChanged(payload.split(" ", 1)[0] ?? "");
  });
  try {
    await Promise.race([client.connect(), broken]);
    // Alone it must not keep a process from ending.
    socket.unref();
    const startedAt = now();
    await Promise.race([client.query("LISTEN genepool_tags; LISTEN genepool_keys"), broken]);
    listener.listening(startedAt);
    connected();
    while (!signal.aborted) {
      await Promise.race([poll(client, listener, now()), broken]);
      await Promise.race([rest(pollMs, signal), broken]);
    }
  } finally {
    // It may be broken already, or hang; either way nobody waits for its goodbye.
    client.end().catch(() => undefined);
    socket.destroySoon();
  }
}

async function poll(client: pg.Client, listener: ChangeListener, startedAt: number): Promise<void> {
  const { rows } = await client.query(
    "SELECT agent_type, tag, generation FROM prompt_tags WHERE agent_type = ANY($1)",
    [listener.watched()],
  );
  const tags = z.array(tagRow).parse(rows);
  listener.polled(
    tags.map(({ agent_type: agentType, ...state }) => ({ agentType, ...state })),
    startedAt,
  );
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  // The only rejection is the abort, which is one of the two ways to end.
  await timer(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
