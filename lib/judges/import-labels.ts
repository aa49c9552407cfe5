/** Takes labels in: what people said of answers, one line each. */
import { loadSuite } from "#lib/db/benchmarks.ts";
import type { Database } from "#lib/db/client.ts";
import { storableText } from "#lib/db/json.ts";
import { insertJudgeLabels, loadJudgeLabels, type NewJudgeLabel } from "#lib/db/judge-labels.ts";
import { inTransaction } from "#lib/db/transaction.ts";
import { appendAudit } from "../audit/append-audit.ts";
import { contentHash } from "../content-hash.ts";
import { AppError } from "../errors.ts";
import type { LineError } from "../suites/parse-suite.ts";
import { judgedBenchmark } from "./judging.ts";
import { type LabelLine, labelLine } from "./label-line.ts";

export interface ImportedLabels {
  suite: string;
  created: number;
  /** What the same person last said of the same answer. */
  unchanged: number;
}

/** As many bad lines as a person reads at once. */
const errorsShown = 50;
const labelsMax = 10_000;

/** Reads JSONL, one `{id, answer, pass, by?}` a line; blank lines are skipped, bad ones named. */
export function parseLabels(text: string): { labels: LabelLine[]; errors: LineError[] } {
  const labels: LabelLine[] = [];
  const errors: LineError[] = [];
  for (const [index, content] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    if (content.trim() === "") continue;
    const parsed = labelLine.safeParse(jsonOf(content));
    if (parsed.success) labels.push(parsed.data);
    else
      errors.push({
        line: index + 1,
        message: `not {"id": …, "answer": …, "pass": true or false, "by"?: …}: ${content.slice(0, 80)}`,
      });
  }
  return { labels, errors };
}

function jsonOf(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    // The caller names the line.
    return null;
  }
}

/**
 * Appends labels to a suite, all or none. A label that repeats its person's newest one on the same answer changes
 * nothing. Throws AppError("not-found") for a suite without benchmarks, AppError("invalid") with details.errors for ids
 * that the suite does not have or that no model judges.
 */
export async function importLabels(
  db: Database,
  request: { suite: string; labels: readonly LabelLine[]; actor: string },
): Promise<ImportedLabels> {
  const { suite, labels, actor } = request;
  if (labels.length > labelsMax)
    throw new AppError("invalid", `At most ${labelsMax} labels are taken at once.`);
  const benchmarks = await loadSuite(db, suite);
  if (benchmarks.length === 0) throw new AppError("not-found", `There is no suite "${suite}".`);
  const byId = new Map(benchmarks.map((one) => [one.externalId, one]));
  const errors: LineError[] = [];
  const wanted: NewJudgeLabel[] = [];
  for (const [index, { id, answer: given, pass, by = actor }] of labels.entries()) {
    const benchmark = byId.get(id);
    const judged = benchmark === undefined ? null : judgedBenchmark(benchmark);
    if (benchmark === undefined || judged === null) {
      const why = benchmark === undefined ? "is not in the suite" : "is judged by no model";
      errors.push({ line: index + 1, message: `"${id}" ${why}` });
      continue;
    }
    const answer = storableText(given);
    wanted.push({
      suite,
      benchmarkId: benchmark.id,
      questionHash: judged.questionHash,
      answer,
      answerHash: contentHash(answer),
      pass,
      labelledBy: by,
      recordedBy: actor,
    });
  }
  const [first] = errors;
  if (first !== undefined)
    throw new AppError(
      "invalid",
      `Nothing was imported: ${errors.length} bad ${errors.length === 1 ? "label" : "labels"}, the first is number ${first.line}: ${first.message}`,
      { details: { badLines: errors.length, errors: errors.slice(0, errorsShown) } },
    );
  return inTransaction(db, async (tx) => {
    const newest = new Map<string, boolean>();
    for (const known of await loadJudgeLabels(tx, suite)) newest.set(voiceOf(known), known.pass);
    const fresh = wanted.filter((label) => {
      if (newest.get(voiceOf(label)) === label.pass) return false;
      newest.set(voiceOf(label), label.pass);
      return true;
    });
    await insertJudgeLabels(tx, fresh);
    const imported = { created: fresh.length, unchanged: wanted.length - fresh.length };
    if (fresh.length > 0)
      await appendAudit(tx, {
        actor,
        action: "suite.label",
        subject: `suite:${suite}`,
        after: imported,
      });
    return { suite, ...imported };
  });
}

function voiceOf({
  questionHash,
  answerHash,
  labelledBy,
}: Pick<NewJudgeLabel, "questionHash" | "answerHash" | "labelledBy">): string {
  return `${questionHash}/${answerHash}/${labelledBy}`;
}
