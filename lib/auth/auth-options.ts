import type { NextAuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import { z } from "zod";
import type { Database } from "#lib/db/client.ts";
import type { Logger } from "#lib/log.ts";
import { verifyLogin } from "#lib/users/verify-login.ts";
import { type OidcSettings, type OidcUser, oidcProvider } from "./oidc.ts";
import { type SessionSecurity, sessionCookieName, sessionMaxAgeSeconds } from "./session.ts";

const credentials = z.object({
  name: z.string().trim().toLowerCase().min(1).max(100),
  password: z.string().min(1).max(1_000),
});

/** Sign-in by name and password, and at an identity provider where one is set; the session names a user and a version, nothing that could go stale. */
export function authOptions(deps: {
  db: Database;
  log: Logger;
  security: SessionSecurity;
  oidc: OidcSettings | null;
}): NextAuthOptions {
  const { db, log, security, oidc } = deps;
  return {
    secret: security.secret,
    useSecureCookies: security.secure,
    session: { strategy: "jwt", maxAge: sessionMaxAgeSeconds },
    cookies: {
      sessionToken: {
        name: sessionCookieName(security),
        options: { httpOnly: true, sameSite: "lax", path: "/", secure: security.secure },
      },
    },
    pages: { signIn: "/sign-in", error: "/sign-in" },
    providers: [
      CredentialsProvider({
        credentials: { name: {}, password: {} },
        authorize: async (given) => {
          const parsed = credentials.safeParse(given);
          if (!parsed.success) return null;
          const login = await verifyLogin(db, parsed.data);
          if (login.ok) return { id: login.user.id, sessionVersion: login.user.sessionVersion };
          // The message becomes the error code that the sign-in page receives.
          if (login.reason === "locked") throw new Error("locked");
          return null;
        },
      }),
      ...(oidc === null ? [] : [oidcProvider(db, oidc)]),
    ],
    callbacks: {
      // An address instead of a yes: where the person reads why.
      signIn: ({ user }: { user: OidcUser }) =>
        user.refusal === undefined ? true : `/sign-in?error=${user.refusal}`,
      jwt: ({ token, user }) =>
        user && "sessionVersion" in user
          ? { sub: user.id, sessionVersion: user.sessionVersion }
          : token,
      // Pages ask /api/v1/me, which reads the user's row; this answer only says when the session ends.
      session: ({ session }) => ({ expires: session.expires }),
    },
    logger: {
      // What else the metadata hold are claims and tokens, which belong in no log.
      error: (code, metadata) => {
        const err = metadata instanceof Error ? metadata : metadata.error;
        log.error({ code, err }, "sign-in failed");
      },
      warn: (code) => log.debug({ code }, "sign-in warning"),
      debug: () => undefined,
    },
  };
}
