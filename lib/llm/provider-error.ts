import {
  APICallError,
  EmptyResponseBodyError,
  InvalidResponseDataError,
  JSONParseError,
  RetryError,
  TypeValidationError,
} from "ai";
import type { ProviderFault } from "../domain/trial.ts";
import { retryAfterMs } from "../retry-pause.ts";

export interface ProviderFailure {
  /** HTTP status of the provider's last answer; null when there was none. */
  status: number | null;
  /** True when the same call may pass later: a limit of rate, a fault of the server, a broken connection. */
  retryable: boolean;
  /** How long the provider asked to wait, where it did. */
  retryAfterMs: number | null;
  /** True when it refuses every call: a bad key, an unknown model, a used-up account. */
  refused: boolean;
  /** A sentence for people and logs, without key material. */
  message: string;
}

const messageMax = 1_000;

/** Words of a provider's message that look like credentials: bearer tokens, vendor keys, long opaque strings. */
const secretPatterns: readonly RegExp[] = [
  /\bBearer\s+[^\s"']+/gi,
  /\b(?:sk|pk|rk|key|AIza|api[_-]?key)[-_=:][^\s"',}]{6,}/gi,
  /\bAIza[\w-]{10,}/g,
  /\b(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{32,}\b/gi,
];

/** 403 is not among them: some vendors refuse a single text with it. */
const refusedStatuses: ReadonlySet<number> = new Set([401, 402, 404]);
/** Refusals that vendors send with the status of something else: OpenAI's empty account (429), Google's bad key (400). */
const refusedWords = /insufficient_quota|API_KEY_INVALID/;

/** What went wrong in a model call. Retries are unwrapped to the last answer, and nothing secret is repeated. */
export function providerFailure(error: unknown): ProviderFailure {
  const last = RetryError.isInstance(error) ? error.lastError : error;
  const call = APICallError.isInstance(last) ? last : null;
  const status = call?.statusCode ?? null;
  const refused =
    call !== null &&
    (refusedStatuses.has(status ?? 0) || refusedWords.test(call.responseBody ?? ""));
  const text = last instanceof Error ? last.message : "it failed without saying why";
  const prefix = status === null ? "" : `${status}: `;
  return {
    status,
    retryable: call?.isRetryable === true && !refused,
    retryAfterMs: toldPauseMs(call?.responseHeaders ?? {}),
    refused,
    message: `${prefix}${withoutSecrets(text)}`.slice(0, messageMax),
  };
}

/** No request got through: nothing can have been billed. */
const unconnected: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/**
 * True when a call without an answer may be billed all the same: it was cut off, its connection broke, or what came back could
 * not be read. A provider that answers with a refusal bills nothing, and one that was never reached cannot.
 */
export function mayBeBilled(error: unknown): boolean {
  const last = RetryError.isInstance(error) ? error.lastError : error;
  if (APICallError.isInstance(last))
    return (last.statusCode ?? 0) < 400 && !codesOf(last).some((code) => unconnected.has(code));
  return (
    isCutOff(last) ||
    [JSONParseError, TypeValidationError, EmptyResponseBodyError, InvalidResponseDataError].some(
      (kind) => kind.isInstance(last),
    )
  );
}

function isCutOff(error: unknown): boolean {
  return error instanceof Error && (error.name === "AbortError" || error.name === "TimeoutError");
}

/** The system's codes of an error and of what caused it. */
function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  let current = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth++) {
    if ("code" in current && typeof current.code === "string") codes.push(current.code);
    current = current.cause;
  }
  return codes;
}

/** What the failure says of the model's provider; undefined where this one call was at fault. */
export function providerFault(
  { retryable, retryAfterMs: told, refused }: ProviderFailure,
  model: string,
): ProviderFault | undefined {
  if (retryable) return { kind: "passing", retryAfterMs: told };
  return refused ? { kind: "refused", model } : undefined;
}

function toldPauseMs(headers: Readonly<Record<string, string>>): number | null {
  const exact = Number.parseFloat(headers["retry-after-ms"] ?? "");
  if (exact >= 0) return exact;
  return retryAfterMs(headers["retry-after"], Date.now());
}

/** The text with everything that looks like a credential replaced. */
export function withoutSecrets(text: string): string {
  return secretPatterns.reduce((cleaned, pattern) => cleaned.replace(pattern, "[removed]"), text);
}
