/** Graders that compare words: exact, label, contains, Levenshtein. */
import { distance } from "fastest-levenshtein";
import type { SingleGrader } from "../domain/grader.ts";
import { type GradedAnswer, type Judgement, scored, verdict, wrong } from "./judgement.ts";

type Config<K extends SingleGrader["kind"]> = Extract<SingleGrader, { kind: K }>;

export function gradeExact(config: Config<"exact">, { answer, expected }: GradedAnswer): Judgement {
  return verdict(comparable(answer, config) === comparable(expected, config), answer, expected);
}

/** Without `all`, `any` and `none`, the expected text must occur; an empty one always does. */
export function gradeContains(
  config: Config<"contains">,
  { answer, expected }: GradedAnswer,
): Judgement {
  const { all, any, none } = config;
  const text = comparable(answer, config);
  const occurs = (word: string) => text.includes(comparable(word, config));
  if (all === undefined && any === undefined && none === undefined)
    return verdict(occurs(expected), answer, expected);
  const missing = all?.find((word) => !occurs(word));
  if (missing !== undefined)
    return wrong(`missing ${missing}`, `The answer does not contain "${missing}".`);
  if (any !== undefined && !any.some(occurs))
    return wrong("none of several", `The answer contains none of: ${any.join(", ")}.`);
  const forbidden = none?.find(occurs);
  if (forbidden !== undefined)
    return wrong(`contains ${forbidden}`, `The answer contains "${forbidden}", which it must not.`);
  return { score: 1, failure: null };
}

/** An answer without any label is wrong, never the first class. */
export function gradeLabel({ answer, expected, labels }: GradedAnswer): Judgement {
  const found = firstLabel(answer, labels ?? [expected]);
  if (found === null)
    return wrong("no-label", `The answer names none of the labels: "${answer.slice(0, 200)}"`);
  return verdict(found.toLowerCase() === expected.toLowerCase(), found, expected);
}

/** Distances take time by the product of both lengths: 20,000 characters each are some tens of milliseconds. */
const distanceLengthMax = 20_000;

export function gradeLevenshtein(
  config: Config<"levenshtein">,
  { answer, expected }: GradedAnswer,
): Judgement {
  const a = comparable(answer, config);
  const b = comparable(expected, config);
  if (a.length > distanceLengthMax)
    return wrong("too-long", `The answer has more than ${distanceLengthMax} characters.`);
  const longest = Math.max(a.length, b.length);
  const score = longest === 0 ? 1 : Math.max(0, 1 - distance(a, b) / longest);
  return scored(score, config.threshold, () =>
    wrong(
      "too-far",
      `Answered "${answer.slice(0, 200)}": ${score.toFixed(3)} alike "${expected.slice(0, 200)}", below ${config.threshold}.`,
    ),
  );
}

/** The label that occurs first in the answer as words of its own, the longest of those that begin there. */
function firstLabel(answer: string, labels: readonly string[]): string | null {
  let best: { label: string; at: number } | null = null;
  for (const label of labels) {
    const pattern = new RegExp(
      `(?<![\\p{L}\\p{N}])${escapePattern(label)}(?![\\p{L}\\p{N}])`,
      "iu",
    );
    const at = pattern.exec(answer)?.index;
    if (at === undefined) continue;
    const better =
      best === null || at < best.at || (at === best.at && label.length > best.label.length);
    if (better) best = { label, at };
  }
  return best?.label ?? null;
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

interface Likeness {
  ignoreCase: boolean;
  unicode?: "nfc" | "nfkc" | undefined;
}

function comparable(text: string, { ignoreCase, unicode }: Likeness): string {
  const form = unicode === undefined ? text : text.normalize(unicode === "nfc" ? "NFC" : "NFKC");
  const trimmed = form.replace(/\s+/g, " ").trim();
  return ignoreCase ? trimmed.toLowerCase() : trimmed;
}
