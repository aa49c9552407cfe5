import { APICallError, RetryError } from "ai";

export interface ProviderFailure {
  /** HTTP status of the provider's last answer; null when there was none. */
  status: number | null;
  /** True when the same call may pass later: a limit of rate, a fault of the server, a broken connection. */
  retryable: boolean;
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

/** What went wrong in a model call. Retries are unwrapped to the last answer, and nothing secret is repeated. */
export function providerFailure(error: unknown): ProviderFailure {
  const last = RetryError.isInstance(error) ? error.lastError : error;
  const status = APICallError.isInstance(last) ? (last.statusCode ?? null) : null;
  const retryable = APICallError.isInstance(last) && last.isRetryable;
  const text = last instanceof Error ? last.message : "it failed without saying why";
  const prefix = status === null ? "" : `${status}: `;
  return { status, retryable, message: `${prefix}${withoutSecrets(text)}`.slice(0, messageMax) };
}

/** The text with everything that looks like a credential replaced. */
export function withoutSecrets(text: string): string {
  return secretPatterns.reduce((cleaned, pattern) => cleaned.replace(pattern, "[removed]"), text);
}
