/** The operator's own grading programs: suites name them, the file of GENEPOOL_GRADER_COMMANDS_FILE defines them. */
import { readFile } from "node:fs/promises";
import pLimit from "p-limit";
import { z } from "zod";
import type { SingleGrader } from "../domain/grader.ts";
import { AppError } from "../errors.ts";
import type { JudgedAnswer } from "./judge.ts";
import { type Judgement, scored, ungraded, wrong } from "./judgement.ts";
import { type CommandOutput, runCommand } from "./run-command.ts";

type CommandGrader = Extract<SingleGrader, { kind: "command" }>;

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

const commandsFile = z.strictObject({ commands: z.array(commandEntry).max(100) });

/** Commands by `name@version`. */
export interface GraderCommands {
  has(command: string): boolean;
  /** Their names with versions, for messages. */
  readonly names: readonly string[];
  run(command: string, input: string, signal?: AbortSignal): Promise<CommandOutput>;
}

export const noGraderCommands: GraderCommands = graderCommandsOf([], () => undefined);

type Variables = (name: string) => string | undefined;

/** The operator's programs, none without a file. Throws AppError("invalid") when the file cannot be used. */
export async function loadGraderCommands(
  file: string | undefined,
  variable: Variables,
): Promise<GraderCommands> {
  if (file === undefined) return noGraderCommands;
  try {
    return parseGraderCommands(await readFile(file, "utf8"), variable);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError("invalid", `GENEPOOL_GRADER_COMMANDS_FILE cannot be read: ${file}`, {
      cause,
    });
  }
}

/**
 * Reads the operator's list. `variable` is where the variables that an entry names come from. Throws
 * AppError("invalid") that says what is wrong with the file.
 */
export function parseGraderCommands(text: string, variable: Variables): GraderCommands {
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
  const names = parsed.data.commands.map(({ name, version }) => `${name}@${version}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new AppError("invalid", `GENEPOOL_GRADER_COMMANDS_FILE defines ${twice} twice.`);
  return graderCommandsOf(parsed.data.commands, variable);
}

function graderCommandsOf(
  entries: readonly z.infer<typeof commandEntry>[],
  variable: Variables,
): GraderCommands {
  const byName = new Map(
    entries.map((entry) => [
      `${entry.name}@${entry.version}`,
      { entry, limit: pLimit(entry.concurrency) },
    ]),
  );
  return {
    has: (command) => byName.has(command),
    names: [...byName.keys()],
    run: async (command, input, signal) => {
      const found = byName.get(command);
      if (found === undefined)
        return { ok: false, why: "start", reason: "this installation has no such command" };
      const { entry, limit } = found;
      const given = ["PATH", ...entry.env].flatMap((name) => {
        const value = variable(name);
        return value === undefined ? [] : [[name, value] as const];
      });
      const bounded = {
        argv: entry.argv,
        cwd: entry.cwd,
        env: Object.fromEntries(given),
        timeLimitMs: entry.timeoutSeconds * 1_000,
        memoryLimitMb: entry.memoryMb,
        outputBytesMax: entry.outputBytesMax,
      };
      return limit(() => runCommand(bounded, input, signal));
    },
  };
}

const reply = z.object({
  score: z.number("a score from 0 to 1 is missing").min(0).max(1),
  reason: z.string().max(4_000).optional(),
});

/** Asks the program; an answer that is none is a failed grading with its reason. */
export async function gradeByCommand(
  grader: CommandGrader,
  judged: JudgedAnswer,
  commands: GraderCommands,
  signal?: AbortSignal,
): Promise<Judgement> {
  const { task, expected, labels, answer } = judged;
  const input = JSON.stringify({ contract: 1, input: task, expected, labels, answer });
  const output = await commands.run(grader.command, input, signal);
  if (!output.ok)
    return ungraded(`command ${output.why}`, `The command ${grader.command}: ${output.reason}.`);
  let value: unknown;
  try {
    value = JSON.parse(output.stdout);
  } catch {
    return ungraded(
      "command not-json",
      `The command ${grader.command} wrote no JSON: "${output.stdout.slice(0, 200)}"`,
    );
  }
  const parsed = reply.safeParse(value);
  if (!parsed.success)
    return ungraded(
      "command bad-answer",
      `The command ${grader.command} answered badly: ${z.prettifyError(parsed.error).replaceAll("\n", " ")}`,
    );
  const { score, reason } = parsed.data;
  const judgement = scored(score, grader.threshold, () =>
    wrong(`command ${grader.command}`, reason ?? `The command gave ${score}.`),
  );
  return reason === undefined ? judgement : { ...judgement, remark: reason };
}
