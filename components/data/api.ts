import type { z } from "zod";
import { errorEnvelope } from "#lib/http/shapes/common.ts";

/** A request that failed, as a page shows it. `status` 0 means that no answer came. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;

  constructor(failure: {
    status: number;
    code: string;
    message: string;
    requestId: string | null;
  }) {
    super(failure.message);
    this.name = "ApiError";
    this.status = failure.status;
    this.code = failure.code;
    this.requestId = failure.requestId;
  }
}

/** Reads one resource of /api/v1 and parses it. Throws ApiError. */
export async function getJson<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  signal?: AbortSignal,
): Promise<z.infer<Schema>> {
  return schema.parse(await request(path, { method: "GET", ...(signal ? { signal } : {}) }));
}

/** Sends a change and parses what it answers. Throws ApiError. */
export async function sendJson<Schema extends z.ZodType>(
  method: "POST" | "PUT",
  path: string,
  body: unknown,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const answer = await request(path, {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return schema.parse(answer);
}

async function request(path: string, init: RequestInit): Promise<unknown> {
  const response = await answerOf(path, init);
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body;
  const envelope = errorEnvelope.safeParse(body);
  if (envelope.success) throw new ApiError({ status: response.status, ...envelope.data.error });
  throw new ApiError({
    status: response.status,
    code: "unreadable",
    message: `The server answered with status ${response.status}.`,
    requestId: response.headers.get("x-request-id"),
  });
}

async function answerOf(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`/api/v1${path}`, init);
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new ApiError({
      status: 0,
      code: "unreachable",
      message: "The server does not answer. Is it running?",
      requestId: null,
    });
  }
}
