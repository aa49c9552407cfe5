import { randomUUID } from "node:crypto";
import type { z } from "zod";
import type { Database } from "#lib/db/client.ts";
import type { Logger } from "#lib/log.ts";
import { invariant } from "../errors.ts";
import { actorOf, type Principal, requireAccess, requireAgentTypes } from "./access.ts";
import { type Endpoint, isMutation, successStatus } from "./endpoint.ts";
import { idempotencyKeyOf, onceByKey } from "./idempotency.ts";
import { type ReadRequest, readRequest } from "./read-request.ts";
import { errorResponse, jsonResponse } from "./respond.ts";
import { requireSameOrigin } from "./same-origin.ts";

/** What a process gives its handlers; asked for with each request, so that a build needs no settings. */
export interface Services {
  db: Database;
  log: Logger;
  /** Who sent the request, or null. Reads the user's or the key's row each time. */
  identify: (request: Request) => Promise<Principal | null>;
  /** Counts a change of this actor; rejects with AppError("too-many-requests") when there are too many. */
  writeLimit: (actor: string) => Promise<void>;
  /** Origin of Temporal's web interface, for the endpoints that it may call. */
  temporalUiOrigin?: string | null;
}

export interface RouteInput<Params, Query, Body> extends ReadRequest<Params, Query, Body> {
  db: Database;
  log: Logger;
  request: Request;
  principal: Principal;
  /** The principal's name for ledgers. */
  actor: string;
}

type Handler = (
  request: Request,
  context: { params: Promise<Record<string, unknown> | undefined> },
) => Promise<Response>;

/** A success with a status of its own, where an endpoint has several. */
export class Answered {
  constructor(
    readonly status: number,
    readonly body: unknown,
  ) {}
}

export function answered(status: number, body: unknown): Answered {
  return new Answered(status, body);
}

/**
 * Makes route handlers from the endpoints' descriptions: identify, check access, limit, parse, run once, answer. This
 * wrapper alone catches, logs and answers; what `run` returns becomes JSON, unless it is a Response already.
 */
export function createRoute(services: () => Services) {
  return function route<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
    spec: Endpoint<Params, Query, Body>,
    run: (input: RouteInput<z.infer<Params>, z.infer<Query>, z.infer<Body>>) => unknown,
  ): Handler {
    return async (request, context) => {
      const requestId = randomUUID();
      const given = services();
      const { db, log } = given;
      try {
        const principal = await admit(spec, request, given);
        const read = await readRequest(spec, request, (await context.params) ?? {});
        if (spec.access !== null) requireAgentTypes(principal, spec.access, read.agentTypes);
        const actor = actorOf(principal);
        const work = async () =>
          settledOf(spec, await run({ ...read, db, log, request, principal, actor }));
        return await respondOnce(
          { spec, request, db, actor, content: read.content },
          work,
          requestId,
        );
      } catch (error) {
        return errorResponse(error, requestId, log);
      }
    };
  };
}

async function admit(
  spec: Endpoint,
  request: Request,
  { identify, writeLimit, temporalUiOrigin = null }: Services,
): Promise<Principal> {
  const principal = requireAccess(await identify(request), spec.access ?? { role: "viewer" });
  if (!isMutation(spec)) return principal;
  // A bearer token is sent by a program on purpose, a cookie by any page that a browser shows.
  if (principal.kind === "user")
    requireSameOrigin(request, spec.fromTemporalUi ? temporalUiOrigin : null);
  await writeLimit(actorOf(principal));
  return principal;
}

async function respondOnce(
  call: { spec: Endpoint; request: Request; db: Database; actor: string; content: string },
  work: () => Promise<Answered | Response>,
  requestId: string,
): Promise<Response> {
  const { spec, request, db, actor, content } = call;
  const key = spec.idempotent ? idempotencyKeyOf(request.headers) : null;
  if (key === null) return responseOf(await work(), requestId);
  const asked = { actor, key, endpoint: spec.id, content, tellsOnce: spec.tellsOnce ?? [] };
  const kept = await onceByKey(db, asked, async () => {
    const result = await work();
    invariant(result instanceof Answered, "an idempotent endpoint answers with data");
    return result;
  });
  const response = responseOf(answered(kept.status, kept.body), requestId);
  if (kept.replayed) response.headers.set("idempotency-replayed", "true");
  return response;
}

function settledOf(spec: Endpoint, result: unknown): Answered | Response {
  if (result instanceof Response || result instanceof Answered) return result;
  return answered(successStatus(spec), result);
}

function responseOf(result: Answered | Response, requestId: string): Response {
  if (result instanceof Answered) return jsonResponse(result.body, requestId, result.status);
  result.headers.set("x-request-id", requestId);
  return result;
}
