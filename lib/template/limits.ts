/**
 * Every bound of the engine in one place. Templates and contexts are text that a model may have written, so each one
 * is finite before work starts (template, context) and while it runs (`Budget`).
 */
import { TemplateError } from "./refusal.ts";

export const templateBytesMax = 65_536;
export const nodesMax = 4_000;
export const nestingMax = 64;
export const chainMax = 64;
export const nameLengthMax = 64;
export const contextCharactersMax = 1_048_576;
export const contextNodesMax = 50_000;
export const contextDepthMax = 64;
export const stringLengthMax = 524_288;
export const listLengthMax = 100_000;
export const integerBitsMax = 14_000;
export const formatWidthMax = 100_000;
export const callDepthMax = 64;

export type BudgetLimits = { steps: number; outputCharacters: number };

export const defaultBudget: BudgetLimits = { steps: 300_000, outputCharacters: 1_048_576 };

/** A save waits for its check, so the rendering with stand-ins may do less. */
export const checkBudget: BudgetLimits = { steps: 100_000, outputCharacters: 1_048_576 };

/**
 * Counts the work of one rendering. Work is charged before it is done: a step is one node, item, comparison or call,
 * and building or reading a string or list costs a share of its size, so time and memory are bounded together.
 */
export class Budget {
  #steps: number;
  #output: number;
  #depth = 0;

  constructor(limits: BudgetLimits = defaultBudget) {
    this.#steps = limits.steps;
    this.#output = limits.outputCharacters;
  }

  step(count = 1): void {
    this.#steps -= count;
    if (this.#steps < 0)
      throw new TemplateError(
        "budget",
        "The template does too much work; loop over fewer items or nest fewer loops.",
      );
  }

  /** Charge a string of `length` UTF-16 units that is about to be built. */
  string(length: number): void {
    if (!(length <= stringLengthMax))
      throw new TemplateError(
        "budget",
        `The template builds a string of more than ${stringLengthMax} characters; build a shorter one.`,
      );
    this.step(length / 32);
  }

  /** Charge a list of `length` items that is about to be built. */
  list(length: number): void {
    if (!(length <= listLengthMax))
      throw new TemplateError(
        "budget",
        `The template builds a list of more than ${listLengthMax} items; build a shorter one.`,
      );
    this.step(length / 4);
  }

  /** Charge a filter or method that reads a whole string. */
  scan(length: number): void {
    this.step(1 + length / 16);
  }

  emit(length: number): void {
    this.#output -= length;
    if (this.#output < 0)
      throw new TemplateError("budget", "The template prints too much text; print less of it.");
    this.step(length / 32);
  }

  /** Run `work` one level deeper; macros, recursive loops and walks over nested data pass through here. */
  deeper<T>(work: () => T): T {
    this.#depth += 1;
    if (this.#depth > callDepthMax)
      throw new TemplateError(
        "budget",
        `The template nests calls or data deeper than ${callDepthMax} levels; flatten it.`,
      );
    try {
      return work();
    } finally {
      this.#depth -= 1;
    }
  }
}
