import { z } from "zod";
import type { Executor } from "#lib/db/client.ts";
import type { Page, PageRequest } from "#lib/db/cursor.ts";
import { getPrompt } from "#lib/db/prompts.ts";
import { openFinalists } from "#lib/optimizations/open-finalists.ts";
import { diffPrompts } from "#lib/registry/diff-prompts.ts";
import { listReviews, type ReviewEntry, requireReview } from "#lib/registry/reviews.ts";
import type { ReviewEntryShape, ReviewPacket } from "../shapes/review.ts";
import { publicExperiments, withRows } from "./experiment-view.ts";
import { packetPayBack } from "./pay-back-view.ts";
import { publicPrompts } from "./prompt-refs.ts";

/** One page of the candidates, those that wait longest first. */
export async function reviewEntries(
  db: Executor,
  query: { agentType?: string | undefined } & PageRequest,
): Promise<Page<ReviewEntryShape>> {
  const { items, nextCursor } = await listReviews(db, query);
  return { items: await entryShapes(db, items), nextCursor };
}

async function entryShapes(
  db: Executor,
  entries: readonly ReviewEntry[],
): Promise<ReviewEntryShape[]> {
  const prompts = await publicPrompts(
    db,
    entries.map(({ prompt }) => prompt),
  );
  const experiments = await publicExperiments(
    db,
    entries.flatMap(({ experiment }) => experiment ?? []),
  );
  const experimentOf = new Map(experiments.map((one) => [one.id, one]));
  const promptOf = new Map(prompts.map((one) => [one.id, one]));
  return entries.flatMap(({ prompt, waitingSince, experiment, production, ...rest }) => {
    const shown = promptOf.get(prompt.id);
    if (shown === undefined) return [];
    return {
      ...rest,
      prompt: shown,
      production: productionOf(production),
      waitingSince: waitingSince.toISOString(),
      experiment: experiment === null ? null : (experimentOf.get(experiment.id) ?? null),
    };
  });
}

/** The other finalists of the run that proved this prompt, where production has moved since. */
async function othersOf(
  db: Executor,
  { prompt, experiment }: ReviewEntry,
): Promise<ReviewPacket["openFinalists"]> {
  const optimizationId = experiment?.optimizationId ?? null;
  if (optimizationId === null) return [];
  const finalists = await openFinalists(db, optimizationId);
  return finalists.filter(({ id }) => id !== prompt.id).map(({ id, version }) => ({ id, version }));
}

function productionOf(production: ReviewEntry["production"]): ReviewEntryShape["production"] {
  if (production === null) return null;
  const { id, version, unproven } = production;
  return { id, version, unproven };
}

const decisionKind = z.enum(["approved", "rejected", "released"]);

/** Everything a person needs to decide on one prompt. Throws AppError("not-found") for an unknown prompt. */
export async function reviewPacket(db: Executor, promptId: string): Promise<ReviewPacket> {
  const entry = await requireReview(db, promptId);
  const { prompt, experiment, production } = entry;
  const [shown] = await entryShapes(db, [entry]);
  if (shown === undefined) throw new TypeError("a review without a public shape");
  const baselineId =
    experiment?.baselinePromptId ?? production?.id ?? prompt.parents[0]?.parentId ?? null;
  const baseline = baselineId === null ? null : await getPrompt(db, baselineId);
  const decisions = await db.review.findMany({
    where: { promptId },
    orderBy: [{ at: "desc" }, { id: "asc" }],
    take: 50,
  });
  const [made] = prompt.parents;
  const measured = experiment === null ? null : await withRows(db, experiment);
  return {
    ...shown,
    experiment: measured,
    payBack: measured === null ? null : await packetPayBack(db, measured),
    comparedWith: baseline === null ? null : { id: baseline.id, version: baseline.version },
    diff: baseline === null ? null : diffPrompts(baseline, prompt),
    openFinalists: await othersOf(db, entry),
    origin: {
      operator: made?.operator ?? null,
      generation: made?.generation ?? null,
      optimizationId: made?.optimizationId ?? null,
    },
    decisions: decisions.map(
      ({ decision, reason, reviewer, at, fourEyesRequired: required, fourEyesHeld: held }) => ({
        decision: decisionKind.parse(decision),
        reason,
        reviewer,
        at: at.toISOString(),
        fourEyes: required === null || held === null ? null : { required, held },
      }),
    ),
  };
}
