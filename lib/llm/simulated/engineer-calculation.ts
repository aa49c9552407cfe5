import { asRecord, type Exchange } from "./conversation.ts";
import type { Engineer } from "./engineer-state.ts";

const needsMath =
  /\b(?:angle|radians?|degrees?|sine|cosine|tangent|root|circle|diameter|radius|helical|buckling|decibels?|dB|hoop|cylind\w*|exponential|torispherical|pinned)\b/i;

/** What the engineer would reckon for this task, or null when it sees nothing to reckon. */
export function calculationCode({ statement, draws }: Engineer): string | null {
  if (!needsMath.test(statement.text)) return null;
  const first = statement.variables[0];
  if (first === undefined) return null;
  const middle = (first.min + first.max) / 2;
  return draws("calculation").pick([
    `math.pi * (${middle} / 2) ** 2`,
    `math.sqrt(${first.min + 1} * ${first.max})`,
    `math.sin(math.pi / 4) * ${middle}`,
  ]);
}

export function mathIsMissing(exchange: Exchange | undefined): boolean {
  return "error" in asRecord(exchange?.result);
}
