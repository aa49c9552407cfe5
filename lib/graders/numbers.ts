import type { SingleGrader } from "../domain/grader.ts";
import { type GradedAnswer, type Judgement, verdict } from "./judgement.ts";

type NumericGrader = Extract<SingleGrader, { kind: "numeric" }>;

/** Compares the answer's number with the expected one, within the wider of both tolerances. */
export function gradeNumeric(config: NumericGrader, { answer, expected }: GradedAnswer): Judgement {
  const found = finalNumber(answer, config);
  const target = finalNumber(expected, { ...config, decimal: undefined });
  const close =
    found !== null &&
    target !== null &&
    Math.abs(found - target) <=
      Math.max(config.tolerance, (config.relative ?? 0) * Math.abs(target));
  return verdict(close, answer, expected);
}

/** The number that a text comes to, or null. */
export function findNumber(text: string): number | null {
  return finalNumber(text, {});
}

/** The number behind "answer", where one is announced, else the last one: reasoning comes before its result. */
function finalNumber(
  text: string,
  { decimal, units }: Pick<NumericGrader, "decimal" | "units">,
): number | null {
  const plain = plainNumbers(text, decimal ?? ".");
  const pattern = "[-+]?\\d+(?:\\.\\d+)?(?:e[-+]?\\d+)?";
  const announced = [
    ...plain.matchAll(
      new RegExp(`(?:\\banswer\\b(?: is)?[\\s:=*$(]{0,6}|####\\s*)(${pattern})`, "gi"),
    ),
  ].at(-1);
  const last = announced ?? [...plain.matchAll(new RegExp(`(${pattern})`, "gi"))].at(-1);
  const number = last?.[1];
  if (last === undefined || number === undefined) return null;
  return Number(number) * factorOf(plain.slice(last.index + last[0].length), units ?? {});
}

/** Numbers as programs write them. */
function plainNumbers(text: string, decimal: "." | ","): string {
  return decimal === "."
    ? text.replace(/(?<=\d),(?=\d{3}(?!\d))/g, "")
    : text.replace(/(?<=\d)[.\u00A0\u202F ](?=\d{3}(?!\d))/g, "").replace(/(?<=\d),(?=\d)/g, ".");
}

/** What the unit right behind a number multiplies it with; the longest unit that stands there as a word. */
function factorOf(rest: string, units: Readonly<Record<string, number>>): number {
  const behind = rest.replace(/^[ \u00A0\u202F*_]{0,3}/, "");
  const unit = Object.keys(units)
    .filter((name) => behind.startsWith(name) && !/^\p{L}/u.test(behind.slice(name.length)))
    .sort((a, b) => b.length - a.length)[0];
  return unit === undefined ? 1 : (units[unit] ?? 1);
}
