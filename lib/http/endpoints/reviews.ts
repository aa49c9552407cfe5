import { z } from "zod";
import { endpoint } from "../endpoint.ts";
import { promptParams, reviewListQuery } from "../requests.ts";
import { publicPrompt, releaseInput } from "../shapes/prompt.ts";
import { decisionInput, reviewPacket, reviewQueue } from "../shapes/review.ts";

const group = "Reviews";
const reads = { role: "viewer", scope: "prompts:read" } as const;
const decides = { role: "admin", scope: "prompts:promote" } as const;

export const listReviews = endpoint({
  id: "listReviews",
  method: "GET",
  path: "/reviews",
  group,
  summary: "Candidates that wait for a decision, those that wait longest first",
  access: reads,
  query: reviewListQuery,
  answers: { 200: { description: "One page.", schema: reviewQueue } },
  refusals: ["not-found"],
});

export const getReview = endpoint({
  id: "getReview",
  method: "GET",
  path: "/reviews/{promptId}",
  group,
  summary: "A candidate with all of its evidence",
  access: reads,
  params: promptParams,
  answers: { 200: { description: "The packet.", schema: reviewPacket } },
  refusals: ["not-found"],
});

const intoProduction = z.object({
  prompt: publicPrompt,
  tag: z.object({ name: z.string(), generation: z.int() }),
  archived_prompt_id: z.uuid().nullable(),
});

export const approvePrompt = endpoint({
  id: "approvePrompt",
  method: "POST",
  path: "/prompts/{promptId}/approve",
  group,
  summary: "Approve a candidate: prod moves to it by compare-and-swap",
  description:
    "The decision names the evidence and the generation of prod it was taken on; if either is no longer so, it is a conflict and nothing changes.",
  access: decides,
  params: promptParams,
  body: decisionInput,
  idempotent: true,
  answers: {
    200: {
      description: "Approved.",
      schema: intoProduction,
    },
  },
  refusals: ["not-found", "conflict"],
});

export const rejectPrompt = endpoint({
  id: "rejectPrompt",
  method: "POST",
  path: "/prompts/{promptId}/reject",
  group,
  summary: "Reject a candidate with a reason",
  access: decides,
  params: promptParams,
  body: decisionInput,
  idempotent: true,
  answers: { 200: { description: "Rejected.", schema: z.object({ prompt: publicPrompt }) } },
  refusals: ["not-found", "conflict"],
});

export const releasePrompt = endpoint({
  id: "releasePrompt",
  method: "POST",
  path: "/prompts/{promptId}/release",
  group,
  summary: "Put a prompt into production that no proof stands behind",
  description:
    "For a draft, an experimental prompt, or a candidate whose evidence no longer applies; refused while the setting `releaseWithoutProof` is off, which is the default. The version is marked `unproven` until another one holds prod. Keys need the scope `admin`: `prompts:promote` is not enough.",
  access: { role: "admin", scope: "admin" },
  params: promptParams,
  body: releaseInput,
  idempotent: true,
  answers: { 200: { description: "Released.", schema: intoProduction } },
  refusals: ["not-found", "conflict"],
});
