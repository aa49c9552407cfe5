import { type OptimizationConfig, optimizationConfig } from "../domain/optimization.ts";

/** The command line's options by the path of their setting. */
const options: Readonly<Record<string, string>> = {
  seed: "--seed",
  calls: "--calls",
  generations: "--generations",
  populationSize: "--population",
  offspringSize: "--offspring",
  model: "--model",
  proposerModel: "--proposer-model",
  sanityModel: "--sanity-model",
  evidence: "--evidence",
  concurrency: "--concurrency",
  "experiment.learningRows": "--learning",
  "experiment.learningRepeats": "--learning-repeats",
  "experiment.targets": "--targets",
  "experiment.controls": "--controls",
  "experiment.proofRows": "--proof-rows",
  "experiment.proofRepeats": "--proof-repeats",
  "experiment.finalistsMax": "--finalists",
  "budget.runCapUsd": "--cap-usd",
  "budget.trialCapUsd": "--trial-cap-usd",
};

/**
 * The command that repeats a run: its seed and every setting that is not the default. Settings that the command has no
 * option for are answered beside it.
 */
export function repeatCommand(run: {
  agentType: string;
  fromVersion: string;
  config: OptimizationConfig;
}): { command: string; settingsBeside: string[] } {
  const defaults = new Map(settingsOf(optimizationConfig.parse({})));
  const words = ["genepool optimize", `--agent ${quoted(run.agentType)}`];
  words.push(`--from ${quoted(run.fromVersion)}`, `--seed ${run.config.seed}`);
  const settingsBeside: string[] = [];
  for (const [path, value] of settingsOf(run.config)) {
    if (path === "seed" || JSON.stringify(defaults.get(path)) === JSON.stringify(value)) continue;
    const option = options[path];
    if (option === undefined) settingsBeside.push(`${path} = ${JSON.stringify(value)}`);
    else words.push(`${option} ${quoted(String(value))}`);
  }
  return { command: words.join(" "), settingsBeside };
}

function settingsOf(value: object, prefix = ""): [string, unknown][] {
  return Object.entries(value).flatMap(([name, inner]): [string, unknown][] =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? settingsOf(inner, `${prefix}${name}.`)
      : [[`${prefix}${name}`, inner]],
  );
}

/** For a POSIX shell. */
function quoted(word: string): string {
  return /^[\w.:/-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
