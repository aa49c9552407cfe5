/** Filters over the items of a list or mapping that answer a value or a list. */

import { binary } from "./arithmetic.ts";
import { attributeGetter } from "./attribute-getter.ts";
import { compareValues, isTrue, iterate, lengthOfValue, listOf } from "./compare.ts";
import { escapeHtml } from "./escape.ts";
import { Pieces, toText } from "./print.ts";
import { codePointsOf } from "./python-text.ts";
import type { Runtime } from "./runtime.ts";
import { ignoreCase, sortValues } from "./sorting.ts";
import {
  aTypeName,
  Dict,
  isText,
  Markup,
  OnePass,
  Tuple,
  textOf,
  typeError,
  Undefined,
  type Value,
  View,
} from "./value.ts";

type Bound = readonly (Value | undefined)[];

/** The result of a list filter; undefined if `name` is none. */
export function runListFilter(
  name: string,
  input: Value,
  bound: Bound,
  runtime: Runtime,
): Value | undefined {
  switch (name) {
    case "length":
    case "count":
      return BigInt(lengthOfValue(input, runtime.budget));
    case "list":
      return listOf(input, runtime.budget);
    case "first":
      return firstOf(input, runtime);
    case "last":
      return lastOf(input, runtime);
    case "join":
      return join(input, bound, runtime);
    case "sort":
      return sort(input, bound, runtime);
    case "dictsort":
      return dictSort(input, bound, runtime);
    case "min":
    case "max":
      return extreme(name, input, bound, runtime);
    case "sum":
      return sum(input, bound, runtime);
    case "groupby":
      return groupBy(input, bound, runtime);
    case "reverse":
      return reverse(input, runtime);
    case "items":
      return itemsFilter(input, runtime);
    default:
      return undefined;
  }
}

function firstOf(input: Value, runtime: Runtime): Value {
  for (const item of iterate(input, runtime.budget)) return item;
  return runtime.undefinedValue("The first item of an empty sequence is missing");
}

function lastOf(input: Value, runtime: Runtime): Value {
  if (input instanceof OnePass)
    throw typeError("The last item of a stream is unknown; make a list with |list first.");
  const items = listOf(input, runtime.budget);
  const at = items.at(-1);
  // Python reads an HTML text backwards by index, which keeps it HTML, and forwards as plain characters.
  const last = input instanceof Markup && typeof at === "string" ? new Markup(at) : at;
  return last === undefined
    ? runtime.undefinedValue("The last item of an empty sequence is missing")
    : last;
}

function join(input: Value, bound: Bound, runtime: Runtime): Value {
  const { budget, autoescape } = runtime;
  const [separator = "", attribute] = bound;
  const get =
    attribute === undefined || attribute === null ? undefined : attributeGetter(attribute, runtime);
  const items = listOf(input, budget).map((item) => (get === undefined ? item : get(item)));
  const isHtml = autoescape && [separator, ...items].some((item) => item instanceof Markup);
  const show = (item: Value) => (isHtml ? escapeHtml(item, budget).text : toText(item, budget));
  const between = show(separator);
  const out = new Pieces(budget);
  items.forEach((item, index) => {
    if (index > 0) out.add(between);
    out.add(show(item));
  });
  return isHtml ? new Markup(out.join()) : out.join();
}

/** The key that a filter sorts or groups by: an attribute, and texts without their case unless asked for. */
function keyGetter(
  attribute: Value | undefined,
  caseSensitive: Value | undefined,
  runtime: Runtime,
  options?: { fallback?: Value | undefined; isMultiple?: boolean },
): (item: Value) => Value {
  const keepCase = caseSensitive !== undefined && isTrue(caseSensitive);
  const hasAttribute = attribute !== undefined && attribute !== null;
  const get = hasAttribute ? attributeGetter(attribute, runtime, options) : (item: Value) => item;
  const fold = (value: Value) => (isText(value) ? ignoreCase(textOf(value)) : value);
  return (item) => {
    const key = get(item);
    if (keepCase) return key;
    return Array.isArray(key) && options?.isMultiple === true ? key.map(fold) : fold(key);
  };
}

type Keyed = { item: Value; key: Value };

function sorted(keyed: readonly Keyed[], isReversed: boolean, { budget }: Runtime): Keyed[] {
  return sortValues(
    keyed,
    (one, other) => compareValues(one.key, other.key, budget),
    isReversed,
    budget,
  );
}

