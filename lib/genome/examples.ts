import { type GenomeDocument, parseGenome, renderGenome, type Segment } from "./document.ts";

/** A demonstration: what came in and what the right answer or the right way was. */
export interface FewShotExample {
  /** Benchmark it was mined from: never one that scores the same child. */
  benchmarkId: string;
  /** Group of that benchmark. */
  group: string;
  input: string;
  answer: string;
}

const markerAlone = /^(system|user|assistant):[ \t]*$/m;

/** True when an example can stand in a prompt without forging a role or growing it out of bounds. */
export function isUsableExample(example: FewShotExample): boolean {
  return (
    example.input.length + example.answer.length <= 2_000 &&
    !markerAlone.test(example.input) &&
    !markerAlone.test(example.answer) &&
    !/\{%-?\s*endraw/.test(example.input + example.answer)
  );
}

/** Number of examples the prompt shows. */
export function countExamples(document: GenomeDocument): number {
  const turns = document.segments.filter(
    (s) => s.kind === "marker" && s.role === "assistant",
  ).length;
  return turns > 0 ? turns : document.segments.filter((s) => s.kind === "example").length;
}

/**
 * The content with one more example: as a pair of turns before the last user message of a conversation, otherwise as
 * an item of the Examples section, which is made at the end when there is none.
 */
export function withExample(content: string, example: FewShotExample): string {
  const document = parseGenome(content);
  const lastUser = document.segments.findLastIndex((s) => s.kind === "marker" && s.role === "user");
  if (lastUser >= 0) {
    const turn = `user:\n${literal(example.input)}\nassistant:\n${literal(example.answer)}\n`;
    const head = renderGenome({ segments: document.segments.slice(0, lastUser) });
    return `${withLineEnd(head)}${turn}${renderGenome({ segments: document.segments.slice(lastUser) })}`;
  }
  const item = `- Input: ${oneLine(literal(example.input))}\n  Answer: ${oneLine(literal(example.answer))}\n`;
  const heading = document.segments.findLastIndex((s) => s.section.includes("example"));
  if (heading >= 0) {
    const head = renderGenome({ segments: document.segments.slice(0, heading + 1) });
    return `${withLineEnd(head)}${item}${renderGenome({ segments: document.segments.slice(heading + 1) })}`;
  }
  return `${withLineEnd(content)}\n## Examples\n${item}`;
}

/** The content without its `index`-th example (from 0); null when there is none or it is locked. */
export function withoutExample(content: string, index: number): string | null {
  const { segments } = parseGenome(content);
  const example = placesOf(segments)[index];
  if (example === undefined || isLocked(segments, example)) return null;
  return renderGenome({ segments: segments.filter((_, i) => i < example.from || i >= example.to) });
}

/** The content with its `index`-th example moved behind the last one; null when there is none or one is locked. */
export function withLastExample(content: string, index: number): string | null {
  const { segments } = parseGenome(content);
  const places = placesOf(segments);
  const moved = places[index];
  const last = places.at(-1);
  if (moved === undefined || last === undefined || moved === last) return null;
  if (isLocked(segments, moved) || isLocked(segments, last)) return null;
  const text = (from: number, to: number) => renderGenome({ segments: segments.slice(from, to) });
  return [
    text(0, moved.from),
    withLineEnd(text(moved.to, last.to)),
    withLineEnd(text(moved.from, moved.to)),
    text(last.to, segments.length),
  ].join("");
}

/** The answer of each example that the content shows, in their order. */
export function shownAnswers(content: string): string[] {
  const { segments } = parseGenome(content);
  return placesOf(segments).map(({ from, to }) => {
    const turns = segments.slice(from, to);
    const answer = turns.findIndex((s) => s.kind === "marker" && s.role === "assistant");
    const text = renderGenome({ segments: turns.slice(answer + 1) });
    const given = answer < 0 ? (/^[ \t]*Answer:(.*)$/ms.exec(text)?.[1] ?? "") : text;
    return given.replace(/\{%-?\s*(?:end)?raw\s*-?%\}/g, "").trim();
  });
}

/** The examples that the content shows, each with its answer, and the content without them. */
export function shownExamples(content: string): { examples: string[]; rest: string } {
  const { segments } = parseGenome(content);
  const places = placesOf(segments);
  const isOfExample = (i: number) => places.some(({ from, to }) => i >= from && i < to);
  return {
    examples: places.map(({ from, to }) => renderGenome({ segments: segments.slice(from, to) })),
    rest: renderGenome({ segments: segments.filter((_, i) => !isOfExample(i)) }),
  };
}

interface Place {
  from: number;
  /** Exclusive. */
  to: number;
}

/** Where each example stands: a pair of turns of a conversation, or an item of the Examples section. */
function placesOf(segments: readonly Segment[]): Place[] {
  const answers = segments.flatMap((s, i) =>
    s.kind === "marker" && s.role === "assistant" ? [i] : [],
  );
  if (answers.length === 0)
    return segments.flatMap((s, i) => (s.kind === "example" ? [{ from: i, to: i + 1 }] : []));
  return answers.flatMap((answer) => {
    const from = segments.findLastIndex(
      (s, i) => i < answer && s.kind === "marker" && s.role === "user",
    );
    const next = segments.findIndex((s, i) => i > answer && s.kind === "marker");
    return from < 0 ? [] : [{ from, to: next < 0 ? segments.length : next }];
  });
}

/** A turn holds raw template syntax where its text needs it, which is the example's own; a listed item may not. */
function isLocked(segments: readonly Segment[], { from, to }: Place): boolean {
  return to === from + 1 && segments[from]?.locked === true;
}

/** Text that the template engine must print as it stands. */
function literal(text: string): string {
  return /\{\{|\{%|\{#/.test(text) ? `{% raw %}${text}{% endraw %}` : text;
}

function withLineEnd(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
