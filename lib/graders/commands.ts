/** Grading by programs of the operator's own list. */
import pLimit from "p-limit";
import { z } from "zod";
import type { SingleGrader } from "../domain/grader.ts";
import { type CommandOutput, runCommand } from "../programs/run-command.ts";
import type { CommandList } from "./command-list.ts";
import type { JudgedAnswer } from "./judge-request.ts";
import { type Judgement, scored, ungraded, wrong } from "./judgement.ts";

type CommandGrader = Extract<SingleGrader, { kind: "command" }>;

/** Runs commands by `name@version`. */
export interface GraderCommands {
  run(command: string, input: string, signal?: AbortSignal): Promise<CommandOutput>;
}

/** The programs of a list; `variable` is where the variables that an entry names come from. */
export function graderCommands(
  list: CommandList,
  variable: (name: string) => string | undefined,
): GraderCommands {
  const limits = new Map(
    [...list].map(([command, { concurrency }]) => [command, pLimit(concurrency)]),
  );
  return {
    run: async (command, input, signal) => {
      const entry = list.get(command);
      const limit = limits.get(command);
      if (entry === undefined || limit === undefined)
        return { ok: false, why: "start", reason: "this installation has no such command" };
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

export const noGraderCommands: GraderCommands = graderCommands(new Map(), () => undefined);

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
