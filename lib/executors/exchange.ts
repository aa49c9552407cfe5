/**
 * One request to an executor and its answer, all of it bounded: time, bytes, addresses. Nothing is decompressed and no
 * redirect is followed.
 */
import { lookup as resolveName } from "node:dns/promises";
import http from "node:http";
import https from "node:https";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { hostOf } from "../webhooks/webhook-url.ts";

export const bodyMaxBytes = 10 * 1024 * 1024;
/** Once the head of an answer is there its body must follow within this time. */
const bodyWaitMs = 60_000;

export interface Exchange {
  method: "GET" | "POST";
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  allowMetadataAddress: boolean;
  /** Ends it at once. */
  signal: AbortSignal;
}

export type Exchanged =
  | { ok: true; status: number; headers: http.IncomingHttpHeaders; text: string }
  /** `connected`: the request may have reached the agent. */
  | { ok: false; kind: "transport" | "refused"; connected: boolean; message: string };

const metadata = new BlockList();
for (const address of ["169.254.169.254", "169.254.170.2", "168.63.129.16", "100.100.100.200"])
  metadata.addAddress(address, "ipv4");
metadata.addAddress("fd00:ec2::254", "ipv6");

/** True for addresses at which clouds tell a machine its credentials. */
export function isMetadataAddress(address: string): boolean {
  // A BlockList looks through ::ffff:a.b.c.d by itself.
  const family = isIP(address);
  return family !== 0 && metadata.check(address, family === 6 ? "ipv6" : "ipv4");
}

/** Sends and reads; what goes wrong is told, never thrown. */
export async function exchange(sent: Exchange): Promise<Exchanged> {
  const state = { connected: false };
  try {
    const response = await request(sent, state);
    return await read(response, sent.signal);
  } catch (error) {
    const kind = error instanceof Refused ? "refused" : "transport";
    return { ok: false, kind, connected: state.connected, message: reasonOf(error) };
  }
}

class Refused extends Error {}

function request(
  { method, url: text, headers, body, allowMetadataAddress, signal }: Exchange,
  state: { connected: boolean },
): Promise<http.IncomingMessage> {
  const url = new URL(text);
  const host = hostOf(url);
  if (!allowMetadataAddress && isMetadataAddress(host)) throw metadataRefused(host);
  const send = (url.protocol === "https:" ? https : http).request;
  return new Promise((answer, reject) => {
    const outgoing = send(
      url,
      {
        method,
        headers: {
          ...headers,
          accept: "application/json",
          "accept-encoding": "identity",
          "content-length": Buffer.byteLength(body),
        },
        // A connection of its own: a kept one could lead to an address that was checked at another time.
        agent: false,
        lookup: checkedLookup(allowMetadataAddress),
        signal,
      },
      answer,
    );
    outgoing.on("socket", (socket) =>
      socket.once("connect", () => {
        state.connected = true;
      }),
    );
    outgoing.on("error", reject);
    outgoing.on("close", () => reject(new Error("The connection was closed without an answer.")));
    outgoing.end(body);
  });
}

function checkedLookup(allowMetadataAddress: boolean): LookupFunction {
  return (host, { all }, callback) => {
    resolveName(host, { all: true }).then(
      (addresses) => {
        const [first] = addresses;
        const hidden = addresses.some(({ address }) => isMetadataAddress(address));
        if (first === undefined) callback(new Error(`${host} has no address.`), "", 0);
        else if (hidden && !allowMetadataAddress) callback(metadataRefused(host), "", 0);
        else if (all) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: unknown) =>
        callback(error instanceof Error ? error : new Error(String(error)), "", 0),
    );
  };
}

function metadataRefused(host: string): Refused {
  return new Refused(
    `${host} is a cloud's metadata address; nothing was sent. allowMetadataAddress: true lets it pass.`,
  );
}

async function read(response: http.IncomingMessage, signal: AbortSignal): Promise<Exchanged> {
  const { statusCode: status = 0, headers } = response;
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") {
    response.destroy();
    const message = `The answer is compressed (${encoding}), which was not asked for.`;
    return { ok: false, kind: "refused", connected: true, message };
  }
  const wait = AbortSignal.timeout(bodyWaitMs);
  const stop = AbortSignal.any([signal, wait]);
  const destroy = () => response.destroy(new Error(`The answer's body took too long.`));
  stop.addEventListener("abort", destroy, { once: true });
  if (stop.aborted) destroy();
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response) {
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      if (size > bodyMaxBytes) {
        const message = `The answer is larger than ${bodyMaxBytes / 1024 / 1024} MB; reading was ended there.`;
        return { ok: false, kind: "refused", connected: true, message };
      }
      chunks.push(bytes);
    }
  } finally {
    stop.removeEventListener("abort", destroy);
    response.destroy();
  }
  return { ok: true, status, headers, text: Buffer.concat(chunks).toString("utf8") };
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(" ");
  return (error instanceof Error ? error.message : String(error)).slice(0, 500);
}
