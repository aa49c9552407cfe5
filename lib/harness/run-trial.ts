import type { TrialResult } from "../domain/trial.ts";
import type { GraderCommands } from "../graders/commands.ts";
import type { ResolvedModel } from "../llm/models.ts";
import { runSingleAgent } from "./single-agent.ts";
import type { TrialRequest } from "./trial-request.ts";
import { runWorkbench } from "./workbench-system.ts";

export interface TrialControls {
  /** Calls the trial off. */
  signal?: AbortSignal;
  /** Ends its pauses between attempts at a call: what was refused stays so, and what is under way goes on. */
  hurry?: AbortSignal;
  /** The operator's own grading programs. */
  commands?: GraderCommands;
}

const never = new AbortController().signal;

/**
 * Runs a whole agent system once on one benchmark. What a template, a model or a tool does wrong is a failed result
 * with its real cost; only our own faults throw. When the caller's own signal ends it, it throws that signal's reason:
 * a run that was called off says nothing about its prompts.
 */
export async function runTrial(
  request: TrialRequest,
  modelOf: (id: string) => ResolvedModel,
  { signal, hurry = never, commands }: TrialControls = {},
): Promise<TrialResult> {
  const timeout = AbortSignal.timeout(request.timeoutMs);
  const ends = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  const result =
    request.system === "workbench"
      ? await runWorkbench(request, modelOf, { ends, hurry })
      : await runSingleAgent(request, modelOf, { ends, hurry, ...(commands && { commands }) });
  signal?.throwIfAborted();
  return result;
}
