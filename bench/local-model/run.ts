/**
 * The whole loop on real rows with a real model: imports part of a suite, optimizes a starting prompt once a seed, and
 * measures the starting and the resulting prompt on rows that no run has seen. docs/real-model.md says how to call it.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { promptParameters } from "#lib/domain/prompt.ts";
import { resolveModel } from "#lib/llm/models.ts";
import { parsePriceTable } from "#lib/llm/prices.ts";
import { draw } from "#lib/random.ts";
import { pairedDifferenceInterval } from "#lib/stats/bootstrap.ts";
import { type GenepoolCli, genepoolCli } from "./genepool-cli.ts";
import { type Accuracy, type MeasuredPrompt, measureAccuracy } from "./measure.ts";
import { splitRows } from "./rows.ts";

const { values: options } = parseArgs({
  options: {
    data: { type: "string" },
    task: { type: "string", default: "sst2" },
    seeds: { type: "string", default: "1,2" },
    test: { type: "string", default: "200" },
    url: { type: "string", default: "http://127.0.0.1:8090/v1" },
    model: { type: "string", default: "compatible:smollm2" },
    work: { type: "string", default: ".genepool-real-model" },
    concurrency: { type: "string", default: "4" },
  },
});

const promptsFile = z.object({ manual: z.array(z.string()).min(1) });
const named = z.object({ version: z.string() });
const report = z.object({
  summary: z.string(),
  incumbent: named,
  front: z.array(named.extend({ successRate: z.number(), operator: z.string().nullable() })),
  finalists: z.array(
    named.extend({ verdict: z.object({ kind: z.string(), sentence: z.string() }) }),
  ),
  candidates: z.array(named),
  trials: z.number(),
  wallMs: z.number(),
});
type Report = z.infer<typeof report>;
const shownPrompt = z.object({ content: z.string(), parameters: promptParameters });

/** A budget that a model on a laptop answers in minutes. */
const size = ["--calls", "400", "--cap-usd", "5"];

interface SeedResult {
  seed: number;
  start: Accuracy;
  final: Accuracy;
  chosen: string;
  verdict: string;
  content: string;
  trials: number;
  seconds: number;
}

async function main(): Promise<void> {
  if (options.data === undefined)
    throw new Error("--data must name the folder with <task>.dev.jsonl and <task>.prompts.json.");
  const work = path.resolve(options.work);
  await mkdir(work, { recursive: true });
  // A model of one's own costs nothing, but without a price length would count for nothing either.
  const prices = JSON.stringify({
    [options.model]: { inputUsdPerMTok: 0.01, outputUsdPerMTok: 0.04 },
  });
  const pricesFile = path.join(work, "prices.json");
  await writeFile(pricesFile, prices);
  const cli = genepoolCli({
    GENEPOOL_DATA_DIR: path.join(work, "data"),
    GENEPOOL_PRICES_FILE: pricesFile,
    OPENAI_COMPATIBLE_URL: options.url,
    DATABASE_URL: "",
  });
  const suite = path.join(options.data, `${options.task}.dev.jsonl`);
  const { searchLines, test } = splitRows(await readFile(suite, "utf8"), Number(options.test));
  const searchFile = path.join(work, `${options.task}.search.jsonl`);
  await writeFile(searchFile, `${searchLines.join("\n")}\n`);
  await cli("suites", "import", searchFile, "--name", options.task);

  const model = resolveModel(options.model, {
    keys: { compatible: { url: options.url, apiKey: undefined } },
    prices: parsePriceTable(prices),
  });
  const measure = (prompt: MeasuredPrompt) =>
    measureAccuracy(prompt, test, { model, concurrency: Number(options.concurrency) });
  const results: SeedResult[] = [];
  for (const seed of options.seeds.split(",").map(Number)) {
    const result = await runSeed(cli, { seed, work, measure });
    results.push(result);
    await writeFile(path.join(work, `${options.task}.results.json`), JSON.stringify(results));
    printSeed(result);
  }
  printTable(results);
}

