import { promptParameters } from "#lib/domain/prompt.ts";
import type { ExecutorTask } from "../executor.ts";

/** A trial of one agent on one line of a suite of labels. */
export function taskOf(): ExecutorTask {
  return {
    trialId: "trial-1",
    agentType: "reader",
    request: {
      system: "s",
      benchmark: {
        id: "00000000-0000-4000-8000-000000000001",
        contentHash: "h",
        externalId: "r1",
        input: "Great.",
        expected: "positive",
        labels: ["positive", "negative"],
        grader: { kind: "label" },
      },
      prompts: {
        reader: {
          promptId: "00000000-0000-4000-8000-000000000002",
          version: "1.0.0",
          content: "system:\nOne label.\n\nuser:\n{{ input }}\n",
          parameters: promptParameters.parse({}),
          tools: [],
          model: "openai:gpt-4.1-nano",
        },
      },
      runSeed: 7,
      repeat: 0,
      timeoutMs: 60_000,
      costLimitUsd: 0.5,
    },
  };
}
