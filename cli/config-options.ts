/** Options of `genepool optimize` that are fields of the domain's configuration, with its own bounds and defaults. */
import { type Command, Option } from "commander";
import { type BoundedNumber, numberBounds } from "#lib/domain/number-bounds.ts";
import { optimizationConfig, stageSizes } from "#lib/domain/optimization.ts";
import { wholeNumber } from "./input.ts";

const { seed, calls, generations, populationSize, offspringSize, concurrency } =
  optimizationConfig.shape;
const sizes = stageSizes.shape;

interface NumberField {
  flag: string;
  words: string;
  schema: BoundedNumber;
}

/** Fields by their path in the configuration. */
export const numberFields = {
  seed: { flag: "--seed", words: "same seed and inputs, same result", schema: seed },
  calls: {
    flag: "--calls",
    words: "trials that the whole run may order, proof included; all sizes follow from it",
    schema: calls,
  },
  generations: {
    flag: "--generations",
    words: "generations of offspring at most",
    schema: generations,
  },
  populationSize: {
    flag: "--population",
    words: "prompts that survive a generation",
    schema: populationSize,
  },
  offspringSize: { flag: "--offspring", words: "children a generation", schema: offspringSize },
  concurrency: {
    flag: "--concurrency",
    words: "trials at once; changes the time, never the result",
    schema: concurrency,
  },
  "experiment.learningRows": {
    flag: "--learning",
    words: "benchmarks that today's prompt is measured on first",
    schema: sizes.learningRows,
  },
  "experiment.learningRepeats": {
    flag: "--learning-repeats",
    words: "runs of each of them",
    schema: sizes.learningRepeats,
  },
  "experiment.targets": {
    flag: "--targets",
    words: "failing benchmarks of the regression run",
    schema: sizes.targets,
  },
  "experiment.controls": {
    flag: "--controls",
    words: "passing benchmarks of the regression run",
    schema: sizes.controls,
  },
  "experiment.proofRows": {
    flag: "--proof-rows",
    words: "sealed benchmarks that the proof may take",
    schema: sizes.proofRows,
  },
  "experiment.proofRepeats": {
    flag: "--proof-repeats",
    words: "runs of each of them by each arm",
    schema: sizes.proofRepeats,
  },
  "experiment.finalistsMax": {
    flag: "--finalists",
    words: "prompts that may go to the proof",
    schema: sizes.finalistsMax,
  },
} as const satisfies Record<string, NumberField>;

/** What a proof without a search goes by. */
export const proofNumberPaths: ReadonlySet<string> = new Set([
  "seed",
  "calls",
  "concurrency",
  "experiment.targets",
  "experiment.controls",
  "experiment.proofRows",
  "experiment.proofRepeats",
]);

/** Adds an option for each field; help names bounds and default, or that the size follows from --calls. */
export function addNumberOptions(command: Command, only?: ReadonlySet<string>): void {
  for (const [path, { flag, words, schema }] of Object.entries(numberFields)) {
    if (only !== undefined && !only.has(path)) continue;
    const { least, most, fallback } = numberBounds(schema);
    const rest = fallback === null ? "; follows from --calls" : "";
    const option = new Option(`${flag} <n>`, `${words} (${least} to ${most}${rest})`)
      .argParser(wholeNumber(flag, least, most))
      .default(fallback ?? undefined);
    option.attributeName = () => path;
    command.addOption(option);
  }
}

/** The configuration's part that these options set; what nobody set stays absent. */
export function numbersFrom(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const config: Record<string, unknown> = {};
  const experiment: Record<string, unknown> = {};
  for (const path of Object.keys(numberFields)) {
    const value = options[path];
    if (value === undefined) continue;
    const [group, name] = path.split(".");
    if (name === undefined) config[path] = value;
    else if (group === "experiment") experiment[name] = value;
  }
  return { ...config, experiment };
}
