import type { Executor } from "#lib/db/client.ts";
import { getSettings } from "#lib/settings/settings.ts";
import { AppError } from "../errors.ts";
import type { ReviewEntry } from "./reviews.ts";

/** How a decision stands to the rule that who proposed may not approve. */
export interface FourEyes {
  /** Is the rule on? It is off for a team of one. */
  required: boolean;
  /** Does somebody else than the proposers decide? */
  held: boolean;
}

/** Keys may make keys; a longer chain than this is nobody's way of working. */
const keyChainMax = 20;

/**
 * Compares the reviewer with everybody who proposed the prompt: its author and who started the optimizations that made
 * or confirmed it. A key stands for the person who made it, so that nobody approves their own work by a second name.
 */
export async function fourEyes(
  db: Executor,
  review: Pick<ReviewEntry, "prompt" | "experiment">,
  reviewer: string,
): Promise<FourEyes> {
  const { fourEyes: required } = await getSettings(db);
  const proposers = new Set<string>();
  for (const name of await proposersOf(db, review)) {
    for (const one of await namesBehind(db, name)) proposers.add(one);
  }
  const names = await namesBehind(db, reviewer);
  return { required, held: !names.some((name) => proposers.has(name)) };
}

/** Throws AppError("forbidden") when the rule is on and a proposer wants to put the prompt into production. */
export function requireFourEyes({ required, held }: FourEyes, verb: "approve" | "release"): void {
  if (!required || held) return;
  throw new AppError(
    "forbidden",
    `You proposed this prompt, and the four-eyes setting is on: somebody else has to ${verb} it.`,
    { details: { reason: "four-eyes" } },
  );
}

async function proposersOf(
  db: Executor,
  { prompt, experiment }: Pick<ReviewEntry, "prompt" | "experiment">,
): Promise<string[]> {
  const optimizationIds = [
    ...prompt.parents.map(({ optimizationId }) => optimizationId),
    experiment?.optimizationId ?? null,
  ].filter((id) => id !== null);
  const optimizations = await db.optimization.findMany({
    where: { id: { in: optimizationIds } },
    select: { createdBy: true },
  });
  return [prompt.createdBy, ...optimizations.map(({ createdBy }) => createdBy)];
}

/** The actor's own name and, for a key, the names of those who made it. */
async function namesBehind(db: Executor, actor: string): Promise<string[]> {
  const names = [actor];
  for (let name = actor; names.length <= keyChainMax; ) {
    const [, prefix] = /^key:(.+)$/.exec(name) ?? [];
    const key = prefix === undefined ? null : await db.apiKey.findUnique({ where: { prefix } });
    if (key === null || names.includes(key.createdBy)) break;
    name = key.createdBy;
    names.push(name);
  }
  return names;
}
