/** Finding, cutting and replacing in texts, with offsets in code points. */
import type { MethodReader } from "./arguments.ts";
import type { Budget } from "./limits.ts";
import { codePointsOf, isSpace, lengthOf, trimEndSpace, trimStartSpace } from "./python-text.ts";
import { typeError } from "./value.ts";

/** The part of `text` between two code points, negative ones counted from the end. */
function window(text: string, given: MethodReader): { part: string; offset: number } | undefined {
  const start = given.integer(1);
  const end = given.integer(2);
  if (start === undefined && end === undefined) return { part: text, offset: 0 };
  const characters = codePointsOf(text);
  const clamp = (at: number) => Math.max(0, at < 0 ? at + characters.length : at);
  const from = clamp(start ?? 0);
  if (from > characters.length) return undefined;
  const to = clamp(end ?? characters.length);
  // An end before the start finds nothing, not even the empty text.
  if (to < from) return undefined;
  return { part: characters.slice(from, to).join(""), offset: from };
}

/** Index in code points, or -1. */
export function findIn(text: string, given: MethodReader, isLast: boolean, budget: Budget): number {
  const wanted = given.text(0) ?? "";
  const found = window(text, given);
  if (found === undefined) return -1;
  budget.scan(text.length);
  const at = isLast ? found.part.lastIndexOf(wanted) : found.part.indexOf(wanted);
  return at < 0 ? -1 : found.offset + lengthOf(found.part.slice(0, at));
}

export function countOf(text: string, given: MethodReader, budget: Budget): number {
  const wanted = given.text(0) ?? "";
  const found = window(text, given);
  if (found === undefined) return 0;
  if (wanted === "") return lengthOf(found.part) + 1;
  budget.scan(text.length);
  let count = 0;
  for (let at = found.part.indexOf(wanted); at >= 0; at = found.part.indexOf(wanted, at)) {
    count += 1;
    at += wanted.length;
  }
  return count;
}

export function trimCharacters(
  text: string,
  characters: string,
  atStart: boolean,
  atEnd: boolean,
): string {
  const drop = new Set(characters);
  const letters = codePointsOf(text);
  let from = 0;
  let to = letters.length;
  while (atStart && from < to && drop.has(letters[from] ?? "")) from += 1;
  while (atEnd && to > from && drop.has(letters[to - 1] ?? "")) to -= 1;
  return letters.slice(from, to).join("");
}

/** `str.split` and `str.rsplit`; without a separator runs of whitespace separate. A negative limit is none. */
export function splitText(
  text: string,
  separator: string | undefined,
  limit: number,
  fromEnd: boolean,
  budget: Budget,
): string[] {
  if (separator === "") throw typeError("split() needs a separator that is not empty.");
  const most = limit < 0 ? Number.POSITIVE_INFINITY : limit;
  budget.scan(text.length);
  const parts =
    separator === undefined
      ? splitSpaces(text, most, fromEnd)
      : splitBy(text, separator, most, fromEnd);
  budget.list(parts.length);
  return parts;
}

function splitBy(text: string, separator: string, most: number, fromEnd: boolean): string[] {
  const parts = text.split(separator);
  const extra = parts.length - 1 - most;
  if (extra <= 0) return parts;
  if (fromEnd) return [parts.slice(0, extra + 1).join(separator), ...parts.slice(extra + 1)];
  return [...parts.slice(0, most), parts.slice(most).join(separator)];
}

function splitSpaces(text: string, most: number, fromEnd: boolean): string[] {
  const parts: string[] = [];
  let rest = fromEnd ? trimEndSpace(text) : trimStartSpace(text);
  while (rest !== "" && parts.length < most) {
    let cut = fromEnd ? rest.length : 0;
    if (fromEnd) {
      while (cut > 0 && !isSpace(rest.charAt(cut - 1))) cut -= 1;
      parts.push(rest.slice(cut));
      rest = trimEndSpace(rest.slice(0, cut));
    } else {
      while (cut < rest.length && !isSpace(rest.charAt(cut))) cut += 1;
      parts.push(rest.slice(0, cut));
      rest = trimStartSpace(rest.slice(cut));
    }
  }
  if (rest !== "") parts.push(rest);
  return fromEnd ? parts.reverse() : parts;
}

/** `str.replace`; a negative count replaces all. The result's length is charged before it is built. */
export function replaceIn(
  text: string,
  wanted: string,
  replacement: string,
  count: number,
  budget: Budget,
): string {
  budget.scan(text.length);
  const most = count < 0 ? Number.POSITIVE_INFINITY : count;
  if (wanted === "") return insertBetween(text, replacement, most, budget);
  const pieces = text.split(wanted);
  const replaced = Math.min(most, pieces.length - 1);
  budget.string(text.length + replaced * (replacement.length - wanted.length));
  budget.step(pieces.length);
  const head = pieces.slice(0, replaced + 1).join(replacement);
  const tail = pieces.slice(replaced + 1);
  return tail.length === 0 ? head : [head, ...tail].join(wanted);
}

function insertBetween(text: string, inserted: string, most: number, budget: Budget): string {
  const characters = codePointsOf(text);
  const times = Math.min(most, characters.length + 1);
  budget.string(text.length + inserted.length * times);
  budget.step(characters.length);
  let result = "";
  characters.forEach((character, index) => {
    result += index < times ? inserted + character : character;
  });
  return times > characters.length ? result + inserted : result;
}
