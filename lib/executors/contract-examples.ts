/** One of each thing that the contract's two sides say, published with its schemas. */
import type { z } from "zod";
import {
  type acceptedAnswer,
  contractVersion,
  type ExecutorRequest,
  type executorAnswer,
} from "./contract.ts";

export const requestExamples: ExecutorRequest[] = [
  {
    contract: contractVersion,
    trial_id: "3f8f6a0d2c1b4e7f9a5d3c2b1a0f9e8d",
    agent_type: "reviewer",
    system: "reviews",
    benchmark: {
      id: "5b1c2f7e-6a43-4c0e-9f0f-8d1f5f0f3c11",
      external_id: "review-17",
      input: "The plot is thin, the acting is not.",
      labels: ["negative", "positive"],
      metadata: { source: "reviews/2026.csv", row: 17 },
    },
    prompts: {
      reviewer: {
        id: "0c7a5f7e-2d0b-4a39-8c58-4c1f3c5f7d42",
        version: "1.4.0",
        model: "openai:gpt-4.1-nano",
        content: "system:\nAnswer with one label.\n\nuser:\n{{ input }}\n",
        messages: [
          { role: "system", content: "Answer with one label." },
          { role: "user", content: "The plot is thin, the acting is not." },
        ],
        parameters: { temperature: 0, top_p: 1, max_steps: 1, max_output_tokens: 64 },
        tools: [],
      },
    },
    repeat: 0,
    seed: 7,
    deadline: "2026-01-31T12:02:00.000Z",
    cost_limit_usd: 0.5,
  },
];

export const answerExamples: z.infer<typeof executorAnswer>[] = [
  {
    contract: contractVersion,
    output: "positive",
    tokens: { input: 81, output: 2 },
    trace: [{ agent_type: "reviewer", kind: "message", text: "positive" }],
  },
  {
    contract: contractVersion,
    outcome: "failure",
    score: 0.4,
    scores: { tests: 0.4 },
    error: "3 of 5 tests fail",
    cost_usd: 0.03,
    latency_ms: 5_200,
  },
];

export const acceptedExamples: z.infer<typeof acceptedAnswer>[] = [
  { status_url: "/trials/17", retry_after: 30 },
  {},
];
