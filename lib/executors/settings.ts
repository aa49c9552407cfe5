/**
 * Executors are named by the operator in one file, JSON or YAML. No account of the web interface can add one: a command
 * line that came over HTTP would be a way to run anything. Secrets stand in the environment; the file holds their names.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { agentSystem as systemName } from "#lib/db/agent-types.ts";
import { AppError } from "#lib/errors.ts";

const envName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, "the name of a variable");

/** Systems that Genepool runs itself. */
export const builtInSystems: readonly string[] = ["workbench", "single"];

const common = {
  name: systemName,
  /** Agent systems that it runs. */
  systems: z.array(systemName).min(1).max(32),
  /** Part of the evaluation key: raise it when the agent changes, and its trials are run anew. */
  version: z.string().regex(/^[A-Za-z0-9._-]{1,40}$/),
  timeoutSeconds: z.number().positive().max(7_200).default(120),
  /** Trials at once, in each process that runs trials. */
  concurrency: z.int().min(1).max(256).default(4),
  /** Its trials cost nothing: an answer without a cost is taken as 0. */
  free: z.boolean().default(false),
  /** Its results are a simulation's and are called so. */
  simulated: z.boolean().default(false),
  /** Tells the agent the right answer too; only for agents that judge themselves. */
  sendExpected: z.boolean().default(false),
};

const httpSettings = z.strictObject({
  ...common,
  kind: z.literal("http"),
  url: z.url({ protocol: /^https?$/ }),
  /** Variable with the signing secret, as Standard Webhooks writes it: whsec_ and base64. */
  secretEnv: envName.optional(),
  /** Headers whose values stand in variables: {"authorization": "AGENT_AUTHORIZATION"}. */
  headersEnv: z.record(z.string().regex(/^[A-Za-z0-9-]{1,64}$/), envName).default({}),
  /** Attempts after the first where the transport fails or the agent asks to come back. */
  retries: z.int().min(0).max(10).default(3),
  /** Address of this Genepool as the agent reaches it; with it, answers may be sent to a callback. */
  callbackBaseUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** Lets it be at a cloud's metadata address. */
  allowMetadataAddress: z.boolean().default(false),
});

const commandSettings = z.strictObject({
  ...common,
  kind: z.literal("command"),
  /** Program and arguments; no shell reads them. */
  argv: z
    .array(z.string().max(4_096))
    .min(1)
    .max(64)
    .refine(([program]) => program !== "", "names no program"),
  /** Directory that it runs in; relative to the file. */
  cwd: z.string().optional(),
  /** Variables of this process that it may see, besides PATH. */
  env: z.array(envName).max(64).default([]),
  /** Address space of each of its processes; enforced where prlimit is installed. */
  memoryMaxMb: z.int().min(16).max(1_048_576).optional(),
});

const temporalSettings = z.strictObject({
  ...common,
  kind: z.literal("temporal-activity"),
  taskQueue: z.string().min(1).max(200),
  /** How long an activity may wait for a worker of that queue. */
  scheduleToStartSeconds: z.number().positive().max(3_600).default(60),
});

export const executorSettings = z
  .discriminatedUnion("kind", [httpSettings, commandSettings, temporalSettings])
  .refine((entry) => !("callbackBaseUrl" in entry && entry.callbackBaseUrl && !entry.secretEnv), {
    message: "callbackBaseUrl needs secretEnv, of which the callback's token is made",
  });
export type ExecutorSettings = z.infer<typeof executorSettings>;
export type HttpSettings = z.infer<typeof httpSettings>;
export type CommandSettings = z.infer<typeof commandSettings>;
export type TemporalSettings = z.infer<typeof temporalSettings>;

const executorsFile = z
  .strictObject({ executors: z.array(executorSettings).max(100) })
  .superRefine(({ executors }, context) => {
    const seen = new Set(["built-in", ...builtInSystems]);
    for (const { name, systems } of executors) {
      for (const taken of [name, ...systems.filter((system) => system !== name)]) {
        if (seen.has(taken))
          context.addIssue({ code: "custom", message: `"${taken}" is named twice or is built in` });
        seen.add(taken);
      }
    }
  });

/** Reads the operator's text; throws AppError("invalid") that names every fault and the place it stands at. */
export function parseExecutors(text: string): ExecutorSettings[] {
  let data: unknown;
  try {
    data = parse(text, { maxAliasCount: 0 });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("invalid", `The executors file is neither YAML nor JSON: ${reason}`, {
      cause,
    });
  }
  const parsed = executorsFile.safeParse(data);
  if (parsed.success) return parsed.data.executors;
  throw new AppError(
    "invalid",
    `The executors file is not as expected (docs/executors.md):\n${z.prettifyError(parsed.error)}`,
  );
}

/** The executors of the operator's file; none where there is no file. A relative `cwd` counts from the file. */
export async function readExecutors(file: string | undefined): Promise<ExecutorSettings[]> {
  if (file === undefined) return [];
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new AppError("invalid", `GENEPOOL_EXECUTORS_FILE cannot be read: ${file}`, { cause });
  }
  const base = path.dirname(path.resolve(file));
  return parseExecutors(text).map((entry) =>
    entry.kind === "command" ? { ...entry, cwd: path.resolve(base, entry.cwd ?? ".") } : entry,
  );
}
