import { endpoint } from "../endpoint.ts";
import { agentParams, pageQuery, tagParams } from "../requests.ts";
import { rollBackInput, tagMoveInput, tagMovePage, tagPage, tagShape } from "../shapes/tag.ts";

const group = "Tags";
const reads = { role: "viewer", scope: "prompts:read" } as const;
const moves = { role: "admin", scope: "prompts:promote" } as const;

export const listTags = endpoint({
  id: "listTags",
  method: "GET",
  path: "/agents/{agentType}/tags",
  group,
  summary: "The tags of an agent type and their holders, by name",
  access: reads,
  params: agentParams,
  query: pageQuery,
  answers: { 200: { description: "One page.", schema: tagPage } },
  refusals: ["not-found"],
});

export const getTag = endpoint({
  id: "getTag",
  method: "GET",
  path: "/agents/{agentType}/tags/{tag}",
  group,
  summary: "One tag; its ETag is its generation",
  access: reads,
  params: tagParams,
  answers: { 200: { description: "The tag.", schema: tagShape } },
  refusals: ["not-found"],
});

export const moveTag = endpoint({
  id: "moveTag",
  method: "PUT",
  path: "/agents/{agentType}/tags/{tag}",
  group,
  summary: "Move a tag to another prompt by compare-and-swap",
  description:
    'If-Match names the generation that the move was decided on, `"0"` for a tag that does not exist yet. prod is moved by an approval, a roll-back or a release without proof alone.',
  access: moves,
  params: tagParams,
  body: tagMoveInput,
  ifMatch: true,
  answers: { 200: { description: "Moved.", schema: tagShape } },
  refusals: ["not-found", "conflict"],
});

export const rollBackTag = endpoint({
  id: "rollBackTag",
  method: "POST",
  path: "/agents/{agentType}/tags/{tag}/rollback",
  group,
  summary: "Bring an earlier holder back",
  description:
    "Without a prompt, the holder before the last move. Rolling prod back archives the present holder.",
  access: moves,
  params: tagParams,
  body: rollBackInput,
  ifMatch: true,
  answers: { 200: { description: "Rolled back.", schema: tagShape } },
  refusals: ["not-found", "conflict"],
});

export const listTagMoves = endpoint({
  id: "listTagMoves",
  method: "GET",
  path: "/agents/{agentType}/tags/{tag}/moves",
  group,
  summary: "Every move of a tag, newest first",
  access: reads,
  params: tagParams,
  query: pageQuery,
  answers: { 200: { description: "One page.", schema: tagMovePage } },
  refusals: ["not-found"],
});
