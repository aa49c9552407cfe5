import { request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";
import { GenepoolError } from "./errors.ts";

export type Answer = {
  status: number;
  etag: string | null;
  retryAfter: string | null;
  body: Buffer;
};

export type ExchangeOptions = {
  method: "GET" | "POST";
  path: string;
  headers?: Record<string, string>;
  body?: string;
  /** For all of it: connect, headers and body. */
  timeoutMs: number;
};

const bodyBytesMax = 1_048_576;

/**
 * Speaks to one server over connections of its own, so that no patched fetch and no worn-out connection is in the way.
 * Redirects are not followed: they would take the key elsewhere.
 */
export class Transport {
  readonly #base: string;
  readonly #key: string;
  readonly #request: typeof requestPlain;

  /** Throws GenepoolError("invalid") for an address or a key that cannot work. */
  constructor(url: string, key: string) {
    const parsed = URL.canParse(url) ? new URL(url) : null;
    if (parsed === null || !["http:", "https:"].includes(parsed.protocol))
      throw new GenepoolError("invalid", `The registry's address must be http:// or https://.`);
    if (parsed.username !== "" || parsed.search !== "" || parsed.hash !== "")
      throw new GenepoolError("invalid", "The address must hold no user, query or fragment.");
    if (!/^[\x20-\x7e]+$/.test(key))
      throw new GenepoolError("invalid", "The API key must be printable ASCII text.");
    this.#base = `${parsed.origin}${parsed.pathname.replace(/\/+$/, "")}`;
    this.#key = key;
    this.#request = parsed.protocol === "https:" ? requestSecure : requestPlain;
  }

  /** Sends one request; throws Error unless a complete answer of at most 1 MiB arrives in time. */
  async exchange(options: ExchangeOptions): Promise<Answer> {
    const { method, path, headers = {}, body, timeoutMs } = options;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), timeoutMs);
    try {
      return await new Promise<Answer>((resolve, reject) => {
        late.signal.addEventListener("abort", () => reject(new Error("deadline passed")));
        const request = this.#request(
          `${this.#base}${path}`,
          {
            method,
            agent: false,
            signal: late.signal,
            headers: {
              authorization: `Bearer ${this.#key}`,
              accept: "application/json",
              "accept-encoding": "identity",
              ...headers,
            },
          },
          (response) => {
            const chunks: Buffer[] = [];
            let bytes = 0;
            response.on("data", (chunk: Buffer) => {
              bytes += chunk.byteLength;
              chunks.push(chunk);
              if (bytes > bodyBytesMax) {
                reject(new Error(`the answer is larger than ${bodyBytesMax} bytes`));
                request.destroy();
              }
            });
            response.on("error", reject);
            response.on("end", () =>
              resolve({
                status: response.statusCode ?? 0,
                etag: response.headers.etag ?? null,
                retryAfter: response.headers["retry-after"] ?? null,
                body: Buffer.concat(chunks),
              }),
            );
          },
        );
        request.on("error", reject);
        request.end(body);
      });
    } finally {
      clearTimeout(timer);
    }
  }
}
