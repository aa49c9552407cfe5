/** What every part of one rendering shares. */
import type { Budget } from "./limits.ts";
import type { Given, Undefined, Value } from "./value.ts";

export interface Runtime {
  readonly budget: Budget;
  /** Whether a missing value fails when it is printed or tested, or counts as empty. */
  readonly isStrict: boolean;
  /** Whether printed text is escaped for HTML just now. */
  autoescape: boolean;
  callFilter(name: string, input: Value, given: Given): Value;
  callTest(name: string, input: Value, given: Given): boolean;
  undefinedValue(message: string): Undefined;
}
