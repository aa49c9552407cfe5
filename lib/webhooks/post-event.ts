/**
 * One attempt to deliver: a POST whose time, answer and target are all bounded. The name is resolved here, every address
 * it has is checked, and the connection goes to a checked one: what the name resolves to a moment later does not matter.
 */
import { lookup as resolveName } from "node:dns/promises";
import http from "node:http";
import https from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { storableText } from "#lib/db/json.ts";
import { isPrivateAddress } from "./private-address.ts";
import { hostOf } from "./webhook-url.ts";

export interface Post {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

export interface PostOptions {
  allowPrivate: boolean;
  /** For the whole attempt: resolving, connecting, sending and the head of the answer. */
  timeoutMs: number;
  /** Ends the attempt at once. */
  signal?: AbortSignal;
  /** Every address of a name; the system's resolver when absent. */
  resolve?: (host: string) => Promise<{ address: string; family: number }[]>;
}

export interface PostResult {
  /** Null when there was no answer. */
  responseStatus: number | null;
  /** Beginning of the answer's body. */
  responseExcerpt: string | null;
  /** Why it is no success, in words; null for a status of 200 to 299. */
  error: string | null;
}

const bodyReadMaxBytes = 4_096;
const excerptMax = 1_000;
/** How long the body of an answer is waited for once its status is known. */
const bodyWaitMs = 1_000;

/** Posts the event and says what came of it; never throws. */
export async function postEvent(post: Post, options: PostOptions): Promise<PostResult> {
  const deadline = AbortSignal.timeout(options.timeoutMs);
  const signals = options.signal === undefined ? [deadline] : [deadline, options.signal];
  const signal = AbortSignal.any(signals);
  try {
    const response = await request(post, options, signal);
    const status = response.statusCode ?? 0;
    return {
      responseStatus: status,
      responseExcerpt: await excerptOf(response, signal),
      error: errorOfStatus(status),
    };
  } catch (error) {
    const reason = deadline.aborted ? `No answer within ${options.timeoutMs} ms.` : reasonOf(error);
    return { responseStatus: null, responseExcerpt: null, error: reason };
  }
}

function request(
  { url: text, headers, body }: Post,
  { allowPrivate, resolve = resolveAll }: PostOptions,
  signal: AbortSignal,
): Promise<http.IncomingMessage> {
  const url = new URL(text);
  const host = hostOf(url);
  // A literal address is connected to without any look-up.
  if (isIP(host) !== 0 && !allowPrivate && isPrivateAddress(host)) throw privateAddress(host);
  const send = (url.protocol === "https:" ? https : http).request;
  return new Promise((answer, reject) => {
    const sent = send(
      url,
      {
        method: "POST",
        headers: { ...headers, "content-length": Buffer.byteLength(body) },
        // A connection of its own: a kept one could lead to an address that was checked for another webhook.
        agent: false,
        lookup: checkedLookup({ allowPrivate, resolve }),
        signal,
      },
      answer,
    );
    // The first end counts; later ones of the same request say nothing new.
    sent.on("error", reject);
    sent.on("close", () => reject(new Error("The connection was closed without an answer.")));
    sent.end(body);
  });
}

function checkedLookup(options: Required<Pick<PostOptions, "allowPrivate" | "resolve">>) {
  const lookup: LookupFunction = (host, { all }, callback) => {
    addressesOf(host, options).then(
      (addresses) => {
        const [first] = addresses;
        if (first === undefined) callback(new Error(`${host} has no address.`), "", 0);
        else if (all) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: unknown) =>
        callback(error instanceof Error ? error : new Error(String(error)), "", 0),
    );
  };
  return lookup;
}

async function addressesOf(
  host: string,
  { allowPrivate, resolve }: Required<Pick<PostOptions, "allowPrivate" | "resolve">>,
): Promise<{ address: string; family: number }[]> {
  const addresses = await resolve(host);
  const hidden = addresses.find(({ address }) => isPrivateAddress(address));
  if (hidden !== undefined && !allowPrivate) throw privateAddress(host);
  return addresses;
}

const resolveAll = (host: string) => resolveName(host, { all: true });

/** The address itself is not told: who may set webhooks need not learn what inner names resolve to. */
function privateAddress(host: string): Error {
  return new Error(`${host} is or resolves to a private address; nothing was sent.`);
}

function errorOfStatus(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) return `Answered ${status}: redirects are not followed.`;
  return `Answered ${status}.`;
}

/** At most 4 KB are read, whatever the receiver sends; the status counts even when its body never ends. */
async function excerptOf(response: http.IncomingMessage, signal: AbortSignal): Promise<string> {
  const stop = AbortSignal.any([signal, AbortSignal.timeout(bodyWaitMs)]);
  const destroy = () => response.destroy();
  stop.addEventListener("abort", destroy, { once: true });
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response) {
      const bytes = Buffer.from(chunk);
      chunks.push(bytes.subarray(0, bodyReadMaxBytes - size));
      size += bytes.length;
      if (size >= bodyReadMaxBytes) break;
    }
  } catch {
    // A body that is cut off takes nothing from the status, which says what the receiver did.
  } finally {
    stop.removeEventListener("abort", destroy);
    response.destroy();
  }
  return storableText(Buffer.concat(chunks).toString("utf8")).slice(0, excerptMax);
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(" ");
  const reason = error instanceof Error ? error.message : String(error);
  return storableText(reason).slice(0, excerptMax);
}
