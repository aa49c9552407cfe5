/**
 * Jinja2 computes constant parts when it reads a template, even in branches that never run. Where such a part asks a
 * missing value for its truth or its text, the strict mode fails there; this finds these places, so that no template
 * renders here that the controller's Jinja2 refuses to load.
 */
import type { Expression } from "./ast.ts";
import { childrenOf } from "./ast-walk.ts";
import { Evaluator } from "./evaluate.ts";
import { Budget } from "./limits.ts";
import { TemplateError } from "./refusal.ts";
import { Scope } from "./scope.ts";
import { Undefined } from "./value.ts";

/** For all constants of a template together, so that none can hold its admission up. */
const limits = { steps: 20_000, outputCharacters: 0 };

/**
 * Of the operands of `and`, `or`, `~` and inline ifs, the offset of the first that is a missing constant. Throws a
 * refusal when the constants alone are too much work.
 */
export function missingConstantAt(operands: readonly Expression[]): number | undefined {
  const evaluator = new Evaluator(new Budget(limits), true);
  return operands.find((operand) => isComputed(operand) && isMissing(operand, evaluator))?.at;
}

/** Whether a value is made by looking into constants, which is how a constant can be missing. */
function isComputed(node: Expression): boolean {
  return node.kind !== "constant" && isConstant(node);
}

function isConstant(node: Expression): boolean {
  if (node.kind === "name" || node.kind === "call" || node.kind === "captured") return false;
  return childrenOf(node).every(isConstant);
}

function isMissing(node: Expression, evaluator: Evaluator): boolean {
  try {
    return evaluator.evaluate(node, new Scope()) instanceof Undefined;
  } catch (error) {
    // Jinja2 takes some failures for a missing value too, such as slices of numbers; what fails always is no loss.
    if (error instanceof TemplateError && error.construct !== "budget") return true;
    throw error;
  }
}
