import { decode } from "next-auth/jwt";
import { z } from "zod";
import type { Executor } from "#lib/db/client.ts";
import { getSessionUser, type User } from "#lib/users/users.ts";

/** How sessions are signed and where browsers keep them. */
export interface SessionSecurity {
  /** At least 32 characters; whoever knows it can be anybody. */
  secret: string;
  /** True when the site is served by https: the cookie is then sent over nothing else. */
  secure: boolean;
}

export const sessionMaxAgeSeconds = 8 * 3_600;

export function sessionCookieName({ secure }: SessionSecurity): string {
  return secure ? "__Secure-genepool.session" : "genepool.session";
}

/** What the token says; the role is not in it, since it may change while the session lasts. */
export const sessionToken = z.object({ sub: z.uuid(), sessionVersion: z.int() });

/**
 * The user whose session cookie these request headers carry; null when there is none, it is over, or the user may not
 * enter any more.
 */
export async function readSession(
  db: Executor,
  headers: Pick<Headers, "get">,
  security: SessionSecurity,
): Promise<User | null> {
  const token = cookieOf(headers, sessionCookieName(security));
  if (token === null) return null;
  const claims = sessionToken.safeParse(await decodeToken(token, security.secret));
  if (!claims.success) return null;
  const { sub: userId, sessionVersion } = claims.data;
  return getSessionUser(db, { userId, sessionVersion });
}

async function decodeToken(token: string, secret: string): Promise<unknown> {
  try {
    return await decode({ token, secret });
  } catch {
    // Forged, foreign and expired tokens throw: each means that nobody is signed in.
    return null;
  }
}

function cookieOf(headers: Pick<Headers, "get">, name: string): string | null {
  const header = headers.get("cookie") ?? "";
  for (const pair of header.split(";")) {
    const at = pair.indexOf("=");
    if (pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return null;
}
