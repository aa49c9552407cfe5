import { z } from "zod";
import { agentTypeInput } from "#lib/db/agent-types.ts";
import { promptOperator } from "../../domain/prompt.ts";
import { parseVersion } from "../../domain/version.ts";
import { AppError } from "../../errors.ts";
import { genomeHash, normaliseGenome } from "../../registry/genome.ts";
import { since, sinceAny, sinceOwner } from "./changed-since.ts";
import { kinds, orElse, orNull } from "./columns.ts";
import { type RecordType, type Row, recordType } from "./record-type.ts";

const { text, uuid, int, float, bool, json, texts, bigint, time } = kinds;

/** Agent types, benchmarks, prompts and everything that was decided about them. */
export const registryRecords: readonly RecordType[] = [
  recordType({
    type: "agent-type",
    table: "agent_types",
    key: ["name"],
    fields: {
      name: text,
      system: text,
      suite: text,
      description: text,
      requiredVariables: texts,
      protectedTexts: texts,
      allowedTools: texts,
      defaultModel: text,
      parameterBounds: json,
      thresholds: json,
      createdAt: time,
      // Since format 3.
      repeats: orElse(orNull(text), null),
      nonInferiorityMargin: orElse(float, 0.05),
    },
    fault: agentFault,
    // Settings change in place; the audit trail knows when.
    changedSince: (moment) =>
      `t.created_at >= ${moment} OR EXISTS (SELECT 1 FROM audit_events a WHERE a.subject = 'agent:' || t.name AND a.at >= ${moment})`,
  }),
  recordType({
    type: "benchmark",
    table: "benchmarks",
    key: ["id"],
    order: "t.created_at",
    fields: {
      id: uuid,
      suite: text,
      externalId: text,
      family: orNull(text),
      input: text,
      expected: orNull(text),
      labels: texts,
      grader: json,
      // Since format 2.
      metadata: orElse(json, {}),
      weight: float,
      contentHash: text,
      createdAt: time,
      retiredAt: orNull(time),
      // Since format 3. The group is not in it: it follows from the input.
      required: orElse(bool, false),
    },
    changedSince: sinceAny(["created_at", "retired_at"]),
  }),
  recordType({
    type: "suite-group",
    table: "suite_groups",
    key: ["suite", "groupHash"],
    fields: { suite: text, groupHash: text, sealed: bool, createdAt: time },
    changedSince: since("created_at"),
  }),
  recordType({
    type: "prompt",
    table: "prompts",
    key: ["id"],
    order: "t.created_at",
    fields: {
      id: uuid,
      agentType: text,
      version: text,
      content: text,
      parameters: json,
      tools: texts,
      contentHash: text,
      createdBy: text,
      createdAt: time,
      message: text,
    },
    derived: {
      version_major: "split_part(r.version, '.', 1)::int",
      version_minor: "split_part(r.version, '.', 2)::int",
      version_patch: "split_part(r.version, '.', 3)::int",
    },
    changedSince: since("created_at"),
    fault: promptFault,
  }),
  recordType({
    type: "prompt-parent",
    table: "prompt_parents",
    key: ["childId", "position"],
    fields: {
      childId: uuid,
      parentId: uuid,
      position: int,
      operator: { ...text, schema: promptOperator },
      operatorArguments: json,
      optimizationId: orNull(uuid),
      experimentId: orNull(uuid),
      generation: orNull(int),
    },
    changedSince: sinceOwner("prompts", "o.id = t.child_id", "created_at"),
  }),
  recordType({
    type: "prompt-transition",
    table: "prompt_transitions",
    key: ["id"],
    fields: {
      id: bigint,
      promptId: uuid,
      fromStatus: orNull(text),
      toStatus: text,
      actor: text,
      reason: text,
      at: time,
      unproven: orElse(bool, false),
    },
    changedSince: since("at"),
  }),
  recordType({
    type: "tag-move",
    table: "tag_moves",
    key: ["id"],
    fields: {
      id: bigint,
      agentType: text,
      tag: text,
      fromPromptId: orNull(uuid),
      toPromptId: uuid,
      generation: int,
      actor: text,
      reason: text,
      evidenceDigest: orNull(text),
      at: time,
      unproven: orElse(bool, false),
    },
    changedSince: since("at"),
  }),
  recordType({
    type: "tag",
    table: "prompt_tags",
    key: ["agentType", "tag"],
    fields: { agentType: text, tag: text, promptId: uuid, generation: int, movedAt: time },
    changedSince: since("moved_at"),
  }),
  recordType({
    type: "review",
    table: "reviews",
    key: ["id"],
    order: "t.at",
    fields: {
      id: uuid,
      promptId: uuid,
      decision: text,
      reason: text,
      reviewer: text,
      evidenceDigest: text,
      prodGeneration: int,
      fourEyesRequired: orNull(bool),
      fourEyesHeld: orNull(bool),
      at: time,
    },
    changedSince: since("at"),
  }),
];

function agentFault({ type: _type, createdAt: _createdAt, ...settings }: Row): string | null {
  const parsed = agentTypeInput.safeParse(settings);
  return parsed.success ? null : z.prettifyError(parsed.error).replaceAll("\n", " ");
}

/** A prompt that its hash does not describe would be found under another one's name. */
function promptFault(row: Row): string | null {
  if (parseVersion(String(row.version)) === null) return `"${row.version}" is no version`;
  try {
    const genome = normaliseGenome({
      content: row.content,
      parameters: row.parameters,
      tools: row.tools,
    });
    return genomeHash(genome) === row.contentHash ? null : "the content is not what its hash says";
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.message;
  }
}
