const piece = /[\p{L}]+|\p{N}{1,3}|[^\s\p{L}\p{N}]/gu;

/** Tokens of a text as a byte-pair tokenizer would count them, roughly: words in pieces of about five letters. */
export function countTokens(text: string): number {
  let tokens = 0;
  for (const match of text.matchAll(piece)) tokens += Math.ceil(match[0].length / 6);
  return tokens;
}

/** The beginning of a text, as long as so many tokens allow. */
export function cutToTokens(text: string, limit: number): string {
  let tokens = 0;
  for (const match of text.matchAll(piece)) {
    tokens += Math.ceil(match[0].length / 6);
    if (tokens > limit) return text.slice(0, match.index);
  }
  return text;
}
