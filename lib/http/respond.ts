import type { Logger } from "#lib/log.ts";
import { translateDatabaseError } from "../db/errors.ts";
import { AppError, type ErrorCode, httpStatusOf } from "../errors.ts";

/** What every failed request answers with. */
export interface ErrorEnvelope {
  error: {
    code: ErrorCode;
    message: string;
    details?: Record<string, unknown>;
    requestId: string;
  };
}

export function jsonResponse(body: unknown, requestId: string, status = 200): Response {
  return Response.json(body, {
    status,
    headers: { "cache-control": "no-store", "x-request-id": requestId },
  });
}

/**
 * The answer to a failure. What the product did not foresee is logged with the request's id and answered with a fixed
 * sentence; a caught object is never sent.
 */
export function errorResponse(caught: unknown, requestId: string, log: Logger): Response {
  const translated = translateDatabaseError(caught);
  const error =
    translated instanceof AppError
      ? translated
      : new AppError("internal", "Unexpected failure", { cause: caught });
  const hidden = error.code === "internal";
  if (hidden) log.error({ err: caught, requestId }, "request failed");
  const message = hidden
    ? "Something went wrong on our side. The request id leads to the log line that says what."
    : error.message;
  const details = hidden ? undefined : error.details;
  const envelope: ErrorEnvelope = {
    error: {
      code: error.code,
      message,
      ...(details === undefined ? {} : { details }),
      requestId,
    },
  };
  const response = jsonResponse(envelope, requestId, httpStatusOf[error.code]);
  if (error.code === "unauthenticated") response.headers.set("www-authenticate", "Bearer");
  const retryAfter = error.details?.retryAfterSeconds;
  if (typeof retryAfter === "number") response.headers.set("retry-after", String(retryAfter));
  return response;
}
