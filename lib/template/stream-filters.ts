/** Filters that hand out items one by one: map, select and its kin, unique, batch and slice. */
import { attributeGetter } from "./attribute-getter.ts";
import { isTrue, iterate, listOf } from "./compare.ts";
import { TemplateError } from "./refusal.ts";
import type { Runtime } from "./runtime.ts";
import { ignoreCase } from "./sorting.ts";
import { type Given, hashKey, isText, OnePass, textOf, typeError, type Value } from "./value.ts";

type Bound = readonly (Value | undefined)[];

/** The result of a stream filter; undefined if `name` is none. */
export function runStreamFilter(
  name: string,
  input: Value,
  given: Given,
  bound: Bound,
  runtime: Runtime,
): Value | undefined {
  switch (name) {
    case "map":
      return new OnePass(mapItems(input, given, runtime));
    case "select":
    case "reject":
      return new OnePass(selectItems(input, given, { wanted: name === "select" }, runtime));
    case "selectattr":
    case "rejectattr":
      return new OnePass(selectByAttribute(input, given, name === "selectattr", runtime));
    case "unique":
      return new OnePass(uniqueItems(input, bound, runtime));
    case "batch":
      return new OnePass(batchItems(input, bound, runtime));
    case "slice":
      return new OnePass(sliceItems(input, bound, runtime));
    default:
      return undefined;
  }
}

function* mapItems(input: Value, given: Given, runtime: Runtime): Generator<Value, undefined> {
  const apply = mapper(given, runtime);
  if (isTrue(input)) for (const item of iterate(input, runtime.budget)) yield apply(item);
  return undefined;
}

function mapper(given: Given, runtime: Runtime): (item: Value) => Value {
  const [name, ...rest] = given.positional;
  if (name === undefined) {
    const attribute = given.named.get("attribute");
    const extra = [...given.named.keys()].find((key) => key !== "attribute" && key !== "default");
    if (attribute === undefined || extra !== undefined)
      throw new TemplateError(
        "arguments",
        "map takes a filter's name, or attribute= and default=.",
      );
    return attributeGetter(attribute, runtime, { fallback: given.named.get("default") });
  }
  const filter = nameArgument(name, "map");
  const further = { positional: rest, named: given.named };
  return (item) => runtime.callFilter(filter, item, further);
}

function nameArgument(value: Value, filter: string): string {
  if (!isText(value)) throw typeError(`${filter} takes the name of a filter or test in quotes.`);
  return textOf(value);
}

function tester(given: Given, runtime: Runtime): (item: Value) => boolean {
  const [name, ...rest] = given.positional;
  if (name === undefined) return isTrue;
  const test = nameArgument(name, "select");
  return (item) => runtime.callTest(test, item, { positional: rest, named: given.named });
}

function* selectItems(
  input: Value,
  given: Given,
  options: { wanted: boolean; key?: (item: Value) => Value },
  runtime: Runtime,
): Generator<Value, undefined> {
  const { wanted, key = (item: Value) => item } = options;
  if (!isTrue(input)) return undefined;
  const holds = tester(given, runtime);
  for (const item of iterate(input, runtime.budget)) if (holds(key(item)) === wanted) yield item;
  return undefined;
}

function selectByAttribute(
  input: Value,
  given: Given,
  wanted: boolean,
  runtime: Runtime,
): Generator<Value, undefined> {
  const [attribute, ...rest] = given.positional;
  if (attribute === undefined)
    throw new TemplateError(
      "arguments",
      "selectattr and rejectattr take an attribute's name first.",
    );
  const key = attributeGetter(attribute, runtime);
  return selectItems(input, { positional: rest, named: given.named }, { wanted, key }, runtime);
}

function* uniqueItems(input: Value, bound: Bound, runtime: Runtime): Generator<Value, undefined> {
  const [caseSensitive = false, attribute = null] = bound;
  const get = attribute === null ? (item: Value) => item : attributeGetter(attribute, runtime);
  const keepCase = isTrue(caseSensitive);
  const seen = new Set<string>();
  for (const item of iterate(input, runtime.budget)) {
    const key = get(item);
    const hash = hashKey(keepCase || !isText(key) ? key : ignoreCase(textOf(key)), runtime.budget);
    if (seen.has(hash)) continue;
    seen.add(hash);
    yield item;
  }
  return undefined;
}

function sizeArgument(value: Value | undefined, filter: string): number {
  if (typeof value !== "bigint" && typeof value !== "boolean")
    throw typeError(`${filter} takes an int.`);
  return Number(value);
}

function* batchItems(input: Value, bound: Bound, runtime: Runtime): Generator<Value, undefined> {
  const [, filler = null] = bound;
  const size = sizeArgument(bound[0], "batch");
  let batch: Value[] = [];
  for (const item of iterate(input, runtime.budget)) {
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
    batch.push(item);
  }
  if (batch.length === 0) return undefined;
  if (filler !== null && batch.length < size) {
    runtime.budget.list(size);
    while (batch.length < size) batch.push(filler);
  }
  yield batch;
  return undefined;
}

function* sliceItems(input: Value, bound: Bound, runtime: Runtime): Generator<Value, undefined> {
  const [, filler = null] = bound;
  const count = sizeArgument(bound[0], "slice");
  const items = listOf(input, runtime.budget);
  if (count === 0) throw typeError("slice takes an int above 0.");
  runtime.budget.list(count);
  const size = Math.floor(items.length / count);
  const longer = items.length % count;
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    runtime.budget.step();
    const length = size + (index < longer ? 1 : 0);
    const slice = items.slice(at, at + length);
    if (filler !== null && index >= longer) slice.push(filler);
    at += length;
    yield slice;
  }
  return undefined;
}
