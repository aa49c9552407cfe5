import { z } from "zod";
import { settingsPatch } from "../../settings/settings.ts";
import { settledSince, since, sinceAny, sinceOwner } from "./changed-since.ts";
import { kinds, orNull } from "./columns.ts";
import { type RecordType, type Row, recordType } from "./record-type.ts";

const { text, uuid, int, float, bool, json, bigint, decimal, date, time } = kinds;

/** What happened, what it cost and who changed what. */
export const ledgerRecords: readonly RecordType[] = [
  recordType({
    type: "run",
    table: "journal_runs",
    key: ["runId"],
    order: "t.created_at",
    fields: {
      runId: text,
      traceId: orNull(text),
      agentType: text,
      promptId: orNull(uuid),
      benchmarkId: orNull(uuid),
      outcome: text,
      costUsd: float,
      inputTokens: int,
      outputTokens: int,
      latencyMs: float,
      model: orNull(text),
      simulated: bool,
      source: text,
      errorSignature: orNull(text),
      failure: orNull(json),
      startedAt: time,
      createdAt: time,
    },
    changedSince: since("created_at"),
  }),
  recordType({
    type: "run-step",
    table: "journal_steps",
    key: ["runId", "position"],
    fields: {
      runId: text,
      position: int,
      agentType: text,
      kind: text,
      text,
      toolName: orNull(text),
      data: orNull(json),
    },
    changedSince: sinceOwner("journal_runs", "o.run_id = t.run_id", "created_at"),
  }),
  recordType({
    type: "budget-day",
    table: "budget_days",
    key: ["day"],
    fields: {
      day: date,
      capUsd: decimal,
      reservedUsd: decimal,
      spentUsd: decimal,
      overshootUsd: decimal,
    },
    changedSince: (moment) =>
      `t.day >= (${moment} AT TIME ZONE 'UTC')::date OR ${settledSince("o.day = t.day")(moment)}`,
  }),
  recordType({
    type: "budget-reservation",
    table: "budget_reservations",
    key: ["id"],
    order: "t.created_at",
    fields: {
      id: uuid,
      day: date,
      optimizationId: orNull(uuid),
      workKey: text,
      openWorkKey: orNull(text),
      role: text,
      amountUsd: decimal,
      settledUsd: orNull(decimal),
      state: text,
      billable: bool,
      leaseUntil: time,
      createdAt: time,
      settledAt: orNull(time),
    },
    changedSince: (moment) =>
      `t.state = 'reserved' OR ${sinceAny(["created_at", "settled_at"])(moment)}`,
  }),
  recordType({
    type: "setting",
    table: "settings",
    key: ["key"],
    fields: { key: text, value: json, updatedBy: text, updatedAt: time },
    fault: settingFault,
    changedSince: since("updated_at"),
  }),
  recordType({
    type: "audit-event",
    table: "audit_events",
    key: ["id"],
    fields: {
      id: bigint,
      at: time,
      actor: text,
      action: text,
      subject: text,
      before: orNull(json),
      after: orNull(json),
    },
    changedSince: since("at"),
  }),
];

function settingFault({ key, value }: Row): string | null {
  const parsed = settingsPatch.safeParse({ [String(key)]: value });
  return parsed.success ? null : z.prettifyError(parsed.error).replaceAll("\n", " ");
}
