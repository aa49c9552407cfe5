/** The tests after `is`. */
import { binary } from "./arithmetic.ts";
import { areEqual, asNumber, compareValues, contains } from "./compare.ts";
import { toText } from "./print.ts";
import { TemplateError } from "./refusal.ts";
import type { Runtime } from "./runtime.ts";
import { filterSignatures, testSignatures } from "./signatures.ts";
import { isCased } from "./text-case.ts";
import {
  Callable,
  Dict,
  isText,
  Loop,
  Macro,
  Markup,
  OnePass,
  Range,
  Tuple,
  typeError,
  Undefined,
  type Value,
  View,
} from "./value.ts";

/** Whether `input is name(argument)` holds; `name` is one of `testSignatures`. */
export function runTest(
  name: string,
  input: Value,
  argument: Value | undefined,
  runtime: Runtime,
): boolean {
  runtime.budget.step();
  return (
    kindTest(name, input) ??
    propertyTest(name, input, runtime) ??
    comparisonTest(name, input, argument ?? null, runtime)
  );
}

function kindTest(name: string, input: Value): boolean | undefined {
  switch (name) {
    case "defined":
      return !(input instanceof Undefined);
    case "undefined":
      return input instanceof Undefined;
    case "none":
      return input === null;
    case "true":
      return input === true;
    case "false":
      return input === false;
    case "boolean":
      return typeof input === "boolean";
    case "integer":
      return typeof input === "bigint";
    case "float":
      return typeof input === "number";
    case "number":
      return asNumber(input) !== undefined;
    case "string":
      return isText(input);
    case "mapping":
      return input instanceof Dict;
    case "escaped":
      return input instanceof Markup;
    case "callable":
      return (
        input instanceof Callable ||
        input instanceof Macro ||
        input instanceof Loop ||
        input instanceof Undefined
      );
    default:
      return undefined;
  }
}

function propertyTest(name: string, input: Value, { budget }: Runtime): boolean | undefined {
  switch (name) {
    case "iterable":
      if (input instanceof Undefined) input.failIfStrict();
      return (
        isSequence(input) ||
        input instanceof View ||
        input instanceof OnePass ||
        input instanceof Loop
      );
    case "sequence":
      return isSequence(input) && !(input instanceof Undefined && input.isStrict);
    case "lower":
    case "upper": {
      const text = toText(input, budget);
      budget.scan(text.length);
      return isCased(text, name);
    }
    case "filter":
      return isText(input) && isFilterName(toText(input, budget));
    case "test":
      return isText(input) && testSignatures.has(toText(input, budget));
    default:
      return undefined;
  }
}

/** Filters that Jinja2 has and this engine refuses are filters all the same. */
function isFilterName(name: string): boolean {
  return filterSignatures.has(name) || name === "random" || name === "urlize";
}

function isSequence(value: Value): boolean {
  return (
    isText(value) ||
    Array.isArray(value) ||
    value instanceof Dict ||
    value instanceof Tuple ||
    value instanceof Range ||
    value instanceof Undefined
  );
}

function comparisonTest(name: string, input: Value, other: Value, { budget }: Runtime): boolean {
  switch (name) {
    case "eq":
    case "equalto":
    case "==":
      return areEqual(input, other, budget);
    case "ne":
    case "!=":
      return !areEqual(input, other, budget);
    case "lt":
    case "lessthan":
    case "<":
      return compareValues(input, other, budget) < 0;
    case "le":
    case "<=":
      return compareValues(input, other, budget) <= 0;
    case "gt":
    case "greaterthan":
    case ">":
      return compareValues(input, other, budget) > 0;
    case "ge":
    case ">=":
      return compareValues(input, other, budget) >= 0;
    case "in":
      return contains(other, input, budget);
    case "sameas":
      return isSame(input, other);
    case "odd":
      return areEqual(binary("%", input, 2n, budget), 1n, budget);
    case "even":
      return areEqual(binary("%", input, 2n, budget), 0n, budget);
    case "divisibleby":
      return areEqual(binary("%", input, other, budget), 0n, budget);
    default:
      throw new TemplateError("test", `There is no test "${name}".`);
  }
}

/** Python shares one object for None, bools and small ints; whether it does for others is chance. */
function isSame(left: Value, right: Value): boolean {
  const isChance = (value: Value) =>
    isText(value) ||
    typeof value === "number" ||
    (typeof value === "bigint" && (value < -5n || value > 256n)) ||
    value instanceof Tuple;
  if (isChance(left) && isChance(right) && typeof left === typeof right)
    throw typeError('"is sameas" of such values depends on chance; write "==".');
  return left === right;
}
