import type { Failure, ProviderFault } from "../domain/trial.ts";

/** An answer with what is known of its task: all that a grader sees, unless it is a judge. */
export interface GradedAnswer {
  answer: string;
  /** Empty where the benchmark has none. */
  expected: string;
  labels: readonly string[] | null;
}

/** What one grader found. A failure is there exactly when the grader's own threshold was not reached. */
export interface Judgement {
  /** 0..1; 1 is right. */
  score: number;
  failure: Failure | null;
  /** What is worth saying of an answer that passed. */
  remark?: string;
  /** What judging cost. */
  costUsd?: number;
  /** A provider, and not the answer, is to blame. */
  fault?: ProviderFault;
}

const expectedMark = "expected ";

/** The right answer that a failed run did not give; null where the failure is another. */
export function missedAnswer({ signature }: Pick<Failure, "signature">): string | null {
  const head = `wrong-answer/${expectedMark}`;
  return signature.startsWith(head) ? signature.slice(head.length) : null;
}

/** Right or wrong, and nothing between. */
export function verdict(right: boolean, answer: string, expected: string): Judgement {
  return right
    ? { score: 1, failure: null }
    : wrong(
        `${expectedMark}${expected}`,
        `Answered "${answer.slice(0, 200)}" instead of "${expected}".`,
      );
}

/** Right when its score reaches a threshold. */
export function scored(score: number, threshold: number, why: () => Judgement): Judgement {
  return reaches(score, threshold) ? { score, failure: null } : { ...why(), score };
}

/** Sums of fractions fall short of round thresholds by rounding alone. */
export function reaches(score: number, threshold: number): boolean {
  return score >= threshold - 1e-9;
}

export function wrong(detail: string, message: string): Judgement {
  return {
    score: 0,
    failure: {
      errorClass: "wrong-answer",
      signature: `wrong-answer/${detail}`.slice(0, 200),
      message: message.slice(0, 4_000),
    },
  };
}

/** A grader that could not do its work; the trial fails with this reason instead of waiting or passing. */
export function ungraded(detail: string, message: string): Judgement {
  return {
    score: 0,
    failure: {
      errorClass: "grader-error",
      signature: `grader-error/${detail}`.slice(0, 200),
      message: message.slice(0, 4_000),
    },
  };
}
