import { randomUUID } from "node:crypto";
import type { Logger } from "#lib/log.ts";
import { AppError } from "../errors.ts";
import { createRateLimit, type RateLimit } from "../http/rate-limit.ts";
import { errorResponse } from "../http/respond.ts";
import { requireSameOrigin } from "../http/same-origin.ts";

/** Far above what people mistype; a guesser meets the account's lock-out long before. */
export const nameRate: RateLimit = { points: 20, seconds: 300 };
/** Many people may share the address of an office. */
export const addressRate: RateLimit = { points: 100, seconds: 300 };

const bodyMaxBytes = 16 * 1024;

/**
 * Stands before every POST of the sign-in: takes them from our own pages only, and limits sign-ins by address and by
 * name. Answers the refusal, or null for a request that may pass.
 */
export function createSignInGuard(
  log: () => Logger,
  rates: { name: RateLimit; address: RateLimit } = { name: nameRate, address: addressRate },
): (request: Request) => Promise<Response | null> {
  const limitName = createRateLimit(rates.name, "sign-ins");
  const limitAddress = createRateLimit(rates.address, "sign-ins");
  return async (request) => {
    try {
      requireSameOrigin(request);
      const { pathname } = new URL(request.url);
      if (!/\/(?:signin|callback)\//.test(pathname)) return null;
      await limitAddress(addressOf(request.headers));
      const name = await nameIn(request);
      if (name !== null) await limitName(name);
      return null;
    } catch (error) {
      return refusal(error, request, log());
    }
  };
}

/** The address that the nearest proxy saw: what stands before it in the list is the client's own claim. */
function addressOf(headers: Headers): string {
  return headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() ?? "unknown";
}

/** The name that a form or a JSON body gives, as the sign-in will look it up; the request keeps its body. */
async function nameIn(request: Request): Promise<string | null> {
  const text = await textOf(request.clone());
  const type = request.headers.get("content-type") ?? "";
  const name = type.startsWith("application/json")
    ? nameOfJson(text)
    : new URLSearchParams(text).get("name");
  return name?.trim().toLowerCase().slice(0, 100) ?? null;
}

function nameOfJson(text: string): string | null {
  try {
    const body: unknown = JSON.parse(text);
    const name = typeof body === "object" && body !== null && "name" in body ? body.name : null;
    return typeof name === "string" ? name : null;
  } catch (cause) {
    throw new AppError("invalid", "The body is not JSON.", { cause });
  }
}

async function textOf(request: Request): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  const reader = request.body?.getReader();
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > bodyMaxBytes) throw new AppError("invalid", "The body is larger than 16 KiB.");
    text += decoder.decode(value, { stream: true });
  }
}

/** The envelope of the API, with the address that next-auth's client reads its error from beside it. */
async function refusal(error: unknown, request: Request, log: Logger): Promise<Response> {
  const answer = errorResponse(error, randomUUID(), log);
  const code = error instanceof AppError ? error.code : "internal";
  const url = new URL(`/sign-in?error=${code}`, publicOrigin(request)).href;
  const envelope: unknown = await answer.json();
  const body = typeof envelope === "object" ? { ...envelope, url } : { url };
  return Response.json(body, { status: answer.status, headers: answer.headers });
}

/** As the browser knows us: behind a proxy the request's own address is another. */
function publicOrigin({ url, headers }: Request): string {
  const { protocol, host } = new URL(url);
  const scheme = headers.get("x-forwarded-proto") ?? protocol.slice(0, -1);
  const origin = `${scheme}://${headers.get("x-forwarded-host") ?? headers.get("host") ?? host}`;
  return URL.canParse(origin) ? origin : url;
}
