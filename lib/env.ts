import { z } from "zod";
import { automationModes } from "./domain/optimization.ts";
import { AppError } from "./errors.ts";

/** An unset variable and an empty one mean the same: `.env` files write `NAME=`. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema.optional());
const withDefault = <T>(schema: z.ZodType<T>, value: string) =>
  z.preprocess((given) => (given === undefined || given === "" ? value : given), schema);

const wholeNumber = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

/** Every variable that Genepool reads; `.env.example` says the same for people, and a test keeps them equal. */
export const envSchema = z.object({
  DATABASE_URL: optional(z.url({ protocol: /^postgres(ql)?$/ })),
  PORT: withDefault(wholeNumber(1, 65_535), "3000"),
  HOST: withDefault(z.string(), "127.0.0.1"),
  GENEPOOL_DATA_DIR: withDefault(z.string(), ".genepool"),
  NEXTAUTH_SECRET: optional(z.string().min(32)),
  NEXTAUTH_URL: optional(z.url()),
  GENEPOOL_OIDC_ISSUER: optional(z.url({ protocol: /^https?$/ })),
  GENEPOOL_OIDC_CLIENT_ID: optional(z.string()),
  GENEPOOL_OIDC_CLIENT_SECRET: optional(z.string()),
  GENEPOOL_OIDC_NAME: withDefault(z.string(), "Single sign-on"),
  GENEPOOL_OIDC_GROUPS_CLAIM: withDefault(z.string(), "groups"),
  GENEPOOL_OIDC_ROLES: optional(z.string()),
  GENEPOOL_TRAFFIC: withDefault(z.enum(["on", "off"]), "on"),
  GENEPOOL_AUTOMATION: optional(z.enum(automationModes)),
  GENEPOOL_DAY_CAP_USD: optional(z.coerce.number().nonnegative()),
  GENEPOOL_MODEL: optional(z.string()),
  GENEPOOL_PROPOSER_MODEL: optional(z.string()),
  GENEPOOL_SANITY_MODEL: optional(z.string()),
  GENEPOOL_THREADS: optional(wholeNumber(1, 256)),
  GENEPOOL_LOG_LEVEL: withDefault(z.enum(["debug", "info", "warn", "error", "silent"]), "info"),
  GENEPOOL_PRICES_FILE: optional(z.string()),
  GENEPOOL_GRADER_COMMANDS_FILE: optional(z.string()),
  GENEPOOL_EXECUTORS_FILE: optional(z.string()),
  GENEPOOL_TRUSTED_PROXIES: withDefault(wholeNumber(0, 10), "0"),
  GENEPOOL_WEBHOOKS_ALLOW_PRIVATE: withDefault(z.enum(["on", "off"]), "off"),
  TEMPORAL_ADDRESS: optional(z.string().regex(/^[^\s/]+:\d{1,5}$/, "host:port, as localhost:7233")),
  TEMPORAL_NAMESPACE: optional(z.string().max(200)),
  TEMPORAL_API_KEY: optional(z.string()),
  TEMPORAL_TLS: optional(z.enum(["true", "1", "false", "0"])),
  TEMPORAL_TLS_SERVER_NAME: optional(z.string()),
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: optional(z.string()),
  TEMPORAL_TLS_SERVER_CA_CERT_DATA: optional(z.string()),
  TEMPORAL_TLS_CLIENT_CERT_PATH: optional(z.string()),
  TEMPORAL_TLS_CLIENT_CERT_DATA: optional(z.string()),
  TEMPORAL_TLS_CLIENT_KEY_PATH: optional(z.string()),
  TEMPORAL_TLS_CLIENT_KEY_DATA: optional(z.string()),
  TEMPORAL_PROFILE: optional(z.string()),
  TEMPORAL_CONFIG_FILE: optional(z.string()),
  TEMPORAL_CLI_PATH: optional(z.string()),
  GENEPOOL_TEMPORAL_ALLOW_PLAINTEXT: withDefault(z.enum(["on", "off"]), "off"),
  GENEPOOL_TEMPORAL_CODEC_KEY: optional(z.string()),
  GENEPOOL_TEMPORAL_OLD_CODEC_KEYS: optional(z.string()),
  GENEPOOL_TEMPORAL_UI_ORIGIN: optional(z.url({ protocol: /^https?$/ })),
  GENEPOOL_WORKER_CONCURRENCY: withDefault(wholeNumber(1, 1_000), "25"),
  GENEPOOL_WORKER_PROVIDERS: optional(z.string()),
  GENEPOOL_WORKER_PROVIDER_RATES: optional(z.string()),
  GENEPOOL_WORKER_HEALTH_PORT: withDefault(wholeNumber(0, 65_535), "3009"),
  GENEPOOL_WORKER_DRAIN_SECONDS: withDefault(wholeNumber(1, 3_600), "10"),
  OPENAI_API_KEY: optional(z.string()),
  ANTHROPIC_API_KEY: optional(z.string()),
  GOOGLE_GENERATIVE_AI_API_KEY: optional(z.string()),
  OPENAI_COMPATIBLE_URL: optional(z.url()),
  OPENAI_COMPATIBLE_API_KEY: optional(z.string()),
  CHROMIUM_PATH: optional(z.string()),
});
export type Env = z.infer<typeof envSchema>;

/** Parses variables; throws AppError("invalid") that names every bad one at once. */
export function parseEnv(source: Readonly<Record<string, string | undefined>>): Env {
  const parsed = envSchema.safeParse(source);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  throw new AppError(
    "invalid",
    `These environment variables are not usable:\n${lines.join("\n")}\nSee .env.example for their meaning.`,
    {
      cause: parsed.error,
    },
  );
}

let memoised: Env | null = null;

/** The process's own variables, parsed at first use so that builds and tests need none. */
export function env(): Env {
  memoised ??= parseEnv(process.env);
  return memoised;
}

/** A variable that an operator's own file names, for the programs that it describes. */
export function namedVariable(name: string): string | undefined {
  return process.env[name];
}
