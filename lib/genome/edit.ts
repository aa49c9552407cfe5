import { type GenomeDocument, instructionText, type Segment } from "./document.ts";

/** An instruction of a document with its place. */
export interface Instruction {
  index: number;
  text: string;
  section: string;
  locked: boolean;
}

/** The instructions of the prompt in their order; user and assistant turns hold none. */
export function instructionsOf(document: GenomeDocument): Instruction[] {
  return document.segments.flatMap((segment, index) =>
    segment.kind === "instruction"
      ? [
          {
            index,
            text: instructionText(segment),
            section: segment.section,
            locked: segment.locked,
          },
        ]
      : [],
  );
}

/** The document without one segment; a locked one stays. */
export function withoutSegment(document: GenomeDocument, index: number): GenomeDocument {
  return { segments: document.segments.filter((segment, i) => i !== index || segment.locked) };
}

/** The document with an instruction's words replaced; bullet, number and line end stay. */
export function replaceInstruction(
  document: GenomeDocument,
  index: number,
  text: string,
): GenomeDocument {
  return {
    segments: document.segments.map((segment, i) => {
      if (i !== index || segment.locked || segment.kind !== "instruction") return segment;
      const bullet =
        /^[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+/.exec(segment.raw)?.[0] ??
        /^\s*/.exec(segment.raw)?.[0] ??
        "";
      const tail = /\s*$/.exec(segment.raw)?.[0] ?? "";
      return { ...segment, raw: `${bullet}${oneLine(text)}${tail}` };
    }),
  };
}

/**
 * The document with one more instruction: behind the last list item of `section`, else behind the last list item of
 * all, else as a list at the end of the system message.
 */
export function insertInstruction(
  document: GenomeDocument,
  section: string | null,
  text: string,
): GenomeDocument {
  const segments = [...document.segments];
  const at = insertionPoint(segments, section);
  const before = segments[at - 1];
  if (before !== undefined && !before.raw.endsWith("\n"))
    segments[at - 1] = { ...before, raw: `${before.raw}\n` };
  segments.splice(at, 0, {
    kind: "instruction",
    raw: `- ${oneLine(text)}\n`,
    section: before?.section ?? "",
    role: before?.role ?? null,
    locked: false,
  });
  return { segments };
}

function insertionPoint(segments: readonly Segment[], section: string | null): number {
  const isListItem = (segment: Segment) =>
    segment.kind === "instruction" && /^[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+/.test(segment.raw);
  const inSection =
    section === null ? -1 : segments.findLastIndex((s) => isListItem(s) && s.section === section);
  if (inSection >= 0) return inSection + 1;
  const rules = segments.findLastIndex((s) => isListItem(s) && !s.section.includes("output"));
  if (rules >= 0) return rules + 1;
  const anywhere = segments.findLastIndex(isListItem);
  if (anywhere >= 0) return anywhere + 1;
  const firstTurn = segments.findIndex((s) => s.kind === "marker" && s.raw.startsWith("user"));
  return firstTurn >= 0 ? firstTurn : segments.length;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
