/** A server that speaks OpenAI's chat protocol from a script: each request takes the next reply. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

const chatRequest = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.unknown() })),
  tools: z.array(z.looseObject({ function: z.looseObject({ name: z.string() }) })).optional(),
  seed: z.number().optional(),
});
export type ChatRequest = z.infer<typeof chatRequest>;

/** One scripted answer; `hang` never answers, `cut` breaks the connection, `body` is sent as it is. */
export type StubReply =
  | { text: string; usage?: object }
  | { tool: string; input: unknown; text?: string; usage?: object }
  | { status: number; message?: string; headers?: Record<string, string> }
  | { body: string }
  | { hang: true }
  | { cut: true };

export interface StubServer {
  url: string;
  requests: ChatRequest[];
  /** Authorization headers as they came. */
  authorizations: (string | undefined)[];
  close(): Promise<void>;
}

const plainUsage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };

/** Starts a server on a free port; it answers by the script and refuses what goes beyond it. */
export async function startStubServer(script: readonly StubReply[]): Promise<StubServer> {
  const requests: ChatRequest[] = [];
  const authorizations: (string | undefined)[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    requests.push(chatRequest.parse(JSON.parse(await bodyOf(request))));
    authorizations.push(request.headers.authorization);
    const reply = script[requests.length - 1] ?? { status: 400, message: "the script is over" };
    if ("hang" in reply) return;
    if ("cut" in reply) {
      response.destroy();
      return;
    }
    if ("status" in reply) {
      response.writeHead(reply.status, { "content-type": "application/json", ...reply.headers });
      response.end(JSON.stringify({ error: { message: reply.message ?? "refused" } }));
      return;
    }
    response.writeHead(200, { "content-type": "application/json" });
    response.end("body" in reply ? reply.body : JSON.stringify(completion(reply, requests.length)));
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(asError(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${portOf(server.address())}/v1`,
    requests,
    authorizations,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

function completion(
  reply: { text?: string; tool?: string; input?: unknown; usage?: object },
  n: number,
) {
  const call = {
    id: `call_${n}`,
    type: "function",
    function: {
      name: reply.tool,
      arguments: typeof reply.input === "string" ? reply.input : JSON.stringify(reply.input),
    },
  };
  return {
    id: `chat-${n}`,
    object: "chat.completion",
    created: 1,
    model: "stub",
    choices: [
      {
        index: 0,
        finish_reason: reply.tool === undefined ? "stop" : "tool_calls",
        message: {
          role: "assistant",
          content: reply.text ?? null,
          ...(reply.tool === undefined ? {} : { tool_calls: [call] }),
        },
      },
    ],
    usage: reply.usage ?? plainUsage,
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString("utf8");
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
