import type { PromptOperator } from "#lib/domain/prompt.ts";
import type {
  GenerationShape,
  IndividualShape,
  OptimizationDetail,
} from "../shapes/optimization.ts";
import type { RunReport } from "../shapes/report.ts";
import { bestSuccess } from "./best-success.ts";

type Tried = RunReport["tried"];
type Fallen = Tried["fellOut"][number];

/** What a run tried: its populations, how each operator fared, what guards refused and what fell out, with reasons. */
export function triedIn({ generationsDone, refused, dropped }: OptimizationDetail): Tried {
  const reasons = new Map(dropped.map(({ promptId, reason }) => [promptId, reason]));
  const seen = new Set<string>();
  const children = generationsDone.flatMap((generation) =>
    newcomersOf(generation, seen).map((child) => ({ child, generation })),
  );
  const fellOut = children.flatMap(({ child, generation }) =>
    fallOf(child, generation, reasons.get(child.promptId)),
  );
  return {
    generations: generationsDone.map(({ number, hypervolume, individuals }) => ({
      number,
      hypervolume,
      prompts: individuals.length,
      bestSuccess: bestSuccess(individuals),
    })),
    operators: operatorsOf(
      children.map(({ child }) => child),
      fellOut,
      refused,
    ),
    refused,
    fellOut,
  };
}

/** The prompts that appear for the first time. */
function newcomersOf({ individuals }: GenerationShape, seen: Set<string>): IndividualShape[] {
  const fresh = individuals.filter(
    ({ promptId, isIncumbent }) => !isIncumbent && !seen.has(promptId),
  );
  for (const { promptId } of fresh) seen.add(promptId);
  return fresh;
}

/** Why a child is gone; `dropped` is the reason where it left before its generation was ranked. */
function fallOf(
  child: IndividualShape,
  { number, individuals }: GenerationShape,
  dropped: string | undefined,
): Fallen[] {
  if (child.survived) return [];
  const { promptId: id, version, operator, passed, constraintViolation, rank } = child;
  const measured = child.success.n;
  const whole = Math.max(
    ...individuals.filter(({ survived }) => survived).map(({ success }) => success.n),
    0,
  );
  const what = { prompt: { id, version }, operator, generation: number };
  if (constraintViolation > 0)
    return [
      {
        ...what,
        fate: "regressed-control",
        reason: `Broke benchmarks that today's prompt passes, or fell under the least success (${passed} of ${measured} trials passed).`,
      },
    ];
  if (dropped !== undefined)
    return [
      {
        ...what,
        fate: "left-the-race",
        reason: `Set aside after ${measured} trials, ${passed} passed: ${dropped}.`,
      },
    ];
  // Runs of earlier versions kept no reasons.
  const fewest = fewestOfSurvivors(individuals);
  if (measured < fewest)
    return [
      {
        ...what,
        fate: "left-the-race",
        reason: `Left the race after ${measured} trials, ${passed} passed: no chance left against the others (survivors had up to ${whole}).`,
      },
    ];
  return [
    {
      ...what,
      fate: "not-selected",
      reason: `${passed} of ${measured} trials passed: others were better in success, cost or latency (front ${rank + 1}).`,
    },
  ];
}

function fewestOfSurvivors(individuals: readonly IndividualShape[]): number {
  const counts = individuals.filter(({ survived }) => survived).map(({ success }) => success.n);
  return counts.length === 0 ? 0 : Math.min(...counts);
}

function operatorsOf(
  children: readonly IndividualShape[],
  fellOut: readonly Fallen[],
  refused: OptimizationDetail["refused"],
): Tried["operators"] {
  const names = new Set<PromptOperator>([
    ...children.flatMap(({ operator }) => operator ?? []),
    ...refused.map(({ operator }) => operator),
  ]);
  return [...names].sort().map((operator) => {
    const own = children.filter((child) => child.operator === operator);
    return {
      operator,
      made: own.length,
      survived: own.filter(({ survived }) => survived).length,
      leftTheRace: fellOut.filter(
        (one) => one.operator === operator && one.fate === "left-the-race",
      ).length,
      refused: refused.filter((one) => one.operator === operator).length,
    };
  });
}
