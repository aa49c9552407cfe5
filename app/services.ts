import type { NextAuthOptions } from "next-auth";
import { authOptions } from "#lib/auth/auth-options.ts";
import { identify } from "#lib/auth/identify.ts";
import type { SessionSecurity } from "#lib/auth/session.ts";
import { database } from "#lib/db/instance.ts";
import { env } from "#lib/env.ts";
import { AppError } from "#lib/errors.ts";
import { createRateLimit, writeRate } from "#lib/http/rate-limit.ts";
import { createRoute } from "#lib/http/route.ts";
import { createLogger, type Logger } from "#lib/log.ts";

let logger: Logger | null = null;

export function log(): Logger {
  logger ??= createLogger({ level: env().GENEPOOL_LOG_LEVEL, name: "web" });
  return logger;
}

/** How this process signs sessions. Throws AppError("unavailable") without a secret. */
export function sessionSecurity(): SessionSecurity {
  const { NEXTAUTH_SECRET: secret, NEXTAUTH_URL: url } = env();
  if (secret === undefined) {
    throw new AppError(
      "unavailable",
      "NEXTAUTH_SECRET is not set. `npm start` makes one; see .env.example.",
    );
  }
  return { secret, secure: url?.startsWith("https://") ?? false };
}

export function nextAuthOptions(): NextAuthOptions {
  return authOptions({ db: database(), log: log(), security: sessionSecurity() });
}

const writeLimit = createRateLimit(writeRate, "changes");

/** Makes the handlers of /api/v1 over this process's database, log and sessions. */
export const route = createRoute(() => {
  const db = database();
  const who = (request: Request) => identify(db, request, sessionSecurity());
  return { db, log: log(), identify: who, writeLimit };
});

/** Reports settings that the process cannot work without. Requests would fail for the same reason, one by one. */
export function requireSettings(): void {
  try {
    database();
    sessionSecurity();
  } catch (error) {
    createLogger({ level: "error", name: "web" }).fatal(
      { err: error },
      "the settings are not usable",
    );
  }
}
