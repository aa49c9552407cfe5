/** What kept trials from being measured, and what it said of itself. */
import type { Failure } from "#lib/domain/trial.ts";
import { isGraderError } from "#lib/engine/grader-watch.ts";
import type { Evaluator } from "./ports.ts";

const agentAway = /^executor-error\/(?:not reached|no worker|status (?:429|502|503|504))$/;

/** Did the model's provider fail the trial, or was the agent behind an executor not there? */
export function isAway(failure: Failure | null): boolean {
  if (failure === null) return false;
  const { errorClass, signature } = failure;
  return errorClass === "model-error" || agentAway.test(signature);
}

type Fault = "provider-down" | "grader-down";

const sentenceMax = 300;

/** Hears every answer of an evaluator and keeps what providers and graders said when they failed. */
export class FaultLog {
  private readonly heard: Readonly<Record<Fault, Map<string, { count: number; said: string }>>> = {
    "provider-down": new Map(),
    "grader-down": new Map(),
  };

  /** The same evaluator, heard. */
  listen(evaluator: Evaluator): Evaluator {
    return {
      evaluate: async (orders, limits) => {
        const answers = await evaluator.evaluate(orders, limits);
        for (const answer of answers) if (answer.state === "done") this.note(answer.result.failure);
        return answers;
      },
    };
  }

  /** What the most frequent fault behind this end said first; null where no fault ended the run. */
  sentenceFor(stopped: string | null): string | null {
    if (stopped !== "provider-down" && stopped !== "grader-down") return null;
    const [most] = [...this.heard[stopped].values()].sort((a, b) => b.count - a.count);
    return most?.said ?? null;
  }

  private note(failure: Failure | null): void {
    const fault = isGraderError(failure) ? "grader-down" : isAway(failure) ? "provider-down" : null;
    if (failure === null || fault === null) return;
    const { signature, message } = failure;
    const known = this.heard[fault].get(signature) ?? { count: 0, said: oneSentence(message) };
    this.heard[fault].set(signature, { ...known, count: known.count + 1 });
  }
}

function oneSentence(message: string): string {
  const line = message.replace(/\s+/g, " ").trim();
  const cut = line.length <= sentenceMax ? line : `${line.slice(0, sentenceMax)}…`;
  return /[.!?…"]$/.test(cut) ? cut : `${cut}.`;
}
