import type { z } from "zod";
import { AppError } from "../errors.ts";
import { parseInput } from "../parse-input.ts";
import type { Endpoint } from "./endpoint.ts";
import { requireJsonContent } from "./same-origin.ts";

/** What a request says, checked against its endpoint. */
export interface ReadRequest<Params, Query, Body> {
  params: Params;
  query: Query;
  body: Body;
  /** The entity tag of If-Match without its quotes; empty where the endpoint needs none. */
  ifMatch: string;
  /** The agent types that the request is about; empty when it is about none in particular. */
  agentTypes: readonly string[];
  /** Everything that makes it this request and no other, for Idempotency-Key. */
  content: string;
}

const bodyMaxBytes = 16 * 1024 * 1024;

/** Reads and checks a request. Throws AppError("invalid"), or "precondition-required" without a needed If-Match. */
export async function readRequest<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
>(
  spec: Endpoint<Params, Query, Body>,
  request: Request,
  // An address without variable parts has none.
  given: Readonly<Record<string, unknown>>,
): Promise<ReadRequest<z.infer<Params>, z.infer<Query>, z.infer<Body>>> {
  const { pathname, searchParams } = new URL(request.url);
  const search = queryOf(searchParams);
  const params = parse(spec.params, given, "The address is");
  const query = parse(spec.query, search, "The query is");
  const text = spec.body === undefined ? "" : await readText(request);
  const body = parse(spec.body, spec.body && jsonOf(text), "The body is");
  // Where the query has no meaning, a name in it must not widen what a key may see.
  const named = spec.query === undefined ? undefined : search.agentType;
  const ifMatch = spec.ifMatch ? requiredIfMatch(request.headers) : "";
  return {
    params,
    query,
    body,
    ifMatch,
    agentTypes: spec.agentTypes?.(body) ?? namedAgentType(given.agentType ?? named),
    content: `${pathname}\n${ifMatch}\n${text}`,
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

/** A name that is given twice is refused: which of the two is meant nobody can say. */
function queryOf(search: URLSearchParams): Record<string, string> {
  const names = [...search.keys()];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new AppError("invalid", `The query names ${twice} twice.`);
  return Object.fromEntries(search);
}

/** One strong entity tag: printable characters without a space, in double quotes. */
export const entityTagForm = /^"([\x21\x23-\x7e]{1,200})"$/;

/** The one entity tag that If-Match names. A list or `*` would not say which state the caller has seen. */
function requiredIfMatch(headers: Headers): string {
  const given = headers.get("if-match");
  if (given === null) {
    throw new AppError(
      "precondition-required",
      "Send If-Match with the ETag of the state that you decided on.",
    );
  }
  const [, tag] = entityTagForm.exec(given.trim()) ?? [];
  if (tag === undefined)
    throw new AppError("invalid", "If-Match must be one strong entity tag in double quotes.");
  return tag;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("invalid", "The body is not JSON.", { cause });
  }
}

/** The text of a JSON request. Counts while it reads: a length that a client states is a claim. */
async function readText(request: Request): Promise<string> {
  requireJsonContent(request);
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
