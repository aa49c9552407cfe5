/**
 * Hostile templates, each in a process of its own: `npx tsx bench/template/attacks.ts`. Prints the worst cases by time
 * of admission, time of rendering and memory; ends with 1 when one ran code, leaked, broke the next rendering or
 * outgrew the bounds that docs/templates.md states.
 */
import { attackLines, bounds, type Measure, measureAttacks } from "./measure-attacks.ts";

function printWorst(title: string, measures: readonly Measure[], by: keyof typeof bounds): void {
  const worst = [...measures].sort((a, b) => b[by] - a[by]).slice(0, 5);
  const shown = worst.map((found) => `${found.id} ${found[by].toFixed(1)}`).join(", ");
  console.log(`| ${title} | ${shown} | ${bounds[by]} |`);
}

const measures = attackLines().flatMap((line) => measureAttacks([line]));
const atSave = measures.filter(({ refusedAtSave }) => refusedAtSave).length;
const later = measures.filter(({ refused, refusedAtSave }) => refused && !refusedAtSave).length;
console.log(
  `${measures.length} attacks: ${atSave} refused at save, ${later} when rendered, ${measures.length - atSave - later} harmless`,
);
console.log("\n| Measure | Worst cases | Bound |\n| --- | --- | --- |");
printWorst("Admission, ms", measures, "admissionMs");
printWorst("Rendering, ms", measures, "renderMs");
printWorst("Memory over start, MB", measures, "growthMb");
const bad = measures.filter(
  (found) =>
    found.worked ||
    !found.nextRenders ||
    found.admissionMs > bounds.admissionMs ||
    found.renderMs > bounds.renderMs ||
    found.growthMb > bounds.growthMb,
);
for (const found of bad) console.log(`OUT OF BOUNDS ${JSON.stringify(found)}`);
process.exitCode = bad.length === 0 ? 0 : 1;