async function runSeed(
  cli: GenepoolCli,
  context: { seed: number; work: string; measure: (prompt: MeasuredPrompt) => Promise<Accuracy> },
): Promise<SeedResult> {
  const { seed, work, measure } = context;
  const agent = `${options.task}-${seed}`;
  const promptFile = path.join(work, `${options.task}.j2`);
  await writeFile(promptFile, await startingPrompt());
  await cli(
    ...["agents", "add", agent, "--suite", options.task, "--model", options.model],
    ...["--prompt", promptFile, "--max-output-tokens", "16"],
  );
  const stand = ["--proposer-model", "simulated", "--sanity-model", "simulated"];
  const output = await cli(
    ...["optimize", "--agent", agent, "--seed", String(seed), ...stand, ...size],
    ...["--concurrency", options.concurrency, "--json"],
  );
  await writeFile(path.join(work, `${agent}.report.json`), output);
  const outcome = report.parse(JSON.parse(output));
  const { version, chosen, verdict } = bestOf(outcome);
  const load = async (name: string) =>
    shownPrompt.parse(JSON.parse(await cli("prompts", "show", `${agent}@${name}`, "--json")));
  const winner = await load(version);
  return {
    seed,
    start: await measure(await load(outcome.incumbent.version)),
    final: await measure(winner),
    chosen,
    verdict,
    content: winner.content,
    trials: outcome.trials,
    seconds: outcome.wallMs / 1_000,
  };
}

/** The authors' first prompt by hand as the system's message, the row as the user's. */
async function startingPrompt(): Promise<string> {
  const file = path.join(options.data ?? "", `${options.task}.prompts.json`);
  const { manual } = promptsFile.parse(JSON.parse(await readFile(file, "utf8")));
  return `system:\n${manual[0]?.trim() ?? ""}\nuser:\n{{ input }}\n`;
}

/** What the loop put up for review; else its first finalist, else the best of the last front, and it is said which. */
function bestOf(outcome: Report): { version: string; chosen: string; verdict: string } {
  const [candidate] = outcome.candidates;
  const finalist =
    outcome.finalists.find(({ version }) => version === candidate?.version) ?? outcome.finalists[0];
  if (finalist !== undefined) {
    const { version, verdict } = finalist;
    const chosen = candidate === undefined ? "finalist, not promoted" : "candidate";
    return { version, chosen, verdict: `${verdict.kind}: ${verdict.sentence}` };
  }
  const [best] = outcome.front.toSorted((a, b) => b.successRate - a.successRate);
  return {
    version: best?.version ?? outcome.incumbent.version,
    chosen: "best of the front, not promoted",
    verdict: outcome.summary,
  };
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

function printSeed({ seed, chosen, verdict, content }: SeedResult): void {
  console.log(`seed ${seed}: ${chosen}; ${verdict}\n${content}\n`);
}

function printTable(results: readonly SeedResult[]): void {
  console.log("| seed | prompt | accuracy | without a label | tokens a call | trials | time |");
  console.log("| --- | --- | --- | --- | --- | --- | --- |");
  for (const { seed, start, final, chosen, trials, seconds } of results) {
    console.log(row(seed, "start", start, "", ""));
    console.log(row(seed, chosen, final, String(trials), `${Math.round(seconds)} s`));
  }
  for (const { seed, start, final } of results) {
    const pairs = start.outcomes.map((right, i) => ({
      baseline: [Number(right)],
      candidate: [Number(final.outcomes[i] ?? false)],
    }));
    const gain = pairedDifferenceInterval(pairs, { draws: draw(seed, "real-model", "gain") });
    console.log(
      `seed ${seed}: gain ${percent(gain.value)} (95 % ${percent(gain.low)} to ${percent(gain.high)}, paired)`,
    );
  }
}

function row(seed: number, prompt: string, a: Accuracy, trials: string, time: string): string {
  const accuracy = `${percent(a.rate)} (${percent(a.low)}–${percent(a.high)})`;
  const silent = percent(a.withoutLabel / a.n);
  return `| ${seed} | ${prompt} | ${accuracy} | ${silent} | ${a.tokensPerCall.toFixed(0)} | ${trials} | ${time} |`;
}

await main();
