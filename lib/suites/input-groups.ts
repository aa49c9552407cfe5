/**
 * Benchmarks that ask the same question are one group: the unit of splits, of examples and of evidence. Two inputs are
 * the same when only case, white space, final punctuation or the Unicode form differs.
 */
import { contentHash } from "../content-hash.ts";

/** Characters that take no room: soft hyphen, zero-width space, word joiner, byte order mark. */
const invisible = /[\u00AD\u200B\u2060\uFEFF]/g;
/** White space of any script; `\s` lacks the next-line control. */
const whiteSpace = /[\s\u0085]+/g;
/** What ends a sentence or clause in any script; symbols such as # and % are part of the question. */
const finalPunctuation = /^[\s\p{Terminal_Punctuation}]$/u;

/**
 * An input as it is compared: NFKC, case folded, white space collapsed and trimmed, final punctuation dropped. A text
 * of nothing but punctuation keeps it.
 */
export function normalizedInput(text: string): string {
  const spaced = folded(text).replace(invisible, "").replace(whiteSpace, " ").trim();
  const bare = withoutFinalPunctuation(spaced);
  return bare === "" ? spaced : bare;
}

/** From the end, character by character: a pattern with `+$` takes quadratic time on a long run of dots within. */
function withoutFinalPunctuation(text: string): string {
  let end = text.length;
  while (end > 0) {
    const last = text.codePointAt(end - 2) ?? 0;
    const start = last > 0xffff ? end - 2 : end - 1;
    if (!finalPunctuation.test(text.slice(start, end))) break;
    end = start;
  }
  return text.slice(0, end);
}

/** The group of an input: the hash of its normalized text, 64 hex digits. */
export function groupOf(text: string): string {
  return contentHash(normalizedInput(text));
}

/** Lower case alone leaves ß and ẞ or the two small sigmas apart; through upper case they meet. */
function folded(text: string): string {
  return text.normalize("NFKC").toLowerCase().toUpperCase().toLowerCase().normalize("NFKC");
}
