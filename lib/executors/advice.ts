import type { TrialResult } from "#lib/domain/trial.ts";

export interface Advice {
  /** The answer could be read, priced and graded; it may still be a wrong one. */
  isUsable: boolean;
  /** What to do, a sentence each. */
  explanation: string[];
}

/** By the beginning of a failure's cause, as the readers of answers name it. */
const remedies: readonly (readonly [cause: string, remedy: string])[] = [
  [
    "not reached",
    "Is the agent running, and is the url in the executors file the one it listens at?",
  ],
  [
    "not started",
    "Check argv and cwd in the executors file: the program must exist and be executable.",
  ],
  [
    "status 4",
    "The agent refused the request: look into its log, and at secretEnv and headersEnv.",
  ],
  ["status 3", "Put the address that it redirects to into the executors file."],
  ["status 5", "The agent failed on this request: its own log says why."],
  ["no worker", "Start the agent's worker, or mend taskQueue in the executors file."],
  ["activity failed", "The agent's worker failed on this request: its own log says why."],
  ["exit ", "The command failed: what it wrote to standard error is above."],
  ["signal ", "The command was killed: by its memory limit, its time limit or somebody."],
  [
    "empty answer",
    'Answer one JSON object, for example {"contract": 1, "output": "positive", "cost_usd": 0}.',
  ],
  [
    "not JSON",
    "Answer JSON and nothing else: logs belong to standard error, HTML pages to other paths.",
  ],
  [
    "not a number",
    "Write null, or leave the field out, where there is no number (Python: math.isfinite).",
  ],
  [
    "not an object",
    'Answer one JSON object, for example {"contract": 1, "output": "positive", "cost_usd": 0}.',
  ],
  ["wrong contract", 'Add "contract": 1 to the answer.'],
  ["missing score", 'Answer "output" to have it graded, or "outcome" with "score" from 0 to 1.'],
  ["not as the contract", "Compare the answer with docs/executors/answer.schema.json."],
  [
    "no cost",
    'Answer "cost_usd", or set free: true in the executors file where trials cost nothing.',
  ],
  ["answer refused", "Keep answers below 10 MB, uncompressed."],
  ["202 without", 'Answer 202 with {"status_url": "…", "retry_after": 5}, or set callbackBaseUrl.'],
];

/** What came of a tried trial, and what to do about it. */
export function adviceFor({ failure }: Pick<TrialResult, "failure">): Advice {
  if (failure === null) return { isUsable: true, explanation: [] };
  const { errorClass, signature } = failure;
  if (errorClass === "timeout")
    return {
      isUsable: false,
      explanation: [
        "Raise timeoutSeconds in the executors file; over HTTP, long runs may answer 202 instead.",
      ],
    };
  if (errorClass === "over-budget")
    return { isUsable: false, explanation: ["Raise --trial-cap-usd, or make a trial cheaper."] };
  if (errorClass === "grader-error")
    return {
      isUsable: false,
      explanation: [
        "The executor works, but its answer could not be judged: mend the benchmark's grader, or its model or program.",
      ],
    };
  if (errorClass !== "executor-error") {
    const explanation = [
      "The executor works: this is the answer's own fault, which a run would learn from.",
    ];
    return { isUsable: errorClass !== "model-error", explanation };
  }
  const cause = signature.slice("executor-error/".length);
  const remedy = remedies.find(([beginning]) => cause.startsWith(beginning))?.[1];
  return { isUsable: false, explanation: remedy === undefined ? [] : [remedy] };
}
