/**
 * How often the product promotes what is no better, and how often it finds and proves what is. Simulated from end to end:
 * npm run bench -- search/nulls --mode swap|cost|repeated [--cell all|0.3,0,0.5] [--runs 400] [--setting defaults|400|1000]
 * npm run bench -- search/nulls --mode power|required|harmless [--runs 400] [--temperature 0|0.7]
 *   [--size 240|88] [--first 2001] [--keep runs.jsonl] [--out results.json]
 * Run k of a cell has the seed first + k − 1, for its world and for the product. Runs are kept one by one and taken up again.
 */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { commitOf } from "../commit.ts";
import type { Rate } from "../figures.ts";
import { type NullCell, nullCells } from "../label-world/null-world.ts";
import { suiteSizes } from "../label-world/world.ts";
import { keepNullRun, keptNullRuns } from "./kept-null-runs.ts";
import { gains, modes, type NullRun, type RunOptions, runNull, runPlanted } from "./modes.ts";
import { settings } from "./product.ts";
import { type CellSummary, summarizeNulls } from "./summarize-nulls.ts";

const { values: options } = parseArgs({
  options: {
    mode: { type: "string", default: "swap" },
    cell: { type: "string", default: "all" },
    runs: { type: "string", default: "400" },
    setting: { type: "string", default: "defaults" },
    temperature: { type: "string", default: "0" },
    size: { type: "string", default: String(suiteSizes.usual) },
    first: { type: "string", default: "2001" },
    keep: { type: "string", default: ".genepool-bench/nulls.jsonl" },
    out: { type: "string" },
  },
});

const mode = modes.find((name) => name === options.mode) ?? refuse(`--mode ${modes.join("|")}`);
const setting =
  settings.find((name) => name === options.setting) ?? refuse(`--setting ${settings.join("|")}`);
const [count, size, first] = [options.runs, options.size, options.first].map((text) => {
  const value = Number(text);
  return Number.isSafeInteger(value) && value > 0 ? value : refuse(`"${text}" is no such number`);
});
const temperature = Number(options.temperature);
const file = path.resolve(options.keep);

type OneRun = (run: RunOptions) => Promise<NullRun>;

const kept = await keptNullRuns(file);
const runs: NullRun[] = [];
for (const runCell of cellsOf())
  for (let k = 0; k < (count ?? 0); k++) {
    const run = { setting, size: size ?? suiteSizes.usual, seed: (first ?? 1) + k };
    const known = kept.find((other) => runCell.isSame(other) && other.seed === run.seed);
    const done = known ?? (await runCell.run(run));
    if (known === undefined) await keepNullRun(file, done);
    runs.push(done);
  }
const summary = summarizeNulls(runs);
print(summary.cells);
const { falsePromotion, falsePromotionMost } = summary.pooled;
console.log(
  `\nAll ${falsePromotion.n} runs: ${falsePromotion.count} false promotions, ${percent(falsePromotion.rate)}, at most ${percent(falsePromotionMost)} (exact, one-sided, 95 %). A cell above 5 % after Holm: ${summary.isAnyCellAbove ? "yes" : "none"}.`,
);
if (options.out !== undefined) {
  const report = {
    simulated: true,
    commit: await commitOf(),
    mode,
    setting,
    size,
    firstSeed: first,
    runs: count,
  };
  await writeFile(options.out, `${JSON.stringify({ ...report, ...summary }, null, 2)}\n`);
}

function cellsOf(): { run: OneRun; isSame: (run: NullRun) => boolean }[] {
  const named = (cell: string, run: OneRun) => ({
    run,
    isSame: (other: NullRun) =>
      other.mode === mode &&
      other.cell === cell &&
      other.setting === setting &&
      other.size === size,
  });
  if (mode === "swap" || mode === "cost" || mode === "repeated")
    return chosenCells().map((cell) =>
      named(`share ${cell.share}, temperature ${cell.temperature}, rate ${cell.rate}`, (run) =>
        runNull(mode, cell, run),
      ),
    );
  return gains.map((gain) =>
    named(`${gain.from} to ${gain.to}, temperature ${temperature}`, (run) =>
      runPlanted(mode, { ...gain, temperature }, run),
    ),
  );
}

function chosenCells(): NullCell[] {
  if (options.cell === "all") return [...nullCells];
  const [share, ofCell, rate] = options.cell.split(",").map(Number);
  const cell = nullCells.find(
    (one) => one.share === share && one.temperature === ofCell && one.rate === rate,
  );
  return cell === undefined
    ? refuse(`--cell all or share,temperature,rate as in 0.3,0,0.5, not "${options.cell}"`)
    : [cell];
}

function print(cells: readonly CellSummary[]): void {
  const errors =
    mode === "power" || mode === "required" || mode === "harmless"
      ? [
          "better, promoted",
          "given found",
          "found",
          "broken row caught",
          "promoted all the same",
          "harmless condemned",
        ]
      : [];
  const head = [
    `simulated, ${mode}, ${setting}, ${size} rows`,
    "runs",
    "false promotion",
    "at most",
    "p above 5 %, Holm",
    ...errors,
    "ordered (most)",
  ];
  console.log(`| ${head.join(" | ")} |\n|${" --- |".repeat(head.length)}`);
  for (const cell of cells) {
    const more = [
      cell.power,
      cell.powerGivenFound,
      cell.found,
      cell.caught,
      cell.missed,
      cell.harmlessCondemned,
    ];
    const row = [
      cell.cell,
      cell.runs,
      rate(cell.falsePromotion),
      percent(cell.falsePromotionMost),
      cell.pAboveHolm.toPrecision(2),
      ...(errors.length > 0 ? more.map(rate) : []),
      `${cell.ordered.toFixed(0)} (${cell.orderedMax})`,
    ];
    console.log(`| ${row.join(" | ")} |`);
  }
}

function rate({ rate: value, low, high, count: hits, n }: Rate): string {
  return n === 0 ? "none" : `${percent(value)} [${percent(low)}, ${percent(high)}] ${hits}/${n}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function refuse(message: string): never {
  console.error(message);
  process.exit(2);
}
