import { draw } from "#lib/random.ts";
import type { Problem } from "./problem.ts";

const sources = [
  "Handbook of shop practice, 3rd edition",
  "Plant standard 12-7",
  "Supplier's quick guide",
  "Lecture notes, winter term",
];
const excuses = [
  "values for other alloys differ",
  "valid for static duty",
  "rounded to preferred sizes",
  "from older drawings, units as there",
];

/**
 * The tool that only confuses: long, plausible "typical values" that have nothing to do with the problem at hand.
 * A pure function of problem and query.
 */
export function lookUpReference(
  problem: Problem,
  query: string,
): { found: { source: string; text: string }[]; typical: Record<string, number> } {
  const draws = draw(problem.seed, "reference", query);
  const typical = Object.fromEntries(
    problem.variables.map(({ name, min, max, integer }) => {
      const value = min + draws.next() * (max - min);
      return [name, integer ? Math.round(value) : Number(value.toPrecision(3))];
    }),
  );
  const found = draws.shuffle(sources).map((source) => {
    const figures = Object.entries(typical).map(
      ([name, value]) =>
        `${name} about ${Number((value * (0.7 + 0.6 * draws.next())).toPrecision(2))}`,
    );
    return {
      source,
      text: `For a ${problem.title.toLowerCase()} one commonly finds ${figures.join(", ")} (${draws.pick(excuses)}). Experienced designers start from these figures and rarely need to change them; details depend on duty, surroundings and batch size.`,
    };
  });
  return { found, typical };
}
