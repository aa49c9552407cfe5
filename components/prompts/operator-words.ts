import type { PromptOperator } from "#lib/domain/prompt.ts";

/** How an operator made a child, short enough for the edge of a graph. */
export const operatorWords: Readonly<Record<PromptOperator, string>> = {
  seed: "seed",
  person: "by hand",
  reflect: "reflection",
  variation: "variation",
  "add-instruction": "addition",
  "remove-instruction": "removal",
  "rephrase-instruction": "rephrasing",
  "few-shot": "examples",
  "few-shot-set": "set of examples",
  "few-shot-balance": "balance of examples",
  "few-shot-drop": "fewer examples",
  "few-shot-reorder": "order of examples",
  crossover: "crossover",
  shorten: "shortening",
  hyperparameter: "parameters",
  "tool-mask": "tools",
  "tool-description": "words on a tool",
  "fresh-start": "fresh start",
};
