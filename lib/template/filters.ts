/** Every filter: arguments are bound by the signature, then the group that knows the name answers. */
import { bindArguments } from "./arguments.ts";
import { getAttribute } from "./attributes.ts";
import { isTrue } from "./compare.ts";
import { escapeHtml } from "./escape.ts";
import { urlEncode, xmlAttributes } from "./html-filters.ts";
import { prettyText, toJson } from "./json-filter.ts";
import { runListFilter } from "./list-filters.ts";
import { runNumberFilter } from "./number-filters.ts";
import { toText } from "./print.ts";
import { TemplateError } from "./refusal.ts";
import type { Runtime } from "./runtime.ts";
import { filterSignatures, testSignatures } from "./signatures.ts";
import { runStreamFilter } from "./stream-filters.ts";
import { runTest } from "./tests.ts";
import { formatFilter, runTextFilter } from "./text-filters.ts";
import {
  Dict,
  type Given,
  isText,
  Markup,
  textOf,
  typeError,
  Undefined,
  type Value,
} from "./value.ts";

export function callFilter(name: string, input: Value, given: Given, runtime: Runtime): Value {
  runtime.budget.step();
  const signature = filterSignatures.get(name);
  if (signature === undefined) throw new TemplateError("filter", `There is no filter "${name}".`);
  const bound = signature.open ? [] : bindArguments(name, signature, given);
  const result =
    runTextFilter(name, input, bound, signature.parameters, runtime) ??
    runNumberFilter(name, input, bound, runtime.budget) ??
    runStreamFilter(name, input, given, bound, runtime);
  if (result !== undefined) return result;
  const item = runListFilter(name, input, bound, runtime);
  return item === undefined ? runOther(name, input, given, bound, runtime) : item;
}

type Bound = readonly (Value | undefined)[];

function runOther(name: string, input: Value, given: Given, bound: Bound, runtime: Runtime): Value {
  const { budget } = runtime;
  switch (name) {
    case "default":
    case "d":
      return orDefault(input, bound);
    case "attr":
      return attribute(input, bound[0], runtime);
    case "string":
      return input instanceof Markup ? input : toText(input, budget);
    case "safe":
      return input instanceof Markup ? input : new Markup(toText(input, budget));
    case "e":
    case "escape":
      return escapeHtml(input, budget);
    case "forceescape":
      return escapeHtml(toText(input, budget), budget);
    case "format":
      return formatFilter(input, given, namedDict(given, runtime), budget);
    case "tojson":
      return toJson(input, bound[0], budget);
    case "pprint":
      return prettyText(input, budget);
    case "urlencode":
      return urlEncode(input, budget);
    case "xmlattr": {
      const text = xmlAttributes(input, bound[0] === undefined || isTrue(bound[0]), budget);
      return runtime.autoescape ? new Markup(text) : text;
    }
    default:
      throw new TemplateError("filter", `There is no filter "${name}".`);
  }
}

function orDefault(input: Value, [fallback = "", isForFalse = false]: Bound): Value {
  if (input instanceof Undefined) return fallback;
  return isTrue(isForFalse) && !isTrue(input) ? fallback : input;
}

/** An attribute only, never a key. */
function attribute(input: Value, name: Value | undefined, runtime: Runtime): Value {
  if (name === undefined || !isText(name)) throw typeError("attr takes a name in quotes.");
  if (input instanceof Undefined) input.fail();
  if (input instanceof Dict && input.get(name, runtime.budget) !== undefined) {
    const found = getAttribute(new Dict(), textOf(name), runtime);
    if (!(found instanceof Undefined))
      throw typeError("attr of a method is refused; write mapping.method().");
    return found;
  }
  return getAttribute(input, textOf(name), runtime);
}

function namedDict(given: Given, { budget }: Runtime): Dict {
  const dict = new Dict();
  for (const [name, value] of given.named) dict.set(name, value, budget);
  return dict;
}

/** The test called by a filter, where only its name's text is known. */
export function callTest(name: string, input: Value, given: Given, runtime: Runtime): boolean {
  const signature = testSignatures.get(name);
  if (signature === undefined) throw new TemplateError("test", `There is no test "${name}".`);
  const [argument] = bindArguments(name, signature, given);
  return runTest(name, input, argument, runtime);
}
