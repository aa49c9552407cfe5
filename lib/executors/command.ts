/**
 * The executor `command`: the operator's program with the trial as JSON on standard input and one JSON document on
 * standard output. Its time, memory and output are bounded, and its whole process group ends with it.
 */
import type { PriceTable } from "../llm/prices.ts";
import { type CommandOutput, runCommand } from "../programs/run-command.ts";
import { bodyMaxBytes } from "./exchange.ts";
import type { Executor, Reply } from "./executor.ts";
import { executorFault, foreignExecutor, type GradingParts } from "./foreign-trial.ts";
import type { CommandSettings } from "./settings.ts";

export interface CommandDependencies {
  prices: PriceTable;
  grading?: GradingParts;
  /** Where the variables that the operator's file names come from. */
  variable: (name: string) => string | undefined;
}

export function createCommandExecutor(
  settings: CommandSettings,
  { variable, ...shared }: CommandDependencies,
): Executor {
  const { argv, cwd, timeoutSeconds, memoryMaxMb = null } = settings;
  return foreignExecutor(settings, {
    ...shared,
    check: () => [],
    call: async (request, ends) => {
      const passed = ["PATH", ...settings.env].flatMap((name) => {
        const value = variable(name);
        return value === undefined ? [] : [[name, value] as const];
      });
      const command = {
        argv,
        cwd,
        env: Object.fromEntries(passed),
        timeLimitMs: Math.ceil(timeoutSeconds * 1_000),
        memoryLimitMb: memoryMaxMb,
        outputBytesMax: bodyMaxBytes,
      };
      return replyOf(await runCommand(command, `${JSON.stringify(request)}\n`, ends));
    },
  });
}

function replyOf(output: CommandOutput): Reply {
  if (!output.ok) {
    const message = `The command gave no answer: ${output.reason}.`;
    return executorFault(causes[output.why], message, output.why !== "start");
  }
  if (output.stdout.trim() === "")
    return executorFault("empty answer", "The command wrote nothing to standard output.", true);
  return { ok: true, text: output.stdout };
}

const causes = {
  start: "not started",
  time: "no answer in time",
  output: "answer refused",
  exit: "ended without an answer",
  stopped: "called off",
} as const;
