import { z } from "zod";
import { releaseReason, statedReason } from "#lib/domain/plain-text.ts";
import { agentTypeName, promptParameters, promptStatus } from "#lib/domain/prompt.ts";
import { instant, pageOf } from "./common.ts";

/** A prompt; these names are kept for clients. */
export const publicPrompt = z
  .object({
    id: z.uuid(),
    agent_type: z.string(),
    version: z.string(),
    content: z.string(),
    messages: z.array(
      z.object({ role: z.enum(["system", "user", "assistant"]), content: z.string() }),
    ),
    parent_id: z.uuid().nullable(),
    parent_ids: z.array(z.uuid()),
    created_at: instant,
    created_by: z.string(),
    message: z.string(),
    tags: z.array(z.string()),
    unproven: z.boolean().meta({
      description: "True while it holds prod and came there by a release without proof.",
    }),
    fitness_score: z.number().nullable(),
    fitness_simulated: z.boolean(),
    status: promptStatus,
    parameters: promptParameters,
    tools: z.array(z.string()),
    content_hash: z.string(),
  })
  .meta({ id: "Prompt" });
export type PublicPrompt = z.infer<typeof publicPrompt>;

/** A saved version, or the one that holds the same content. */
export const savedPrompt = z.object({ prompt: publicPrompt, created: z.boolean() });

export const promptPage = pageOf(publicPrompt);

/** Enough to name a prompt and link to it. */
export const promptRef = z.object({ id: z.uuid(), version: z.string() }).meta({ id: "PromptRef" });
export type PromptRef = z.infer<typeof promptRef>;

const diffPart = z.object({ kind: z.enum(["same", "added", "removed"]), text: z.string() });
export type DiffPart = z.infer<typeof diffPart>;

export const promptDiff = z
  .object({
    lines: z.array(diffPart),
    words: z.array(diffPart),
    parameters: z.array(z.object({ name: z.string(), before: z.unknown(), after: z.unknown() })),
    toolsAdded: z.array(z.string()),
    toolsRemoved: z.array(z.string()),
  })
  .meta({ id: "PromptDiff" });
export type PromptDiff = z.infer<typeof promptDiff>;

export const promptComparison = z.object({
  before: promptRef.extend({ agent_type: z.string() }),
  after: promptRef.extend({ agent_type: z.string() }),
  diff: promptDiff,
});

const refusal = z.object({
  reason: z.string(),
  construct: z.string(),
  line: z.int(),
  column: z.int(),
});

/** The body of a rendering: the variables as JSON. */
export const renderInput = z.strictObject({
  variables: z.record(z.string().max(200), z.unknown()).default({}),
});

export const renderedPrompt = z.object({
  /** The messages as one text, under their role markers where there are several; null when it was refused. */
  text: z.string().nullable(),
  /** Null when it was refused. */
  messages: z
    .array(z.object({ role: z.enum(["system", "user", "assistant"]), content: z.string() }))
    .nullable(),
  refusal: refusal.nullable(),
});

export const templateCheckInput = z.strictObject({
  content: z.string().max(2_000_000),
  /** Its required variables are checked too. */
  agentType: agentTypeName.optional(),
});

export const templateVerdict = z.object({
  ok: z.boolean(),
  refusals: z.array(refusal),
  /** What the template reads; empty when it does not parse. */
  variables: z.array(z.string()),
});

export type TemplateVerdictShape = z.infer<typeof templateVerdict>;

const transition = z.object({
  from: promptStatus.nullable(),
  to: promptStatus,
  actor: z.string(),
  reason: z.string(),
  at: instant,
  /** A release without proof. */
  unproven: z.boolean(),
});
export const transitionPage = pageOf(transition);

/** The body of a transition that a person or program may ask for. */
export const transitionInput = z.strictObject({
  to: z.enum(["experimental", "archived"]),
  reason: statedReason,
});

/** The body of a release without proof: a decision names the generation of prod that it was taken on. */
export const releaseInput = z.strictObject({
  reason: releaseReason,
  prodGeneration: z.int().min(0),
});
