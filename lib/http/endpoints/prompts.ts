import { endpoint } from "../endpoint.ts";
import { diffQuery, newPromptBody, pageQuery, promptListQuery, promptParams } from "../requests.ts";
import { agentLineage } from "../shapes/agent.ts";
import {
  promptComparison,
  promptPage,
  publicPrompt,
  renderedPrompt,
  renderInput,
  savedPrompt,
  templateCheckInput,
  templateVerdict,
  transitionInput,
  transitionPage,
} from "../shapes/prompt.ts";

const group = "Prompts";
const reads = { role: "viewer", scope: "prompts:read" } as const;

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
    200: { description: "The same content was saved before.", schema: savedPrompt },
    201: { description: "Saved as a draft.", schema: savedPrompt },
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

export const getPromptLineage = endpoint({
  id: "getPromptLineage",
  method: "GET",
  path: "/prompts/{promptId}/lineage",
  group,
  summary: "The ancestors and descendants of a prompt",
  access: reads,
  params: promptParams,
  answers: { 200: { description: "Nodes and edges.", schema: agentLineage } },
  refusals: ["not-found"],
});

export const renderPrompt = endpoint({
  id: "renderPrompt",
  method: "POST",
  path: "/prompts/{promptId}/render",
  group,
  summary: "Fill a prompt's variables in and see the messages that a model would get",
  description:
    "Changes nothing. A refusal is an answer too: a template that meets an undefined variable or a limit says where and why.",
  access: reads,
  params: promptParams,
  body: renderInput,
  answers: { 200: { description: "Rendered, or refused with the place.", schema: renderedPrompt } },
  refusals: ["not-found"],
});

export const listTransitions = endpoint({
  id: "listTransitions",
  method: "GET",
  path: "/prompts/{promptId}/transitions",
  group,
  summary: "A prompt's way through its lifecycle, newest first",
  access: reads,
  params: promptParams,
  query: pageQuery,
  answers: { 200: { description: "One page.", schema: transitionPage } },
  refusals: ["not-found"],
});

export const transitionPrompt = endpoint({
  id: "transitionPrompt",
  method: "POST",
  path: "/prompts/{promptId}/transitions",
  group,
  summary: "Release a draft for experiments, or archive a prompt",
  description:
    'If-Match names the status it is in, for example `"draft"`. Candidates are made by a confirmed experiment and wait for a review, production is made by an approval, a roll-back or a release without proof; none of them can be asked for or ended here.',
  access: { role: "engineer", scope: "prompts:write" },
  params: promptParams,
  body: transitionInput,
  ifMatch: true,
  answers: { 200: { description: "Moved.", schema: publicPrompt } },
  refusals: ["not-found", "conflict"],
});

export const checkTemplate = endpoint({
  id: "checkTemplate",
  method: "POST",
  path: "/templates/check",
  group,
  summary: "Check a template as a save would",
  description:
    "Changes nothing. Every refusal names line, column, the construct and what to write instead.",
  access: { role: "viewer", scope: "prompts:read" },
  body: templateCheckInput,
  agentTypes: ({ agentType }) => (agentType === undefined ? [] : [agentType]),
  answers: { 200: { description: "The verdict.", schema: templateVerdict } },
  refusals: ["not-found"],
});
