/** The check that runs on every save: the template is read, admitted and rendered once with stand-ins. */
import { type Shape, variableShapes } from "./analyse.ts";
import { Budget, checkBudget } from "./limits.ts";
import { splitMessages } from "./messages.ts";
import type { TemplateRefusal } from "./refusal.ts";
import { type ParsedTemplate, parseTemplate, renderWith } from "./template.ts";
import { Dict, type Value } from "./value.ts";

export type TemplateCheck =
  | { ok: true; variables: string[] }
  | { ok: false; refusals: TemplateRefusal[] };

/** Nobody mends more at once, and thousands of broken messages would hold the check up. */
const refusalsMax = 20;

/** Check a prompt; a required variable that it never reads is refused with the construct "variable". */
export function checkTemplate(
  source: string,
  { requiredVariables = [] }: { requiredVariables?: readonly string[] } = {},
): TemplateCheck {
  const variables = new Set<string>();
  const refusals: TemplateRefusal[] = [];
  const budget = new Budget(checkBudget);
  for (const message of splitMessages(source)) {
    if (refusals.length === refusalsMax) break;
    const parsed = parseTemplate(message.source);
    if (!parsed.ok) {
      refusals.push(shifted(parsed.refusal, message.line));
      continue;
    }
    const shapes = variableShapes(parsed.template);
    for (const name of shapes.keys()) variables.add(name);
    const refusal = tryRender(parsed.template, shapes, budget);
    if (refusal === undefined) continue;
    refusals.push(shifted(refusal, message.line));
    if (refusal.construct === "budget") break;
  }
  if (refusals.length === 0)
    for (const name of requiredVariables) if (!variables.has(name)) refusals.push(missing(name));
  return refusals.length > 0
    ? { ok: false, refusals }
    : { ok: true, variables: [...variables].sort() };
}

function shifted(refusal: TemplateRefusal, line: number): TemplateRefusal {
  return { ...refusal, line: refusal.line + line - 1 };
}

function missing(name: string): TemplateRefusal {
  return {
    reason: `The prompt never uses the variable "${name}", which its agent fills in; write {{ ${name} }} where it belongs.`,
    construct: "variable",
    line: 1,
    column: 1,
  };
}

/** Refusals that no other value of a variable could avoid. */
const certain: ReadonlySet<string> = new Set([
  "arguments",
  "assignment",
  "attribute",
  "budget",
  "filter",
  "macro",
  "name",
  "print",
  "test",
]);

/** Stand-ins only resemble real values, so what depends on values counts only if there are no variables. */
function tryRender(
  template: ParsedTemplate,
  shapes: ReadonlyMap<string, Shape>,
  budget: Budget,
): TemplateRefusal | undefined {
  const context = new Dict();
  for (const [name, shape] of shapes) context.set(name, standIn(shape, budget), budget);
  const result = renderWith(template, () => context, {}, budget);
  if (result.ok) return undefined;
  return shapes.size === 0 || certain.has(result.refusal.construct) ? result.refusal : undefined;
}

function standIn(shape: Shape, budget: Budget): Value {
  budget.step();
  if (shape.element !== undefined) return [standIn(shape.element, budget)];
  if (shape.isMapping || shape.attributes.size > 0) {
    const dict = new Dict();
    for (const [name, part] of shape.attributes) dict.set(name, standIn(part, budget), budget);
    return dict;
  }
  return shape.isNumber ? 1n : "text";
}
