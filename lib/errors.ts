/** What kind of failure a caller must handle; closed, so a new code without an HTTP status does not compile. */
export type ErrorCode =
  | "invalid"
  | "unauthenticated"
  | "forbidden"
  | "not-found"
  | "conflict"
  | "precondition-failed"
  | "precondition-required"
  | "too-many-requests"
  | "unavailable"
  | "internal";

export const httpStatusOf: Readonly<Record<ErrorCode, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  "not-found": 404,
  conflict: 409,
  "precondition-failed": 412,
  "precondition-required": 428,
  "too-many-requests": 429,
  unavailable: 503,
  internal: 500,
};

export interface AppErrorOptions {
  details?: Record<string, unknown>;
  cause?: unknown;
}

/** The one error class of the product: a code for programs, a sentence for people. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.details = options.details;
  }
}

/** Throws when a state that the program excludes is reached. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AppError("internal", `Impossible state: ${message}`);
}
