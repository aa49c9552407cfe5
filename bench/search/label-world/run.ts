/**
 * Methods in label worlds, by ordered trials and judged by the truth. Simulated from end to end:
 * npm run bench -- search/label-world --method all|genepool|"GEPA-style;hill climbing" --worlds 1..40 --budget 400|1000 [--size 240|88] [--temperature 0]
 *   [--proof yes|no|both] [--sweep] [--against "GEPA-style"] [--keep runs.jsonl] [--kept-only] [--out results.json]
 */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { commitOf } from "../commit.ts";
import { genepool } from "./genepool-method.ts";
import { sweptMethods, tunedMethods } from "./settings.ts";
import { type Difference, summarizeWorlds, type WorldSummary } from "./summarize-worlds.ts";
import { suiteSizes } from "./world.ts";
import type { WorldMethod } from "./world-method.ts";
import { keepWorldRun, keptWorldRuns, runInWorld, type WorldRun } from "./world-runs.ts";

const { values: options } = parseArgs({
  options: {
    method: { type: "string", default: "all" },
    worlds: { type: "string", default: "1..20" },
    budget: { type: "string", default: "400" },
    size: { type: "string", default: String(suiteSizes.usual) },
    temperature: { type: "string", default: "0" },
    proof: { type: "string", default: "yes" },
    sweep: { type: "boolean", default: false },
    against: { type: "string", default: "GEPA-style" },
    keep: { type: "string", default: ".genepool-bench/label-world.jsonl" },
    /** Sums up what the file holds, and runs nothing. */
    "kept-only": { type: "boolean", default: false },
    out: { type: "string" },
  },
});

const file = path.resolve(options.keep);
const [first, last] = rangeOf(options.worlds);
const budgets = options.budget.split(",").map((text) => numberOf(text, 1));
const size = numberOf(options.size, 1);
const temperature = numberOf(options.temperature, 0);
const seeds = Array.from({ length: last - first + 1 }, (_, k) => first + k);

const kept = await keptWorldRuns(file);
const runs: WorldRun[] = [];
const methods = budgets.flatMap((budget) => chosenMethods().map((method) => ({ method, budget })));
for (const seed of seeds)
  for (const { method, budget } of methods) {
    const isSame = (run: WorldRun) =>
      run.method === method.name &&
      run.world === seed &&
      run.budget === budget &&
      run.size === size &&
      run.temperature === temperature;
    const known = kept.find(isSame);
    if (known === undefined && options["kept-only"]) continue;
    const run = known ?? (await runInWorld(method, { seed, size, temperature, budget }));
    if (known === undefined) await keepWorldRun(file, run);
    runs.push(run);
  }
const summary = summarizeWorlds(runs, options.against);
printTable(summary);
if (options.out !== undefined) {
  const report = {
    simulated: true,
    commit: await commitOf(),
    worlds: options.worlds,
    size,
    temperature,
    against: options.against,
    methods: summary,
  };
  await writeFile(options.out, `${JSON.stringify(report, null, 2)}\n`);
}

function chosenMethods(): WorldMethod[] {
  const proofs = options.proof === "both" ? [true, false] : [options.proof === "yes"];
  const all = options.sweep
    ? sweptMethods()
    : [genepool, ...proofs.flatMap((proof) => tunedMethods(proof))];
  const chosen = options.method.split(";").map((text) => text.toLowerCase());
  const found = all.filter(
    ({ name }) =>
      options.method === "all" || chosen.some((text) => name.toLowerCase().startsWith(text)),
  );
  return found.length > 0
    ? found
    : refuse(`--method all or one of: ${all.map(({ name }) => name).join(" | ")}`);
}

function printTable(rows: readonly WorldSummary[]): void {
  console.log(
    `| simulated, worlds ${options.worlds}, ${size} rows | budget | success (SD) | hypervolume (SD) | cost | ordered (most) | of those proof | prompts | success less ${options.against} (SD) | hypervolume less it (SD) |`,
  );
  console.log(`|${" --- |".repeat(10)}`);
  for (const row of rows.toSorted((a, b) => a.budget - b.budget)) {
    const { success, hypervolume, ahead } = row;
    const cells = [
      row.method,
      row.budget,
      `${percent(success.mean)} (${percent(success.sd)})`,
      `${hypervolume.mean.toFixed(3)} (${hypervolume.sd.toFixed(3)})`,
      `× ${row.costRatio.toFixed(2)}`,
      `${row.ordered.toFixed(0)} (${row.orderedMax})`,
      row.proofTrials.toFixed(0),
      row.prompts.toFixed(1),
      ahead === null ? "" : difference(ahead.success, (value) => (value * 100).toFixed(1)),
      ahead === null ? "" : difference(ahead.hypervolume, (value) => value.toFixed(3)),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}

function difference(
  { value, low, high, sd }: Difference,
  write: (value: number) => string,
): string {
  return `${write(value)} [${write(low)}, ${write(high)}] (${write(sd)})`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function rangeOf(text: string): [number, number] {
  const [from, to] = text.split("..").map((part) => numberOf(part, 1));
  if (from === undefined || to === undefined || to < from)
    return refuse(`--worlds must name a range as in 1..40, not "${text}"`);
  return [from, to];
}

function numberOf(text: string, least: number): number {
  const value = Number(text);
  return Number.isFinite(value) && value >= least ? value : refuse(`"${text}" is no such number`);
}

function refuse(message: string): never {
  console.error(message);
  process.exit(2);
}
