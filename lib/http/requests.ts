import { z } from "zod";
import { auditFilter } from "#lib/audit/list-audit.ts";
import { agentTypeInput } from "#lib/db/agent-types.ts";
import { promptFilter } from "#lib/db/prompts.ts";
import { suiteLine } from "#lib/domain/benchmark.ts";
import { experimentKinds, experimentStatuses } from "#lib/domain/experiment.ts";
import { defaultCostLimitUsd } from "#lib/domain/judge.ts";
import { plainText } from "#lib/domain/plain-text.ts";
import { agentTypeName, promptGenome } from "#lib/domain/prompt.ts";
import { tagName } from "#lib/domain/tag.ts";
import { arm, outcome } from "#lib/domain/trial.ts";
import { journalBatch } from "#lib/journal/run-input.ts";
import { runFilter } from "#lib/journal/runs.ts";
import { labelLine } from "#lib/judges/label-line.ts";
import { suiteName } from "#lib/suites/import-suite.ts";
import { userName } from "#lib/users/users.ts";
import { deliveryStatus } from "#lib/webhooks/deliveries.ts";
import { seriesRanges } from "./shapes/agent.ts";

/** What addresses, queries and bodies of /api/v1 may hold. */
const limit = z.coerce.number().int().min(1).max(500).default(50);
const paging = { limit, cursor: z.string().max(500).optional() };

export const agentParams = z.object({ agentType: agentTypeName });
export const tagParams = agentParams.extend({ tag: tagName });
export const promptParams = z.object({ promptId: z.uuid() });
export const optimizationParams = z.object({ optimizationId: z.uuid() });
export const reportQuery = z.strictObject({ format: z.enum(["json", "html"]).optional() });
export const experimentParams = z.object({ experimentId: z.uuid() });
export const suiteParams = z.object({ suite: suiteName });
export const trialParams = z.object({ evaluationKey: z.string().regex(/^[0-9a-f]{64}$/) });
export const runParams = z.object({ runId: z.string().min(1).max(200) });

export const userParams = z.object({ name: userName });
export const keyParams = z.object({ prefix: z.string().regex(/^[a-z0-9]{12}$/) });

export const webhookParams = z.object({ webhookId: z.uuid() });
export const deliveryParams = webhookParams.extend({ deliveryId: z.uuid() });

export const seriesQuery = z.strictObject({ range: z.enum(seriesRanges).default("7d") });
export const pageQuery = z.strictObject(paging);
export const reviewListQuery = pageQuery.extend({ agentType: agentTypeName.optional() });
export const diffQuery = z.strictObject({ against: z.uuid() });
export const promptListQuery = promptFilter.extend(paging);
export const runListQuery = runFilter.extend(paging);
export const benchmarkListQuery = z.strictObject({ ...paging, suite: z.string().optional() });
export const experimentListQuery = z.strictObject({
  limit,
  cursor: z.uuid().optional(),
  agentType: agentTypeName.optional(),
  kind: z.enum(experimentKinds).optional(),
  status: z.enum(experimentStatuses).optional(),
  optimizationId: z.uuid().optional(),
  promptId: z.uuid().optional(),
});
export const trialListQuery = z.strictObject({
  ...paging,
  arm: arm.optional(),
  outcome: outcome.optional(),
  benchmarkId: z.uuid().optional(),
});
const suiteLinesMax = 5_000;
export const suiteImportQuery = z.strictObject({ check: z.enum(["true", "false"]).optional() });
export const suiteImportBody = z
  .strictObject({
    benchmarks: z.array(suiteLine).min(1).max(2_000).optional(),
    /** The lines of a suite's file, as the command line takes them. */
    jsonl: z
      .string()
      .min(1)
      .refine(
        (text) => text.split("\n").length <= suiteLinesMax,
        `at most ${suiteLinesMax} lines at once: send a longer file in parts, or import it by the command line`,
      )
      .optional(),
  })
  .refine(
    ({ benchmarks, jsonl }) => (benchmarks === undefined) !== (jsonl === undefined),
    "give either benchmarks or jsonl",
  );
export const labelImportBody = z
  .strictObject({
    labels: z.array(labelLine).min(1).max(2_000).optional(),
    /** One label a line, as the command line takes them. */
    jsonl: z
      .string()
      .min(1)
      .refine(
        (text) => text.split("\n").length <= suiteLinesMax,
        `at most ${suiteLinesMax} lines at once`,
      )
      .optional(),
  })
  .refine(
    ({ labels, jsonl }) => (labels === undefined) !== (jsonl === undefined),
    "give either labels or jsonl",
  );
export const certificationBody = z.strictObject({
  costLimitUsd: z.number().min(0).max(10_000).default(defaultCostLimitUsd),
});
export const userListQuery = z.strictObject(paging);
export const keyListQuery = z.strictObject(paging);
export const auditListQuery = auditFilter.extend(paging);
export const deliveryListQuery = z.strictObject({ ...paging, status: deliveryStatus.optional() });
export const optimizationListQuery = z.strictObject({
  agentType: agentTypeName.optional(),
  limit,
  cursor: z.uuid().optional(),
});

export const runBatchBody = journalBatch;
const promptMessage = plainText.trim().min(1).max(500);

export const newPromptBody = promptGenome.extend({
  agentType: agentTypeName,
  parentIds: z.array(z.uuid()).max(8).default([]),
  message: promptMessage,
});

/** An agent type of one's own, with its first prompt. */
export const newAgentBody = agentTypeInput
  .omit({ system: true })
  .extend({ prompt: promptGenome.extend({ message: promptMessage.default("First prompt") }) });
