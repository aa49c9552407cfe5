/** What a suite's groups mean for its user: which rows repeat an input, which contradict each other, what can be proven. */
import { normalizedInput } from "./input-groups.ts";
import { sealedGroupsMin } from "./seal.ts";
import type { SealedRow } from "./suite-groups.ts";

export interface RepeatedInput {
  rows: number;
  /** External ids, the first of them. */
  ids: string[];
}

export interface Contradiction {
  /** Each expected answer with the ids of its rows, the first of them. */
  answers: { expected: string; rows: number; ids: string[] }[];
}

export interface SuiteGroups {
  /** Different inputs. */
  groups: number;
  /** Groups that only a proof opens. */
  sealed: number;
  /** Groups of several rows: they count once. */
  repeated: { groups: number; rows: number; first: RepeatedInput[] };
  /** Groups whose rows expect different answers. */
  contradictions: { groups: number; first: Contradiction[] };
  /** What is missing for a proof; null when the suite is large enough for one. */
  advice: string | null;
}

/** As many as a person reads at once. */
const shownMax = 20;

/**
 * Describes the rows of a suite, groups by their first row's external id. Answers that differ in case, white space,
 * final punctuation or Unicode form alone do not contradict each other, nor does a row without an expected answer.
 */
export function describeGroups(rows: readonly SealedRow[]): SuiteGroups {
  const groups = new Map<string, SealedRow[]>();
  for (const row of rows.toSorted((a, b) => (a.externalId < b.externalId ? -1 : 1)))
    groups.set(row.group, [...(groups.get(row.group) ?? []), row]);
  const members = [...groups.values()];
  const repeated = members.filter((of) => of.length > 1);
  const contradictions = repeated.map(contradictionOf).filter(({ answers }) => answers.length > 1);
  const sealed = members.filter(([first]) => first?.sealed === true).length;
  return {
    groups: members.length,
    sealed,
    repeated: {
      groups: repeated.length,
      rows: repeated.reduce((sum, of) => sum + of.length, 0),
      first: repeated
        .slice(0, shownMax)
        .map((of) => ({ rows: of.length, ids: of.slice(0, shownMax).map(idOf) })),
    },
    contradictions: { groups: contradictions.length, first: contradictions.slice(0, shownMax) },
    advice: proofAdvice({ groups: members.length, sealed }),
  };
}

/**
 * Says in one sentence or two why nothing can be proven on a suite of so many groups and what to do; null when a proof
 * is possible.
 */
export function proofAdvice({ groups, sealed }: { groups: number; sealed: number }): string | null {
  if (sealed >= sealedGroupsMin) return null;
  const missing = Math.max(2 * sealedGroupsMin - groups, sealedGroupsMin - sealed);
  const inputs = groups === 1 ? "1 different input" : `${groups} different inputs`;
  return `This suite can be searched, but it proves nothing: a proof needs ${sealedGroupsMin} sealed inputs, which takes ${2 * sealedGroupsMin} different ones, and this suite has ${inputs}. Import ${missing} or more benchmarks with new inputs.`;
}

function contradictionOf(rows: readonly SealedRow[]): Contradiction {
  const answers = new Map<string, { expected: string; rows: number; ids: string[] }>();
  for (const { externalId, expected } of rows) {
    if (expected === null) continue;
    const key = normalizedInput(expected);
    const answer = answers.get(key) ?? { expected, rows: 0, ids: [] };
    answer.rows++;
    if (answer.ids.length < shownMax) answer.ids.push(externalId);
    answers.set(key, answer);
  }
  return { answers: [...answers.values()] };
}

function idOf({ externalId }: SealedRow): string {
  return externalId;
}
