/** Promotions under readers: a server on the controller's path, readers over HTTP, and a person who moves prod. */
import { Agent, createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { performance } from "node:perf_hooks";
import { bearerOf } from "#lib/auth/identify.ts";
import { saveAgentType } from "#lib/db/agent-types.ts";
import type { Database } from "#lib/db/client.ts";
import { getTag } from "#lib/db/tags.ts";
import { inTransaction } from "#lib/db/transaction.ts";
import { promptParameters } from "#lib/domain/prompt.ts";
import { createPromptFetch } from "#lib/http/prompt-fetch.ts";
import { createApiKey } from "#lib/keys/api-keys.ts";
import { createLogger } from "#lib/log.ts";
import { type ControllerPath, startControllerPath } from "#lib/registry/controller-path.ts";
import { createPrompt } from "#lib/registry/create-prompt.ts";
import { transitionPrompt } from "#lib/registry/lifecycle.ts";
import { installProduction } from "#lib/registry/production.ts";
import { archiveHolder, moveInTransaction, rollBackTag } from "#lib/registry/tags.ts";
import type { Move, Read } from "./check.ts";

export interface HistoryOptions {
  db: Database;
  /** Of the same database, for the connection that hears of changes. */
  url: string;
  readers: number;
  /** Reads that must at least be made. */
  reads: number;
  /** The connection that tells of changes is ended after every so many moves. */
  movesPerCut: number;
}

export interface History {
  moves: Move[];
  reads: Read[];
  cuts: number;
}

const agentType = "history";
const by = { actor: "bench", reason: "a move under readers" };

/** Makes the agent type, serves it, reads and moves at the same time; answers everything that happened. */
export async function recordHistory(options: HistoryOptions): Promise<History> {
  const { db, url } = options;
  const prompts = startControllerPath({
    db,
    url,
    log: createLogger({ level: "silent", name: "bench" }),
  });
  const { key } = await createApiKey(db, { name: "readers", scopes: ["prompts:read"] }, "bench");
  const moves = await makeProduction(db);
  const server = await serve(prompts);
  const reads: Read[] = [];
  let done = false;
  try {
    const reading = Promise.all(
      Array.from({ length: options.readers }, (_, reader) =>
        readOn({ reader, port: server.port, key, reads, isDone: () => done }),
      ),
    );
    const moving = moveOn(options, moves, () => done || reads.length >= options.reads);
    const cuts = await Promise.race([moving, reading.then(() => moving)]).finally(() => {
      done = true;
    });
    await reading;
    return { moves, reads, cuts };
  } finally {
    done = true;
    server.close();
    await prompts.close();
  }
}

/** Two prompts that were both in production, so that prod can go back and forth; answers the moves so far. */
async function makeProduction(db: Database): Promise<Move[]> {
  await saveAgentType(db, {
    name: agentType,
    system: "single",
    suite: "history",
    description: "An agent whose prod moves all the time.",
    allowedTools: [],
    defaultModel: "simulated",
  });
  const made: string[] = [];
  for (const style of ["short", "long"]) {
    const { prompt } = await createPrompt(db, {
      agentType,
      genome: {
        content: `Give ${style} answers.\n${"Say what you did and why. ".repeat(100)}`,
        parameters: promptParameters.parse({}),
        tools: [],
      },
      change: "person",
      parents: [],
      createdBy: by.actor,
      message: style,
    });
    made.push(prompt.id);
  }
  const [first = "", second = ""] = made;
  const moves: Move[] = [];
  await timed(moves, first, () => installProduction(db, { ...by, promptId: first }));
  await transitionPrompt(db, { ...by, promptId: second, from: "draft", to: "experimental" });
  await transitionPrompt(db, { ...by, promptId: second, from: "experimental", to: "candidate" });
  await timed(moves, second, () => promote(db, second));
  return moves;
}

/** What an approval does, without its review. */
function promote(db: Database, promptId: string): Promise<unknown> {
  return inTransaction(db, async (tx) => {
    const held = await getTag(tx, agentType, "prod");
    const expectedGeneration = held?.generation ?? 0;
    await moveInTransaction(tx, { ...by, agentType, tag: "prod", promptId, expectedGeneration });
    if (held !== null) await archiveHolder(tx, held, by);
    await transitionPrompt(tx, { ...by, promptId, from: "candidate", to: "production" });
  });
}

async function timed(moves: Move[], promptId: string, move: () => Promise<unknown>): Promise<void> {
  const beganAt = performance.now();
  // Known before it is made: a reader may see it before its mover hears of it.
  const entry = { generation: moves.length + 1, promptId, beganAt, acknowledgedAt: Infinity };
  moves.push(entry);
  await move();
  entry.acknowledgedAt = performance.now();
}

async function moveOn(
  { db, movesPerCut }: HistoryOptions,
  moves: Move[],
  isEnough: () => boolean,
): Promise<number> {
  let cuts = 0;
  while (!isEnough()) {
    const expectedGeneration = moves.length;
    const to = moves.at(-2)?.promptId ?? "";
    await timed(moves, to, () =>
      rollBackTag(db, { ...by, agentType, expectedGeneration, toPromptId: to }),
    );
    if (moves.length % movesPerCut === 0) {
      await db.$queryRaw`
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'genepool changes'`;
      cuts++;
    }
  }
  return cuts;
}

async function serve(prompts: ControllerPath) {
  const log = createLogger({ level: "error", name: "bench" });
  const fetchPrompt = createPromptFetch(() => ({
    log,
    prompts,
    identify: async ({ headers }) => {
      const apiKey = await prompts.keys.verify(bearerOf(headers) ?? "");
      return apiKey === null ? null : { kind: "key", apiKey };
    },
  }));
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
    const request = new Request(`http://bench${incoming.url}`, {
      headers: Object.fromEntries(headers),
    });
    const response = await fetchPrompt(request);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(await response.text());
  };
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch((error: Error) => outgoing.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { port, close: () => server.close() };
}

async function readOn(options: {
  reader: number;
  port: number;
  key: string;
  reads: Read[];
  isDone: () => boolean;
}): Promise<void> {
  const { reader, port, key, reads, isDone } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let etag: string | null = null;
  try {
    while (!isDone()) {
      const headers = { authorization: `Bearer ${key}`, ...(etag && { "if-none-match": etag }) };
      const beganAt = performance.now();
      const answer = await request({ port, agent, headers });
      const endedAt = performance.now();
      if (answer.status === 503) {
        // Nothing was read: on a machine with more work than cores the path says so rather than guess.
        etag = null;
        continue;
      }
      if (answer.status !== 200 && answer.status !== 304)
        throw new Error(`A reader was answered ${answer.status}: ${answer.body}`);
      reads.push({
        reader,
        beganAt,
        endedAt,
        generation: Number(answer.headers["x-genepool-tag-generation"]),
        promptId: answer.status === 200 ? String(JSON.parse(answer.body).id) : null,
        stale: "x-genepool-stale" in answer.headers,
      });
      // Every other read of a reader is conditional.
      etag = etag === null ? (answer.headers.etag ?? null) : null;
    }
  } finally {
    agent.destroy();
  }
}

function request(options: { port: number; agent: Agent; headers: Record<string, string> }) {
  return new Promise<{ status: number; headers: IncomingMessage["headers"]; body: string }>(
    (resolve, reject) => {
      const path = `/api/v1/agents/${agentType}/prompt?tag=prod`;
      const sent = get({ host: "127.0.0.1", path, ...options }, (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          body += chunk;
        });
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
        response.on("error", reject);
      });
      sent.on("error", reject);
    },
  );
}
