/**
 * How well the search finds better prompts, and how seldom it believes luck. docs/search-bench.md describes the suites:
 * npm run bench -- search --suite null|gain-0.1|gain-0.2|gain-0.3|control-regression|mixed [--runs 400] [--size 240|88] [--json]
 * npm run bench -- search --suite workbench|ablation [--runs 20] [--budgets 300,1000] [--keep runs.jsonl] [--plot folder] [--json]
 * npm run bench -- search --suite real --data folder [--task sst2] [--url http://127.0.0.1:8090/v1] [--runs 5] [--split 1] [--speed 535,68] [--json]
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import type { Estimate } from "#lib/domain/experiment.ts";
import type { Arena } from "./agent/arena.ts";
import type { MethodRun } from "./agent/compare.ts";
import { keptRuns } from "./agent/kept-runs.ts";
import { labelledArena, type Speed } from "./agent/labelled-arena.ts";
import { plotOf } from "./agent/plot.ts";
import { ablate, type ComparisonOptions, compareMethods } from "./agent/report.ts";
import type { Ahead, MethodSummary } from "./agent/summary.ts";
import { workbenchArena } from "./agent/workbench-arena.ts";
import { reportSynthetic } from "./synthetic/report.ts";
import { synthetic } from "./synthetic/suites.ts";
import { worldSizes } from "./synthetic/world.ts";

const { values: options } = parseArgs({
  options: {
    suite: { type: "string", default: "" },
    runs: { type: "string" },
    seed: { type: "string", default: "1" },
    size: { type: "string" },
    budgets: { type: "string" },
    keep: { type: "string" },
    plot: { type: "string" },
    fresh: { type: "string" },
    split: { type: "string", default: "1" },
    speed: { type: "string" },
    data: { type: "string" },
    task: { type: "string", default: "sst2" },
    url: { type: "string", default: "http://127.0.0.1:8090/v1" },
    model: { type: "string", default: "compatible:smollm2" },
    concurrency: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const onAgents = ["workbench", "ablation", "real"];
const promptsFile = z.object({ manual: z.tuple([z.string()], z.string()) });

const suite = (Object.keys(synthetic) as (keyof typeof synthetic)[]).find(
  (name) => name === options.suite,
);
if (suite !== undefined) {
  const report = await reportSynthetic(suite, whole(options.runs, 400), {
    firstSeed: whole(options.seed, 1),
    size: whole(options.size, worldSizes.usual),
  });
  console.log(options.json ? JSON.stringify(report) : JSON.stringify(report, null, 2));
} else if (onAgents.includes(options.suite)) await compareOnAgents(options.suite);
else refuse(`--suite ${[...Object.keys(synthetic), ...onAgents].join("|")}`);

async function compareOnAgents(name: string): Promise<void> {
  const isReal = name === "real";
  const arena = isReal ? await realArena() : workbenchArena({ fresh: whole(options.fresh, 88) });
  const first = whole(options.seed, 1);
  const count = whole(options.runs, isReal ? 5 : 20);
  const budgets = (
    options.budgets ?? (isReal ? "400,1000" : name === "ablation" ? "1000" : "300,1000")
  )
    .split(",")
    .map((budget) => whole(budget, 0));
  const comparison: ComparisonOptions = {
    kind: isReal ? "labelled" : "workbench",
    budgets,
    seeds: Array.from({ length: count }, (_, i) => first + i),
    file: keepFile(name),
    onRun: options.json ? () => undefined : printRun,
  };
  try {
    const results = await (name === "ablation" ? ablate : compareMethods)(arena, comparison);
    const { simulated, fresh } = arena;
    if (options.plot !== undefined) {
      await mkdir(options.plot, { recursive: true });
      const kept = (await keptRuns(comparison.file)).filter(({ seed }) =>
        comparison.seeds.includes(seed),
      );
      for (const budget of budgets)
        await writeFile(
          path.join(options.plot, `${name}-${budget}.svg`),
          plotOf(budget, kept, simulated),
        );
    }
    const report = {
      suite: name,
      runs: count,
      firstSeed: first,
      simulated,
      fresh: fresh.length,
      results,
    };
    if (options.json) console.log(JSON.stringify(report));
    else for (const { budget, methods } of results) printTable(budget, methods);
  } finally {
    await arena.close();
  }
}

async function realArena(): Promise<Arena> {
  const { data, task, url, model } = options;
  if (data === undefined)
    return refuse("--data must name the folder with <task>.dev.jsonl and <task>.prompts.json");
  const prompts = await readFile(path.join(data, `${task}.prompts.json`), "utf8");
  const { manual } = promptsFile.parse(JSON.parse(prompts));
  return labelledArena({
    task,
    rows: await readFile(path.join(data, `${task}.dev.jsonl`), "utf8"),
    instructions: manual,
    url,
    model,
    fresh: whole(options.fresh, 200),
    split: whole(options.split, 1),
    speed: options.speed === undefined ? null : speedOf(options.speed),
    concurrency: whole(options.concurrency, 4),
    answersFile: `${keepFile("real")}.answers`,
  });
}

function speedOf(text: string): Speed {
  const [read, write, ...more] = text.split(",").map((rate) => whole(rate, 0));
  if (read === undefined || write === undefined || more.length > 0)
    return refuse("--speed must name the tokens read and written a second, as in 535,68");
  return { inputTokensPerSecond: read, outputTokensPerSecond: write };
}

function keepFile(name: string): string {
  return path.resolve(options.keep ?? `.genepool-bench/${name}.jsonl`);
}

function printRun({ budget, seed, method, trials, pick, start, hypervolume }: MethodRun): void {
  const success = `${percent(start.successRate)} → ${percent(pick.successRate)}`;
  console.log(
    `${budget} seed ${seed} ${method}: ${success}, hypervolume ${hypervolume.toFixed(3)}, ${trials} trials`,
  );
}

function printTable(budget: number, methods: readonly MethodSummary[]): void {
  console.log(
    `\n| ${budget} trials | success, median (mean) | hypervolume, median (mean) | cost | success ahead, median (seeds ahead : behind) | mean | hypervolume ahead, median (seeds) | mean |`,
  );
  console.log("| --- | --- | --- | --- | --- | --- | --- | --- |");
  for (const { method, success, hypervolume, costRatio, ahead } of methods) {
    const cells = [
      method,
      `${percent(success.median)} (${percent(success.mean)})`,
      `${hypervolume.median.toFixed(3)} (${hypervolume.mean.toFixed(3)})`,
      `× ${costRatio.median.toFixed(2)}`,
      ...(ahead === null
        ? ["", "", "", ""]
        : [...aheadCells(ahead.success, points), ...aheadCells(ahead.hypervolume, signed)]),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}

function aheadCells({ median, mean }: Ahead, write: (value: number) => string): string[] {
  const range = ({ low, high }: Estimate) => `${write(low)} to ${write(high)}`;
  return [
    `${write(median.value)} [${range(median)}] (${median.above} : ${median.below})`,
    `${write(mean.value)} (${range(mean)})`,
  ];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function points(share: number): string {
  return `${share < 0 ? "−" : "+"}${Math.abs(share * 100).toFixed(1)}`;
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
}

function whole(text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    return refuse(`"${text ?? ""}" is no number of runs, seeds or trials`);
  return value;
}

function refuse(message: string): never {
  console.error(message);
  process.exit(2);
}
