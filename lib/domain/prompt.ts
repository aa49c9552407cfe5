import { z } from "zod";

/** The genes beside the text: versioned with the content, part of the content hash. */
export const promptParameters = z.strictObject({
  /** Model id of the model registry (`provider:model`); absent means the agent type's default. */
  model: z.string().min(1).max(200).optional(),
  temperature: z.number().min(0).max(2).default(0.7),
  topP: z.number().gt(0).max(1).default(1),
  /** Upper bound of model calls in one tool loop. */
  maxSteps: z.int().min(1).max(64).default(12),
  maxOutputTokens: z.int().min(16).max(32_768).default(1_024),
});
export type PromptParameters = z.infer<typeof promptParameters>;

export const agentTypeName = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,62}$/,
    "use lower-case letters, digits and dashes, at most 63, a letter first",
  );

export const promptContentMaxBytes = 65_536;

/** What a prompt says and how it is run: everything the content hash covers. */
export const promptGenome = z.strictObject({
  content: z
    .string()
    .min(1)
    .refine((text) => new TextEncoder().encode(text).length <= promptContentMaxBytes, {
      message: "a prompt holds at most 64 KiB",
    })
    .refine((text) => !text.includes("\u0000"), { message: "a prompt cannot hold NUL characters" }),
  parameters: promptParameters,
  /** Names of the tools the agent may call, sorted and unique. */
  tools: z.array(z.string().min(1).max(100)).max(64),
});
export type PromptGenome = z.infer<typeof promptGenome>;

export const promptStatuses = [
  "draft",
  "experimental",
  "candidate",
  "production",
  "archived",
] as const;
export const promptStatus = z.enum(promptStatuses);
export type PromptStatus = z.infer<typeof promptStatus>;

/** The operators that can make a child; `seed` and `person` mark prompts without or outside the search. */
export const promptOperators = [
  "seed",
  "person",
  "reflect",
  "variation",
  "add-instruction",
  "remove-instruction",
  "rephrase-instruction",
  "few-shot",
  "few-shot-set",
  "few-shot-balance",
  "few-shot-drop",
  "few-shot-reorder",
  "crossover",
  "shorten",
  "hyperparameter",
  "tool-mask",
  "tool-description",
  "fresh-start",
] as const;
export const promptOperator = z.enum(promptOperators);
export type PromptOperator = z.infer<typeof promptOperator>;

export interface Prompt extends PromptGenome {
  id: string;
  agentType: string;
  version: string;
  contentHash: string;
  status: PromptStatus;
  createdBy: string;
  createdAt: Date;
  message: string;
}

/** One parent edge of a prompt, with the operator that made the child and the experiment that judged it. */
export interface PromptParentEdge {
  childId: string;
  parentId: string;
  position: number;
  operator: PromptOperator;
  operatorArguments: Record<string, unknown>;
  optimizationId: string | null;
  experimentId: string | null;
  generation: number | null;
}
