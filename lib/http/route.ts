import { randomUUID } from "node:crypto";
import type { z } from "zod";
import type { Database } from "#lib/db/client.ts";
import type { Logger } from "#lib/log.ts";
import { AppError } from "../errors.ts";
import { parseInput } from "../parse-input.ts";
import {
  type Access,
  actorOf,
  type Principal,
  requireAccess,
  requireAgentTypes,
} from "./access.ts";
import { errorResponse, jsonResponse } from "./respond.ts";
import { requireJsonContent, requireSameOrigin } from "./same-origin.ts";

/** What a process gives its handlers; asked for with each request, so that a build needs no settings. */
export interface Services {
  db: Database;
  log: Logger;
  /** Who sent the request, or null. Reads the user's or the key's row each time. */
  identify: (request: Request) => Promise<Principal | null>;
}

export interface RouteSpec<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
> {
  access: Access;
  params?: Params;
  query?: Query;
  body?: Body;
  /** Status of a success, 200 when absent. */
  status?: number;
  /** The agent types that the body is about; where absent, the one named in the address or the query. */
  agentTypes?: (body: z.infer<Body>) => readonly string[];
}

export interface RouteInput<Params, Query, Body> {
  db: Database;
  log: Logger;
  request: Request;
  principal: Principal;
  /** The principal's name for ledgers. */
  actor: string;
  params: Params;
  query: Query;
  body: Body;
}

type Handler = (
  request: Request,
  context: { params: Promise<Record<string, unknown> | undefined> },
) => Promise<Response>;

const bodyMaxBytes = 16 * 1024 * 1024;
const mutating = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/**
 * Makes route handlers: identify, check access, parse, run, answer. This wrapper alone catches, logs and answers; what
 * `run` returns becomes JSON, unless it is a Response already.
 */
export function createRoute(services: () => Services) {
  return function route<
    Params extends z.ZodType = z.ZodUndefined,
    Query extends z.ZodType = z.ZodUndefined,
    Body extends z.ZodType = z.ZodUndefined,
  >(
    spec: RouteSpec<Params, Query, Body>,
    run: (input: RouteInput<z.infer<Params>, z.infer<Query>, z.infer<Body>>) => Promise<unknown>,
  ): Handler {
    return async (request, context) => {
      const requestId = randomUUID();
      const { db, log, identify } = services();
      try {
        const principal = requireAccess(await identify(request), spec.access);
        // A bearer token is sent by a program on purpose, a cookie by any page that a browser shows.
        if (mutating.has(request.method) && principal.kind === "user") requireSameOrigin(request);
        // An address without variable parts has none.
        const given = (await context.params) ?? {};
        const search = queryOf(request);
        const params = parse(spec.params, given, "The address is");
        const query = parse(spec.query, search, "The query is");
        const body = parse(spec.body, spec.body && (await readJson(request)), "The body is");
        const about =
          spec.agentTypes?.(body) ?? namedAgentType(given.agentType ?? search.agentType);
        requireAgentTypes(principal, spec.access, about);
        const actor = actorOf(principal);
        const result = await run({ db, log, request, principal, actor, params, query, body });
        if (result instanceof Response) {
          result.headers.set("x-request-id", requestId);
          return result;
        }
        return jsonResponse(result, requestId, spec.status);
      } catch (error) {
        return errorResponse(error, requestId, log);
      }
    };
  };
}

function namedAgentType(agentType: unknown): readonly string[] {
  return typeof agentType === "string" ? [agentType] : [];
}

function parse<Schema extends z.ZodType>(
  schema: Schema | undefined,
  value: unknown,
  what: string,
): z.infer<Schema> {
  // Without a schema the type parameter is undefined's own, which the compiler cannot see.
  if (schema === undefined) return undefined as z.infer<Schema>;
  return parseInput(schema, value, what);
}

function queryOf(request: Request): Record<string, string> {
  return Object.fromEntries(new URL(request.url).searchParams);
}

async function readJson(request: Request): Promise<unknown> {
  requireJsonContent(request);
  const text = await readText(request);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("invalid", "The body is not JSON.", { cause });
  }
}

/** Counts while it reads: a length that a client states is a claim. */
async function readText(request: Request): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let bytes = 0;
  const reader = request.body?.getReader();
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done) return text + decodeChunk(decoder, undefined);
    bytes += value.byteLength;
    if (bytes > bodyMaxBytes) {
      await reader?.cancel();
      throw new AppError("invalid", "The body is larger than 16 MiB.");
    }
    text += decodeChunk(decoder, value);
  }
}

function decodeChunk(decoder: TextDecoder, chunk: Uint8Array | undefined): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined });
  } catch (cause) {
    throw new AppError("invalid", "The body is not UTF-8.", { cause });
  }
}
