/** Comparisons in an arena over many seeds: kept run by run, so that they can be stopped and taken up again. */
import type { TrialResult } from "#lib/domain/trial.ts";
import type { Arena } from "./arena.ts";
import { type MethodRun, runBaselines, runGenepool } from "./compare.ts";
import type { Breeding } from "./configurations.ts";
import { keepRuns, keptRuns } from "./kept-runs.ts";
import { summarize } from "./summary.ts";

export interface ComparisonOptions {
  kind: "workbench" | "labelled";
  budgets: readonly number[];
  seeds: readonly number[];
  /** JSONL file that runs are kept in. */
  file: string;
  onRun: (run: MethodRun) => void;
}

/** The product and the baselines at each budget. */
export async function compareMethods(arena: Arena, options: ComparisonOptions) {
  const runs = await keptRuns(options.file);
  for (const seed of options.seeds) {
    const known = new Map<string, Promise<TrialResult>>();
    for (const budget of options.budgets) {
      if (runs.some((run) => run.seed === seed && run.budget === budget)) continue;
      const comparison = { arena, kind: options.kind, seed, budget, known };
      const own = await runGenepool(comparison);
      const fresh = [own, ...(await runBaselines(comparison, own.trials))];
      await keepRuns(options.file, fresh);
      for (const run of fresh) options.onRun(run);
      runs.push(...fresh);
    }
  }
  const chosen = runs.filter(({ seed }) => options.seeds.includes(seed));
  return options.budgets.map((budget) => ({
    budget,
    methods: summarize(chosen.filter((run) => run.budget === budget)),
  }));
}

/** Parts of the search that can be switched off, each by itself. */
const switchedOff: Readonly<Record<string, Breeding>> = {
  reflection: { without: ["reflect"] },
  "few-shot": {
    without: ["few-shot", "few-shot-set", "few-shot-balance", "few-shot-drop", "few-shot-reorder"],
  },
  crossover: { without: ["crossover"] },
  bandit: { bandit: false },
  memory: { memory: false },
  specialists: { specialists: false },
};

/** The product with one part switched off at a time, at the first budget; the rows are named after what is missing. */
export async function ablate(arena: Arena, options: ComparisonOptions) {
  const [budget = 0] = options.budgets;
  const runs = await keptRuns(options.file);
  for (const seed of options.seeds) {
    const known = new Map<string, Promise<TrialResult>>();
    const comparison = { arena, kind: options.kind, seed, budget, known };
    const isMissing = (method: string) =>
      !runs.some((run) => run.seed === seed && run.method === method);
    const keep = async (run: MethodRun) => {
      await keepRuns(options.file, [run]);
      options.onRun(run);
      runs.push(run);
    };
    if (isMissing("Genepool")) await keep(await runGenepool(comparison));
    for (const [part, breeding] of Object.entries(switchedOff)) {
      const method = `without ${part}`;
      if (!isMissing(method)) continue;
      await keep({ ...(await runGenepool(comparison, breeding)), method });
    }
  }
  return [{ budget, methods: summarize(runs.filter(({ seed }) => options.seeds.includes(seed))) }];
}
