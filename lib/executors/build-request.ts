import { renderPrompt } from "#lib/harness/render-prompt.ts";
import type { HarnessPrompt } from "#lib/harness/trial-request.ts";
import { contractVersion, type ExecutorRequest } from "./contract.ts";
import type { ExecutorTask } from "./executor.ts";

/** The trial in the words of the contract. */
export function buildRequest(
  { trialId, agentType, request }: ExecutorTask,
  { deadline, sendExpected }: { deadline: Date; sendExpected: boolean },
): ExecutorRequest {
  const { benchmark } = request;
  const variables = { input: benchmark.input, labels: benchmark.labels ?? [] };
  return {
    contract: contractVersion,
    trial_id: trialId,
    agent_type: agentType,
    system: request.system,
    benchmark: {
      id: benchmark.id,
      external_id: benchmark.externalId ?? null,
      input: benchmark.input,
      ...(sendExpected ? { expected: benchmark.expected } : {}),
      labels: benchmark.labels ?? [],
      metadata: benchmark.metadata ?? {},
    },
    prompts: Object.fromEntries(
      Object.entries(request.prompts).map(([name, prompt]) => [
        name,
        requestPromptOf(prompt, variables),
      ]),
    ),
    repeat: request.repeat,
    seed: request.runSeed,
    deadline: deadline.toISOString(),
    cost_limit_usd: request.costLimitUsd,
  };
}

function requestPromptOf(
  { promptId, version, model, content, parameters, tools }: HarnessPrompt,
  variables: { input: string; labels: string[] },
): ExecutorRequest["prompts"][string] {
  const rendered = renderPrompt(content, variables);
  return {
    id: promptId,
    version: version ?? null,
    model,
    content,
    messages: rendered.ok ? rendered.messages : null,
    parameters: {
      temperature: parameters.temperature,
      top_p: parameters.topP,
      max_steps: parameters.maxSteps,
      max_output_tokens: parameters.maxOutputTokens,
    },
    tools,
  };
}
