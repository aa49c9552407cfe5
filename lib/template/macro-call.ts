/** Binding the arguments of a macro call, as Jinja2 has it: extra ones go to `varargs` and `kwargs` if the body reads them. */
import type { MacroNode } from "./ast.ts";
import type { Budget } from "./limits.ts";
import { TemplateError } from "./refusal.ts";
import type { Scope } from "./scope.ts";
import { Dict, type Given, Tuple, type Value } from "./value.ts";

type MacroCall = {
  scope: Scope;
  budget: Budget;
  /** The value of a parameter that was not given, evaluated inside of the macro. */
  fallback: (parameter: MacroNode["parameters"][number]) => Value;
};

/** Set the parameters in the macro's own scope. */
export function bindMacro(
  node: MacroNode,
  given: Given,
  { scope, budget, fallback }: MacroCall,
): void {
  const { parameters } = node;
  const named = new Map(given.named);
  const caller = named.get("caller");
  if (node.usesCaller) {
    named.delete("caller");
    if (caller !== undefined) scope.set("caller", caller);
  }
  const values = parameters.map((parameter, index) => {
    const positional = given.positional[index];
    if (positional !== undefined) return positional;
    const value = named.get(parameter.name);
    named.delete(parameter.name);
    return value;
  });
  parameters.forEach((parameter, index) => {
    const value = values[index];
    scope.set(parameter.name, value === undefined ? fallback(parameter) : value);
  });
  bindExtra(node, given.positional.slice(parameters.length), named, scope, budget);
}

function bindExtra(
  node: MacroNode,
  positional: readonly Value[],
  named: ReadonlyMap<string, Value>,
  scope: Scope,
  budget: Budget,
): void {
  if (node.catchesPositional) scope.set("varargs", new Tuple(positional));
  else if (positional.length > 0)
    throw new TemplateError(
      "macro",
      `The macro "${node.name}" takes ${node.parameters.length} arguments; give it no more.`,
    );
  if (!node.catchesNamed) {
    const [unknown] = named.keys();
    if (unknown !== undefined)
      throw new TemplateError("macro", `The macro "${node.name}" has no argument "${unknown}".`);
    return;
  }
  const dict = new Dict();
  for (const [name, value] of named) dict.set(name, value, budget);
  scope.set("kwargs", dict);
}
