import type { Database } from "#lib/db/client.ts";
import { verifyApiKey } from "#lib/keys/api-keys.ts";
import type { Principal } from "../http/access.ts";
import { readSession, type SessionSecurity } from "./session.ts";

/** Who sent the request: the key in its Authorization header, or the user of its session cookie; never both. */
export async function identify(
  db: Database,
  request: Request,
  security: SessionSecurity,
): Promise<Principal | null> {
  const text = bearerOf(request.headers);
  if (text !== null) {
    const apiKey = await verifyApiKey(db, text);
    return apiKey === null ? null : { kind: "key", apiKey };
  }
  const user = await readSession(db, request.headers, security);
  return user === null ? null : { kind: "user", user };
}

/** What the Authorization header carries; empty where it is no bearer token, null without the header. */
export function bearerOf(headers: Headers): string | null {
  const authorization = headers.get("authorization");
  if (authorization === null) return null;
  return /^Bearer\s+(\S+)$/i.exec(authorization)?.[1] ?? "";
}
