/** Python's idea of whitespace and of characters: strings count code points, and `str.isspace` is not `\s`. */

/** The inside of a character class: what `\s` and `str.isspace` mean in Python. */
export const spaceClass =
  "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const spacePattern = new RegExp(`^[${spaceClass}]$`);
const startPattern = new RegExp(`^[${spaceClass}]+`);
const splitPattern = new RegExp(`[${spaceClass}]+`);

export function isSpace(character: string): boolean {
  return spacePattern.test(character);
}

export function trimStartSpace(text: string): string {
  return text.replace(startPattern, "");
}

/** Walks back by hand: a pattern anchored at the end is quadratic on long runs of spaces. */
export function trimEndSpace(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** `str.split()` without arguments: runs of whitespace separate, the ends are trimmed. */
export function splitWords(text: string): string[] {
  const trimmed = trimEndSpace(trimStartSpace(text));
  return trimmed === "" ? [] : trimmed.split(splitPattern);
}

/** Length in code points. */
export function lengthOf(text: string): number {
  let count = text.length;
  for (let at = 0; at < text.length - 1; at += 1) {
    if (isPairAt(text, at)) {
      count -= 1;
      at += 1;
    }
  }
  return count;
}

function isPairAt(text: string, at: number): boolean {
  const high = text.charCodeAt(at);
  if (high < 0xd800 || high > 0xdbff) return false;
  const low = text.charCodeAt(at + 1);
  return low >= 0xdc00 && low <= 0xdfff;
}

export function codePointsOf(text: string): string[] {
  return Array.from(text);
}

/** Order by code points, as Python has it; JavaScript's `<` orders UTF-16 units. */
export function compareText(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const one = left.charCodeAt(at);
    const other = right.charCodeAt(at);
    if (one !== other) return rank(one) - rank(other);
  }
  return left.length - right.length;
}

/** Surrogates stand for characters above U+FFFF, so they sort after U+E000…U+FFFF. */
function rank(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}

/** `str.splitlines`: Python's line boundaries are more than "\n". */
export function splitLines(text: string, keepEnds = false): string[] {
  const lines: string[] = [];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the separators U+001C to U+001E end lines in Python.
  const pattern = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g;
  let start = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    lines.push(text.slice(start, keepEnds ? pattern.lastIndex : match.index));
    start = pattern.lastIndex;
  }
  if (start < text.length) lines.push(text.slice(start));
  return lines;
}