function sort(input: Value, bound: Bound, runtime: Runtime): Value {
  const [reverse = false, caseSensitive, attribute] = bound;
  const getKey = keyGetter(attribute, caseSensitive, runtime, { isMultiple: true });
  const keyed = listOf(input, runtime.budget).map((item) => ({ item, key: getKey(item) }));
  return sorted(keyed, isReversed(reverse), runtime).map(({ item }) => item);
}

/** Python's `sorted` takes an int or a bool here and nothing else. */
function isReversed(value: Value): boolean {
  if (typeof value !== "bigint" && typeof value !== "boolean")
    throw typeError(`"reverse" must be true or false, not ${aTypeName(value)}.`);
  return isTrue(value);
}

function dictSort(input: Value, bound: Bound, runtime: Runtime): Value {
  const [caseSensitive = false, by = "key", reverse = false] = bound;
  if (by !== "key" && by !== "value") throw typeError('dictsort sorts by "key" or by "value".');
  if (!(input instanceof Dict))
    throw typeError(`dictsort takes a mapping, not ${aTypeName(input)}.`);
  const getKey = keyGetter(undefined, caseSensitive, runtime);
  const keyed: Keyed[] = [];
  for (const { key, value } of input.entries()) {
    runtime.budget.step();
    keyed.push({ item: new Tuple([key, value]), key: getKey(by === "key" ? key : value) });
  }
  return sorted(keyed, isReversed(reverse), runtime).map(({ item }) => item);
}

function extreme(name: string, input: Value, bound: Bound, runtime: Runtime): Value {
  const [caseSensitive, attribute] = bound;
  const getKey = keyGetter(attribute, caseSensitive, runtime);
  let best: Keyed | undefined;
  for (const item of iterate(input, runtime.budget)) {
    const key = getKey(item);
    const order = best === undefined ? 0 : compareValues(key, best.key, runtime.budget);
    if (best === undefined || (name === "min" ? order < 0 : order > 0)) best = { item, key };
  }
  return best === undefined
    ? runtime.undefinedValue("The smallest or largest item of an empty sequence is missing")
    : best.item;
}

function sum(input: Value, bound: Bound, runtime: Runtime): Value {
  const { budget } = runtime;
  const [attribute, start = 0n] = bound;
  const get =
    attribute === undefined || attribute === null ? undefined : attributeGetter(attribute, runtime);
  if (isText(start)) throw typeError('sum adds numbers; join texts with "|join".');
  let total: Value = start;
  for (const item of iterate(input, budget))
    total = binary("+", total, get === undefined ? item : get(item), budget);
  return total;
}

function groupBy(input: Value, bound: Bound, runtime: Runtime): Value {
  const [attribute = null, fallback, caseSensitive] = bound;
  const getKey = keyGetter(attribute, caseSensitive, runtime, { fallback });
  const getOwn = attributeGetter(attribute, runtime, { fallback });
  const keyed = listOf(input, runtime.budget).map((item) => ({ item, key: getKey(item) }));
  const groups: { key: Value; items: Value[] }[] = [];
  for (const { item, key } of sorted(keyed, false, runtime)) {
    const group = groups.at(-1);
    if (group !== undefined && compareValues(group.key, key, runtime.budget) === 0)
      group.items.push(item);
    else groups.push({ key, items: [item] });
  }
  return groups.map(({ items }) => new Tuple([getOwn(items[0] ?? null), items], true));
}

function reverse(input: Value, { budget }: Runtime): Value {
  if (isText(input)) {
    const text = textOf(input);
    budget.scan(text.length);
    const reversed = codePointsOf(text).reverse().join("");
    return typeof input === "string" ? reversed : new Markup(reversed);
  }
  if (input instanceof Undefined) input.fail();
  const items = listOf(input, budget).reverse();
  return input instanceof OnePass ? items : new OnePass(items.values());
}

function itemsFilter(input: Value, { budget }: Runtime): Value {
  if (input instanceof Undefined) return new OnePass([].values());
  if (!(input instanceof Dict)) throw typeError(`items takes a mapping, not ${aTypeName(input)}.`);
  return new OnePass(iterate(new View(input, "items"), budget));
}
