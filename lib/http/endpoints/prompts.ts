import { z } from "zod";
import { endpoint } from "../endpoint.ts";
import { diffQuery, newPromptBody, promptListQuery, promptParams } from "../requests.ts";
import { promptComparison, promptPage, publicPrompt } from "../shapes/prompt.ts";

const group = "Prompts";
const reads = { role: "viewer", scope: "prompts:read" } as const;

const saved = z.object({ prompt: publicPrompt, created: z.boolean() });

export const listPrompts = endpoint({
  id: "listPrompts",
  method: "GET",
  path: "/prompts",
  group,
  summary: "Prompts, newest first",
  access: reads,
  query: promptListQuery,
  answers: { 200: { description: "One page.", schema: promptPage } },
  refusals: ["not-found"],
});

export const createPrompt = endpoint({
  id: "createPrompt",
  method: "POST",
  path: "/prompts",
  group,
  summary: "Save a new version of an agent's prompt",
  description:
    "The template is checked first; a refusal names line, column, the construct and what to write instead. Saving equal content again answers with the version that exists.",
  access: { role: "engineer", scope: "prompts:write" },
  body: newPromptBody,
  idempotent: true,
  agentTypes: ({ agentType }) => [agentType],
  answers: {
    200: { description: "The same content was saved before.", schema: saved },
    201: { description: "Saved as a draft.", schema: saved },
  },
  refusals: ["not-found", "conflict"],
});

export const getPrompt = endpoint({
  id: "getPrompt",
  method: "GET",
  path: "/prompts/{promptId}",
  group,
  summary: "One version of a prompt",
  access: reads,
  params: promptParams,
  answers: { 200: { description: "The prompt.", schema: publicPrompt } },
  refusals: ["not-found"],
});

export const diffPrompt = endpoint({
  id: "diffPrompt",
  method: "GET",
  path: "/prompts/{promptId}/diff",
  group,
  summary: "What changed from the prompt `against` to this one",
  access: reads,
  params: promptParams,
  query: diffQuery,
  answers: { 200: { description: "Text, parameters and tools.", schema: promptComparison } },
  refusals: ["not-found"],
});
