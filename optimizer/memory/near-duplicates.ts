/**
 * Near-duplicates: a child that makes, but for a word, the same edit as a prompt that was measured before tells nothing
 * new and is refused before money is spent. Compared is what each changed against the child's parent, not the whole
 * text: two edits of one long prompt are alike in nearly all their words and may still be opposites.
 */
import { canonicalJson } from "#lib/canonical-json.ts";
import type { PromptGenome } from "#lib/domain/prompt.ts";
import { bagDifference, cosine, wordBag } from "#lib/genome/words.ts";

const cosineMin = 0.97;

/** The first of `known` that makes nearly the same edit of `parent` as `child` does, or null. */
export function nearDuplicate<T extends { genome: PromptGenome }>(
  child: PromptGenome,
  parent: PromptGenome,
  known: readonly T[],
): T | null {
  const base = wordBag(parent.content);
  const edit = bagDifference(wordBag(child.content), base);
  const settings = settingsOf(child);
  return (
    known.find(({ genome }) => {
      if (genome.content === child.content) return settingsOf(genome) === settings;
      if (edit.size === 0 || settingsOf(genome) !== settings) return false;
      return cosine(edit, bagDifference(wordBag(genome.content), base)) >= cosineMin;
    }) ?? null
  );
}

function settingsOf({ parameters, tools }: PromptGenome): string {
  return canonicalJson({ parameters, tools });
}
