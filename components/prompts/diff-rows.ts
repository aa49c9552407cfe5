import { diffWordsWithSpace } from "diff";
import type { DiffPart } from "#lib/http/shapes/prompt.ts";

/** A stretch of a line; `changed` is what differs within a line that was rewritten. */
export interface Segment {
  text: string;
  changed: boolean;
}

export type DiffRow =
  | { kind: DiffPart["kind"]; before: number | null; after: number | null; segments: Segment[] }
  | { kind: "gap"; rows: number; from: number };

type LineRow = Exclude<DiffRow, { kind: "gap" }>;

/** Lines of unchanged text kept around each change. */
const context = 3;
/** A gap shorter than this is shown as it is. */
const gapMin = 4;

/** A line diff as rows with numbers and word-level changes; unchanged stretches outside `opened` fold into gaps. */
export function diffRows(parts: readonly DiffPart[], opened: ReadonlySet<number>): DiffRow[] {
  return fold(numbered(parts), opened);
}

function numbered(parts: readonly DiffPart[]): LineRow[] {
  const rows: LineRow[] = [];
  let before = 1;
  let after = 1;
  for (const [index, part] of parts.entries()) {
    const lines = linesOf(part.text);
    const rewritten = part.kind === "same" ? null : counterpart(parts, index);
    for (const [at, text] of lines.entries()) {
      rows.push({
        kind: part.kind,
        before: part.kind === "added" ? null : before++,
        after: part.kind === "removed" ? null : after++,
        segments: segmentsOf(part.kind, text, rewritten?.[at] ?? null),
      });
    }
  }
  return rows;
}

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** The lines that this block replaced or was replaced by, when there are as many of them. */
function counterpart(parts: readonly DiffPart[], index: number): string[] | null {
  const part = parts[index];
  const other = part?.kind === "removed" ? parts[index + 1] : parts[index - 1];
  if (part === undefined || other === undefined || other.kind === "same") return null;
  if (other.kind === part.kind) return null;
  const lines = linesOf(other.text);
  return lines.length === linesOf(part.text).length ? lines : null;
}

function segmentsOf(kind: DiffPart["kind"], text: string, other: string | null): Segment[] {
  if (other === null || kind === "same") return [{ text, changed: false }];
  const [from, to] = kind === "removed" ? [text, other] : [other, text];
  return diffWordsWithSpace(from, to)
    .filter((word) => (kind === "removed" ? !word.added : !word.removed))
    .map(({ value, added, removed }) => ({ text: value, changed: added || removed }));
}

function fold(rows: readonly LineRow[], opened: ReadonlySet<number>): DiffRow[] {
  const near = new Set<number>();
  for (const [index, row] of rows.entries()) {
    if (row.kind === "same") continue;
    for (let at = index - context; at <= index + context; at++) near.add(at);
  }
  const folded: DiffRow[] = [];
  let from = 0;
  while (from < rows.length) {
    let to = from;
    while (to < rows.length && !near.has(to)) to++;
    if (to - from < gapMin || opened.has(from)) folded.push(...rows.slice(from, to));
    else folded.push({ kind: "gap", rows: to - from, from });
    const next = rows[to];
    if (next !== undefined) folded.push(next);
    from = to + 1;
  }
  return folded;
}
