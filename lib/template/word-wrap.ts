/** Jinja2's `wordwrap`: every line is broken as Python's `textwrap` does it, greedily and at hyphens. */
import type { Budget } from "./limits.ts";
import { lengthOf, splitLines, trimStartSpace } from "./python-text.ts";
import { typeError } from "./value.ts";

type WrapOptions = {
  width: number;
  breakLong: boolean;
  wrapString: string;
  breakHyphens: boolean;
};

export function wordWrap(text: string, options: WrapOptions, budget: Budget): string {
  if (options.width <= 0) throw typeError("The width of wordwrap must be above 0.");
  const lines: string[] = [];
  for (const line of splitLines(text)) {
    // A blank line stays, which an empty list of lines would lose.
    const wrapped = wrapLine(line, options, budget);
    lines.push(wrapped.join(options.wrapString));
    budget.step(wrapped.length);
  }
  budget.string(text.length + lines.length * options.wrapString.length);
  const result = lines.join(options.wrapString);
  budget.string(result.length);
  return result;
}

const space = "\\t\\n\\v\\f\\r ";
const word = "\\p{L}\\p{N}_";
const letter = "[\\p{L}\\p{Nl}\\p{No}_]";
const before = `(?<=[${word}!"'&.,?])`;

/** A run of blanks, a dash between words, or a word up to a hyphen, a dash or a blank. */
const chunkPattern = new RegExp(
  `[${space}]+|${before}-{2,}(?=[${word}])|[^${space}]+?(?:` +
    `-(?:(?<=${letter}{2}-)|(?<=${letter}-[${word}!"'&.,?]-))(?=${letter}-?${letter})` +
    `|(?=[${space}]|$)|${before}(?=-{2,}[${word}]))`,
  "gu",
);
const plainPattern = new RegExp(`[${space}]+|[^${space}]+`, "gu");

function wrapLine(line: string, options: WrapOptions, budget: Budget): string[] {
  budget.scan(line.length * 4);
  const chunks = line.match(options.breakHyphens ? chunkPattern : plainPattern) ?? [];
  chunks.reverse();
  const lines: string[] = [];
  while (chunks.length > 0) {
    budget.step();
    if (lines.length > 0 && isBlank(chunks.at(-1))) chunks.pop();
    const current = fillLine(chunks, options, budget);
    if (isBlank(current.at(-1))) current.pop();
    if (current.length > 0) lines.push(current.join(""));
  }
  return lines;
}

/** Take chunks from the end of `chunks` as long as they fit; a word longer than any line is broken. */
function fillLine(chunks: string[], options: WrapOptions, budget: Budget): string[] {
  const current: string[] = [];
  let width = 0;
  for (let chunk = chunks.pop(); chunk !== undefined; chunk = chunks.pop()) {
    budget.step();
    const length = lengthOf(chunk);
    if (width + length > options.width) {
      const isLong = length > options.width;
      const [head, tail] = isLong
        ? breakWord(chunk, options, width, current.length === 0, budget)
        : [undefined, chunk];
      // An empty head counts as the line's last piece, so the blank before it stays, as in Python.
      if (head !== undefined) current.push(head);
      if (tail !== "") chunks.push(tail);
      return current;
    }
    current.push(chunk);
    width += length;
  }
  return current;
}

function isBlank(chunk: string | undefined): boolean {
  return chunk !== undefined && trimStartSpace(chunk) === "";
}

/** What of a word longer than a line goes on this line, and what is left of it. */
function breakWord(
  chunk: string,
  options: WrapOptions,
  used: number,
  isLineEmpty: boolean,
  budget: Budget,
): [string | undefined, string] {
  if (!options.breakLong) return isLineEmpty ? [chunk, ""] : [undefined, chunk];
  budget.scan(chunk.length);
  const characters = Array.from(chunk);
  let end = options.width - used;
  if (options.breakHyphens && characters.length > end) {
    const hyphen = characters.lastIndexOf("-", end - 1);
    const isInside =
      end > 0 && hyphen > 0 && characters.slice(0, hyphen).some((one) => one !== "-");
    if (isInside) end = hyphen + 1;
  }
  return [characters.slice(0, end).join(""), characters.slice(end).join("")];
}
