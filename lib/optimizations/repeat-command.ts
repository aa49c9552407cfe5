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

/** The options of `genepool prompts prove`, which has fewer. */
const proofOptions: ReadonlySet<string> = new Set([
  "model",
  "calls",
  "concurrency",
  "experiment.targets",
  "experiment.controls",
  "experiment.proofRows",
  "experiment.proofRepeats",
  "budget.runCapUsd",
  "budget.trialCapUsd",
]);

/**
 * The command that repeats a run: its seed and every setting that is not the default. Settings that the command has no
 * option for are answered beside it. A proof is repeated against the prompt that is in production then.
 */
export function repeatCommand(run: {
  agentType: string;
  fromVersion: string;
  /** Versions of the prompts that the run proves without a search, in its order. */
  proves: readonly string[];
  config: OptimizationConfig;
}): { command: string; settingsBeside: string[] } {
  const defaults = new Map(settingsOf(optimizationConfig.parse({})));
  const isProof = run.proves.length > 0;
  const words = isProof
    ? ["genepool prompts prove", ...run.proves.map((name) => quoted(`${run.agentType}@${name}`))]
    : [
        "genepool optimize",
        `--agent ${quoted(run.agentType)}`,
        `--from ${quoted(run.fromVersion)}`,
      ];
  words.push(`--seed ${run.config.seed}`);
  const settingsBeside: string[] = [];
  for (const [path, value] of settingsOf(run.config)) {
    if (path === "seed" || path === "prove") continue;
    if (JSON.stringify(defaults.get(path)) === JSON.stringify(value)) continue;
    const option = isProof && !proofOptions.has(path) ? undefined : options[path];
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
  return /^[\w.:/@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
