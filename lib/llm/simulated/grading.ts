/** The model as a grader of answers: it compares words with the expected answer, and errs now and then. */
import { z } from "zod";
import type { Draws } from "../../random.ts";

const asked = z.object({ expected: z.string(), answer: z.string() });
const oversight = 0.05;
const likenessMin = 0.8;

/** The score for a right answer, as the instructions name it; 1 where they name none. */
export function scoreMaxIn(instructions: string): number {
  return Number(/\bto (\d+), right\b/.exec(instructions)?.[1] ?? 1);
}

/** One line of JSON with score and reason. */
export function gradeText(text: string, draws: Draws, scoreMax: number): string {
  const parsed = asked.safeParse(dataIn(text));
  if (!parsed.success) return "I see nothing to grade.";
  const { expected, answer } = parsed.data;
  const share = coveredShare(words(expected), new Set(words(answer)));
  const seems = share >= likenessMin !== draws.chance(oversight);
  const reason = seems
    ? "The answer says what was expected."
    : `The answer has ${Math.round(share * 100)} % of the expected words.`;
  return JSON.stringify({ score: seems ? scoreMax : 0, reason });
}

/** The object on the line behind the opening mark. */
function dataIn(text: string): unknown {
  const line = /^BEGIN \w+\n(.*)\nEND /m.exec(text)?.[1];
  if (line === undefined) return null;
  try {
    return JSON.parse(line);
  } catch {
    // As any reader of a broken message: there is nothing to grade.
    return null;
  }
}

function coveredShare(wanted: readonly string[], present: ReadonlySet<string>): number {
  if (wanted.length === 0) return 1;
  return wanted.filter((word) => present.has(word)).length / wanted.length;
}

function words(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
