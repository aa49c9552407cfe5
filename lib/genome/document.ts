/**
 * The genome's text as a lossless parse: headed sections holding instructions (a list item or a sentence) and
 * examples. Segments partition the content, so rendering a parsed content gives it back byte for byte. What is not
 * understood stays as text; what holds template syntax or protected text is locked and no operator touches it.
 */

export type SegmentKind = "heading" | "marker" | "instruction" | "example" | "text";
export type MessageRole = "system" | "user" | "assistant";

export interface Segment {
  kind: SegmentKind;
  /** The bytes of the segment, line end included. */
  raw: string;
  /** Heading the segment stands under, lower case; empty before the first. */
  section: string;
  /** Message of a conversation prompt, null in a prompt without role markers. */
  role: MessageRole | null;
  locked: boolean;
}

export interface GenomeDocument {
  segments: readonly Segment[];
}

const markerLine = /^(system|user|assistant):[ \t]*\r?\n?$/;
const headingLine = /^#{1,6}[ \t]+\S/;
const listItem = /^[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+\S/;
const continuation = /^[ \t]+\S/;
const templateSyntax = /\{\{|\{%|\{#|\}\}|%\}|#\}/;
const lockMark = /\{#-?\s*protected\s*-?#\}/i;
const sentence = /\S(?:.*?[.!?]["')\]]*(?=\s|$)|.*)\s*/gs;

/** Parses a prompt's content. `protectedTexts` are literal texts whose segments are locked. */
export function parseGenome(
  content: string,
  protectedTexts: readonly string[] = [],
): GenomeDocument {
  const lines = content.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const segments: Segment[] = [];
  const state: ReadingState = { section: "", role: null, sectionLocked: false };
  const locks = protectedTexts.filter((text) => text.length > 0);
  const spans = protectedSpans(content, locks);
  let offset = 0;
  const push = (kind: SegmentKind, raw: string) => {
    const touchesProtected = spans.some(
      (span) => span.from < offset + raw.length && span.to > offset,
    );
    const locked = state.sectionLocked || templateSyntax.test(raw) || touchesProtected;
    segments.push({ kind, raw, section: state.section, role: state.role, locked });
    offset += raw.length;
  };
  for (let i = 0; i < lines.length; ) {
    const piece = nextPiece(lines, i, state);
    const raw = lines.slice(i, piece.end).join("");
    if (piece.kind === "sentences") for (const part of sentencesOf(raw)) push("instruction", part);
    else push(piece.kind, raw);
    i = piece.end;
  }
  return { segments };
}

interface ReadingState {
  section: string;
  role: MessageRole | null;
  sectionLocked: boolean;
}

/** The kind and the last line (exclusive) of what begins at line `i`; headings and markers move the state. */
function nextPiece(
  lines: readonly string[],
  i: number,
  state: ReadingState,
): { kind: SegmentKind | "sentences"; end: number } {
  const line = lines[i] ?? "";
  const role = markerRole(line);
  if (role !== null) {
    Object.assign(state, { role, section: "", sectionLocked: false });
    return { kind: "marker", end: i + 1 };
  }
  if (line.trim() === "") return { kind: "text", end: i + 1 };
  if (/^[ \t]*(```|~~~)/.test(line)) return { kind: "text", end: closingFence(lines, i) };
  if (headingLine.test(line)) {
    Object.assign(state, { section: sectionName(line), sectionLocked: lockMark.test(line) });
    return { kind: "heading", end: i + 1 };
  }
  const isExample = state.section.includes("example");
  if (listItem.test(line)) {
    return { kind: isExample ? "example" : "instruction", end: continuationEnd(lines, i + 1) };
  }
  if (isExample) return { kind: "example", end: paragraphEnd(lines, i) };
  const isTurn = state.role === "user" || state.role === "assistant";
  return { kind: templateSyntax.test(line) || isTurn ? "text" : "sentences", end: i + 1 };
}

function markerRole(line: string): MessageRole | null {
  const name = markerLine.exec(line)?.[1];
  return name === "system" || name === "user" || name === "assistant" ? name : null;
}

/** The content again, byte for byte. */
export function renderGenome(document: GenomeDocument): string {
  return document.segments.map((segment) => segment.raw).join("");
}

/** Normalised section name of a heading line. */
export function sectionName(heading: string): string {
  return heading
    .replace(/^#+/, "")
    .replace(/\{#.*?#\}/g, "")
    .trim()
    .toLowerCase();
}

/** The words of an instruction without its bullet, number or line end. */
export function instructionText(segment: Segment): string {
  return segment.raw
    .replace(/^[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+/, "")
    .replace(/\s+/g, " ")
    .trim();
}

function sentencesOf(line: string): string[] {
  const lead = /^\s*/.exec(line)?.[0] ?? "";
  const parts = line.slice(lead.length).match(sentence) ?? [];
  if (parts.length === 0) return [line];
  return [lead + (parts[0] ?? ""), ...parts.slice(1)];
}

function closingFence(lines: readonly string[], from: number): number {
  for (let i = from + 1; i < lines.length; i++) {
    if (/^[ \t]*(```|~~~)/.test(lines[i] ?? "")) return i + 1;
  }
  return lines.length;
}

function continuationEnd(lines: readonly string[], from: number): number {
  let end = from;
  while (
    end < lines.length &&
    continuation.test(lines[end] ?? "") &&
    !listItem.test(lines[end] ?? "")
  )
    end++;
  return end;
}

function paragraphEnd(lines: readonly string[], from: number): number {
  let end = from + 1;
  while (end < lines.length) {
    const line = lines[end] ?? "";
    if (
      line.trim() === "" ||
      headingLine.test(line) ||
      listItem.test(line) ||
      markerLine.test(line)
    )
      break;
    end++;
  }
  return end;
}

function protectedSpans(content: string, texts: readonly string[]): { from: number; to: number }[] {
  return texts.flatMap((text) => {
    const spans: { from: number; to: number }[] = [];
    for (let at = content.indexOf(text); at >= 0; at = content.indexOf(text, at + text.length)) {
      spans.push({ from: at, to: at + text.length });
    }
    return spans;
  });
}
