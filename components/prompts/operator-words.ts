import type { PromptOperator } from "#lib/domain/prompt.ts";

/** How an operator made a child, short enough for the edge of a graph. */
export const operatorWords: Readonly<Record<PromptOperator, string>> = {
  seed: "seed",
  person: "written by hand",
  reflect: "reflection on failures",
  variation: "variation",
  "add-instruction": "added instruction",
  "remove-instruction": "removed instruction",
  "rephrase-instruction": "rephrased instruction",
  "few-shot": "changed examples",
  crossover: "crossover",
  shorten: "shortened",
  hyperparameter: "changed parameters",
  "tool-mask": "changed tools",
};
