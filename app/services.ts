import { readFile } from "node:fs/promises";
import type { Client } from "@temporalio/client";
import type { NextAuthOptions } from "next-auth";
import { authOptions } from "#lib/auth/auth-options.ts";
import { bearerOf, identify } from "#lib/auth/identify.ts";
import { oidcSettings } from "#lib/auth/oidc.ts";
import type { SessionSecurity } from "#lib/auth/session.ts";
import { database } from "#lib/db/instance.ts";
import { env } from "#lib/env.ts";
import { AppError } from "#lib/errors.ts";
import { type CommandList, loadCommandList } from "#lib/graders/command-list.ts";
import { createPromptFetch } from "#lib/http/prompt-fetch.ts";
import { createRateLimit, writeRate } from "#lib/http/rate-limit.ts";
import { createRoute } from "#lib/http/route.ts";
import { type PriceTable, parsePriceTable } from "#lib/llm/prices.ts";
import { createLogger, type Logger } from "#lib/log.ts";
import { type ControllerPath, startControllerPath } from "#lib/registry/controller-path.ts";
import { lazyTemporal, type TemporalClient } from "#lib/temporal/connection.ts";
import { temporalSettings } from "#lib/temporal/settings.ts";
import type { WebhookContext } from "#lib/webhooks/webhooks.ts";

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
  return authOptions({
    db: database(),
    log: log(),
    security: sessionSecurity(),
    oidc: oidcSettings(env()),
  });
}

/** The operator's own prices; the list's are known without a file. */
export async function ownPrices(): Promise<PriceTable> {
  const file = env().GENEPOOL_PRICES_FILE;
  return file === undefined ? {} : parsePriceTable(await readFile(file, "utf8"));
}

/** The operator's own grading programs: an import refuses lines that name others. */
export function commandList(): Promise<CommandList> {
  return loadCommandList(env().GENEPOOL_GRADER_COMMANDS_FILE);
}

const writeLimit = createRateLimit(writeRate, "changes");

/** The one other origin whose pages may ask for decrypted payloads; null for none. */
export function temporalUiOrigin(): string | null {
  const address = env().GENEPOOL_TEMPORAL_UI_ORIGIN;
  return address === undefined ? null : new URL(address).origin;
}

let temporal: TemporalClient | null = null;

/** Connects at the first call; null where Temporal is not configured. */
export function temporalClient(): Client | null {
  const settings = temporalSettings(env());
  if (settings === null) return null;
  temporal ??= lazyTemporal(settings);
  return temporal.client;
}

/** Makes the handlers of /api/v1 over this process's database, log and sessions. */
export const route = createRoute(() => {
  const db = database();
  const who = (request: Request) => identify(db, request, sessionSecurity());
  return {
    db,
    log: log(),
    identify: who,
    writeLimit,
    temporalUiOrigin: temporalUiOrigin(),
  };
});

/** One a process, even where a bundler copies this module. */
const holder: { [key: symbol]: ControllerPath | undefined } = globalThis;
const controllerKey = Symbol.for("genepool.controller-path");

function controllerPath(): ControllerPath {
  const db = database();
  const started =
    holder[controllerKey] ?? startControllerPath({ db, log: log(), url: env().DATABASE_URL ?? "" });
  holder[controllerKey] = started;
  return started;
}

/** The controller's fetch: keys are looked up in memory, people as everywhere. */
export const promptFetch = createPromptFetch(() => {
  const db = database();
  const prompts = controllerPath();
  return {
    log: log(),
    prompts,
    identify: async (request) => {
      const key = bearerOf(request.headers);
      if (key === null) return identify(db, request, sessionSecurity());
      const apiKey = await prompts.keys.verify(key);
      return apiKey === null ? null : { kind: "key", apiKey };
    },
  };
});

/** Reports settings that the process cannot work without. Requests would fail for the same reason, one by one. */
export function requireSettings(): void {
  try {
    database();
    sessionSecurity();
    oidcSettings(env());
  } catch (error) {
    createLogger({ level: "error", name: "web" }).fatal(
      { err: error },
      "the settings are not usable",
    );
  }
}

/** Who changes a webhook here, and whether this installation may tell addresses of its own network. */
export function webhookContext(actor: string): WebhookContext {
  return { actor, allowPrivate: env().GENEPOOL_WEBHOOKS_ALLOW_PRIVATE === "on" };
}
