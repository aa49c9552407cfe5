import type { z } from "zod";
import type { ErrorCode } from "../errors.ts";
import type { Access } from "./access.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** One kind of success: what it means and what its body holds. */
export interface Answer {
  description: string;
  /** Shape of the JSON body; absent where there is none. */
  schema?: z.ZodType;
  /** Media type where the body is not JSON. */
  mediaType?: string;
}

/**
 * One operation of the HTTP API, described once: the wrapper checks requests by it, the OpenAPI document is made from
 * it, and the tests hold the handlers to it.
 */
export interface Endpoint<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
> {
  /** operationId of the OpenAPI document, unique. */
  id: string;
  method: Method;
  /** Below /api/v1, with `{name}` for each variable part. */
  path: `/${string}`;
  group: string;
  summary: string;
  description?: string;
  /** Null: anybody, without a session or a key. */
  access: Access | null;
  params?: Params;
  query?: Query;
  body?: Body;
  /** Takes Idempotency-Key: a repeated request answers what the first one did and does nothing. */
  idempotent?: boolean;
  /** Fields of the answer that are told once and kept nowhere: a repeated request gets null for them. */
  tellsOnce?: readonly string[];
  /** Pages of Temporal's web interface may call it with a person's session, where its origin is configured. */
  fromTemporalUi?: boolean;
  /** Needs If-Match: a move names the state that it was decided on. */
  ifMatch?: boolean;
  /** The agent types that the body is about; where absent, the one named in the address or the query. */
  agentTypes?(body: z.infer<Body>): readonly string[];
  /** By HTTP status; the lowest is what a handler's plain value is answered with. */
  answers: Readonly<Record<number, Answer>>;
  /** What it refuses with besides what every endpoint of its kind does, see `refusalsOf`. */
  refusals?: readonly ErrorCode[];
}

/** Declares an endpoint; the type parameters are those of its schemas. */
export function endpoint<
  Params extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
>(spec: Endpoint<Params, Query, Body>): Endpoint<Params, Query, Body> {
  return spec;
}

const mutating: ReadonlySet<Method> = new Set(["POST", "PUT", "PATCH", "DELETE"]);

export function isMutation({ method }: Pick<Endpoint, "method">): boolean {
  return mutating.has(method);
}

/** Every refusal that the endpoint may answer with: its own, and those that follow from what it takes. */
export function refusalsOf(spec: Endpoint): ErrorCode[] {
  const codes = new Set<ErrorCode>([
    "invalid",
    "internal",
    "unavailable",
    ...(spec.refusals ?? []),
  ]);
  if (spec.access !== null) {
    codes.add("unauthenticated");
    codes.add("forbidden");
  }
  if (isMutation(spec)) codes.add("too-many-requests");
  if (spec.idempotent) codes.add("conflict");
  if (spec.ifMatch) {
    codes.add("precondition-failed");
    codes.add("precondition-required");
  }
  return [...codes];
}

/** The status of a plain success. */
export function successStatus({ answers }: Pick<Endpoint, "answers">): number {
  return Math.min(...Object.keys(answers).map(Number));
}
