import { shownAnswers } from "#lib/genome/examples.ts";
import type { WorldRow } from "./rows.ts";

/** The rows that a prompt shows as examples, in the order of the prompt. */
export function readExamples(content: string, suite: readonly WorldRow[]): WorldRow[] {
  if (shownAnswers(content).length === 0) return [];
  return suite
    .map((row) => ({ row, at: content.indexOf(row.input) }))
    .filter(({ at }) => at >= 0)
    .toSorted((a, b) => a.at - b.at)
    .map(({ row }) => row);
}
