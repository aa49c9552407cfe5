/** The operator's list of grading programs: suites name them, the file of GENEPOOL_GRADER_COMMANDS_FILE defines them. */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { AppError } from "../errors.ts";

const commandEntry = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
  /** Raised by the operator when its results may change. */
  version: z.string().regex(/^[A-Za-z0-9._-]{1,40}$/),
  argv: z
    .array(z.string().regex(/^[^\0]*$/, "no NUL"))
    .min(1)
    .max(100),
  cwd: z.string().optional(),
  /** Names of variables that it is given from this process, beside PATH. */
  env: z.array(z.string()).max(50).default([]),
  timeoutSeconds: z.number().positive().max(600).default(30),
  memoryMb: z.int().min(16).max(1_048_576).nullable().default(4_096),
  outputBytesMax: z.int().min(1_024).max(10_485_760).default(65_536),
  concurrency: z.int().min(1).max(64).default(4),
});
export type CommandEntry = z.infer<typeof commandEntry>;

const commandsFile = z.strictObject({ commands: z.array(commandEntry).max(100) });

/** Entries by `name@version`. */
export type CommandList = ReadonlyMap<string, CommandEntry>;

export const noCommands: CommandList = new Map();

/** The operator's list, empty without a file. Throws AppError("invalid") when the file cannot be used. */
export async function loadCommandList(file: string | undefined): Promise<CommandList> {
  if (file === undefined) return noCommands;
  try {
    return parseCommandList(await readFile(file, "utf8"));
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError("invalid", `GENEPOOL_GRADER_COMMANDS_FILE cannot be read: ${file}`, {
      cause,
    });
  }
}

/** Reads the list. Throws AppError("invalid") that says what is wrong with it. */
export function parseCommandList(text: string): CommandList {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AppError("invalid", "GENEPOOL_GRADER_COMMANDS_FILE is not JSON.", { cause });
  }
  const parsed = commandsFile.safeParse(value);
  if (!parsed.success)
    throw new AppError(
      "invalid",
      `GENEPOOL_GRADER_COMMANDS_FILE cannot be used:\n${z.prettifyError(parsed.error)}`,
    );
  const list = new Map<string, CommandEntry>();
  for (const entry of parsed.data.commands) {
    const key = `${entry.name}@${entry.version}`;
    if (list.has(key))
      throw new AppError("invalid", `GENEPOOL_GRADER_COMMANDS_FILE defines ${key} twice.`);
    list.set(key, entry);
  }
  return list;
}
