/**
 * Serves label worlds to libraries in other languages: chat completions in OpenAI's form over loopback HTTP. The model `world-task` answers
 * rows by the world's known rates, `world-proposer` answers a library's own requests for a new prompt with edits of the world. Each
 * search has its own address, under which its calls are counted. The server runs in the process that starts the libraries and ends with it.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { z } from "zod";
import type { PeerSession } from "./peer-session.ts";

const bodyBytesMax = 2_000_000;
/** A library may think for long between two requests of one connection. */
const idleMs = 600_000;
const messageList = z
  .array(z.object({ role: z.enum(["system", "user", "assistant"]), content: z.string() }))
  .min(1);
const completionRequest = z.object({
  model: z.enum(["world-task", "world-proposer"]),
  messages: messageList,
});
/** Many task requests at once: what a library sends side by side. */
const batchRequest = z.object({ requests: z.array(messageList), orderedMax: z.number() });
const route = /^\/searches\/([a-z0-9-]+)\/(v1\/chat\/completions|batch|task)$/;

export class WorldServer {
  private readonly sessions = new Map<string, PeerSession>();
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      this.handle(request, response).catch((error: unknown) => {
        const message = error instanceof Error ? error.message : "unknown error";
        send(response, 400, { error: { message } });
      });
    });
    this.server.keepAliveTimeout = idleMs;
  }

  /** Listens on a free port of the loopback interface. */
  static async start(): Promise<WorldServer> {
    const made = new WorldServer();
    await new Promise<void>((resolve, reject) => {
      made.server.once("error", reject);
      made.server.listen(0, "127.0.0.1", resolve);
    });
    return made;
  }

  /** Opens a search; answers its address. */
  open(id: string, session: PeerSession): string {
    const address = this.server.address();
    if (address === null || typeof address === "string") throw new Error("the server has no port");
    this.sessions.set(id, session);
    return `http://127.0.0.1:${address.port}/searches/${id}`;
  }

  close(id: string): void {
    this.sessions.delete(id);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, id = "", what] = route.exec(request.url ?? "") ?? [];
    const session = this.sessions.get(id);
    if (session === undefined) {
      send(response, 404, { error: { message: "no such search" } });
      return;
    }
    if (what === "task") {
      send(response, 200, taskOf(session));
      return;
    }
    if (what === "batch") {
      const { requests, orderedMax } = batchRequest.parse(JSON.parse(await bodyOf(request)));
      const answers = session.answerAll(requests, orderedMax);
      send(response, 200, { answers, counts: session.counts });
      return;
    }
    const { model, messages } = completionRequest.parse(JSON.parse(await bodyOf(request)));
    send(response, 200, {
      object: "chat.completion",
      model,
      ...(model === "world-task"
        ? taskCompletion(session, messages)
        : completion(await session.propose(messages))),
      counts: session.counts,
    });
  }
}

/** What a library is given before it starts: the start prompt, the rows to search on and the rows kept for examples. */
function taskOf(session: PeerSession) {
  const plain = session.rows.map(({ input, expected }) => ({ input, expected }));
  const examples = session.examples.map(({ input, expected }) => ({ input, expected }));
  return { start: session.startText, labels: session.world.labels, rows: plain, examples };
}

function taskCompletion(session: PeerSession, messages: z.infer<typeof messageList>) {
  const { text, inputTokens, outputTokens, costUsd } = session.answer(messages);
  return {
    ...completion(text),
    usage: {
      prompt_tokens: inputTokens,
      completion_tokens: outputTokens,
      total_tokens: inputTokens + outputTokens,
      cost: costUsd,
    },
  };
}

function completion(content: string) {
  const message = { role: "assistant", content };
  return { choices: [{ index: 0, message, finish_reason: "stop" }] };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > bodyBytesMax) throw new RangeError("the request is too long");
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}
