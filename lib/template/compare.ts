/** Truth, length, iteration, equality and order, as Python has them. */
import type { Budget } from "./limits.ts";
import { compareText, lengthOf } from "./python-text.ts";
import { TemplateError } from "./refusal.ts";
import {
  aTypeName,
  Dict,
  isText,
  Loop,
  Markup,
  Namespace,
  OnePass,
  Range,
  Tuple,
  textOf,
  typeError,
  typeName,
  Undefined,
  type Value,
  View,
} from "./value.ts";

export function isTrue(value: Value): boolean {
  if (value === null) return false;
  if (typeof value === "boolean") return value;
  if (typeof value === "bigint") return value !== 0n;
  // NaN is true in Python.
  if (typeof value === "number") return value !== 0;
  if (value instanceof Undefined) {
    value.failIfStrict();
    return false;
  }
  const size = sizeOf(value);
  return size === undefined || size > 0;
}

/** The length if the value has one; texts count code points only in `lengthOfValue`, which costs more. */
function sizeOf(value: Value): number | undefined {
  if (isText(value)) return textOf(value).length;
  if (Array.isArray(value)) return value.length;
  if (value instanceof Tuple) return value.items.length;
  if (value instanceof Dict) return value.size;
  if (value instanceof View) return value.dict.size;
  if (value instanceof Range) return value.length;
  if (value instanceof Loop) return value.source.length();
  return undefined;
}

export function lengthOfValue(value: Value, budget: Budget): number {
  if (isText(value)) {
    const text = textOf(value);
    budget.scan(text.length);
    return lengthOf(text);
  }
  if (value instanceof Undefined) {
    value.failIfStrict();
    return 0;
  }
  const size = sizeOf(value);
  if (size === undefined)
    throw typeError(`${aTypeName(value, "A")} has no length; count a list, a text or a mapping.`);
  return size;
}

/** Items one by one, each charged a step. Lists stay live: an item appended in a loop is met by it. */
export function* iterate(value: Value, budget: Budget): Generator<Value, undefined> {
  for (const item of itemsOf(value)) {
    budget.step();
    yield item;
  }
  return undefined;
}

function itemsOf(value: Value): Iterable<Value> {
  if (Array.isArray(value)) return value;
  if (typeof value === "string") return value;
  // A text in HTML falls apart into plain characters.
  if (value instanceof Markup) return value.text;
  if (value instanceof Tuple) return value.items;
  if (value instanceof Dict) return dictItems(value, "keys");
  if (value instanceof View) return dictItems(value.dict, value.kind);
  if (value instanceof Range) return rangeItems(value);
  if (value instanceof OnePass) return remaining(value);
  if (value instanceof Undefined) {
    value.failIfStrict();
    return [];
  }
  throw typeError(
    `${aTypeName(value, "A")} cannot be looped over; use a list, a text or a mapping.`,
  );
}

function* dictItems(dict: Dict, kind: "keys" | "values" | "items"): Generator<Value> {
  const { changes } = dict;
  for (const { key, value } of dict.entries()) {
    yield kind === "keys" ? key : kind === "values" ? value : new Tuple([key, value]);
    if (dict.changes !== changes)
      throw new TemplateError(
        "loop",
        "The mapping changed while it was looped over; copy it first.",
      );
  }
}

function* rangeItems(range: Range): Generator<Value> {
  for (let index = 0; index < range.length; index += 1) yield range.at(index);
}

/** A `for` over the iterator itself would close it on leaving early, and Python keeps it open. */
function* remaining(value: OnePass): Generator<Value> {
  for (let step = value.iterator.next(); step.done !== true; step = value.iterator.next())
    yield step.value;
}

/** A list of all items, charged as it grows. */
export function listOf(value: Value, budget: Budget): Value[] {
  if (value instanceof Range) budget.list(value.length);
  const items: Value[] = [];
  for (const item of iterate(value, budget)) {
    items.push(item);
    if (items.length % 1024 === 0) budget.list(items.length);
  }
  return items;
}

type NumberLike = bigint | number;

/** int, float and bool are numbers to Python. */
export function asNumber(value: Value): NumberLike | undefined {
  if (typeof value === "boolean") return value ? 1n : 0n;
  return typeof value === "bigint" || typeof value === "number" ? value : undefined;
}

export function areEqual(left: Value, right: Value, budget: Budget): boolean {
  budget.step();
  if (left instanceof Undefined || right instanceof Undefined) return undefinedEqual(left, right);
  if (isText(left) && isText(right)) {
    budget.scan(Math.min(textOf(left).length, textOf(right).length));
    return textOf(left) === textOf(right);
  }
  const one = asNumber(left);
  const other = asNumber(right);
  // A bigint and a number compare by exact value.
  // biome-ignore lint/suspicious/noDoubleEquals: only the loose operator compares the two kinds of number.
  if (one !== undefined && other !== undefined) return one == other;
  if (left === right) return true;
  return budget.deeper(() => containersEqual(left, right, budget));
}

function undefinedEqual(left: Value, right: Value): boolean {
  if (left instanceof Undefined) left.failIfStrict();
  if (right instanceof Undefined) right.failIfStrict();
  return left instanceof Undefined && right instanceof Undefined;
}

function containersEqual(left: Value, right: Value, budget: Budget): boolean {
  if (Array.isArray(left) && Array.isArray(right)) return itemsEqual(left, right, budget);
  if (left instanceof Tuple && right instanceof Tuple)
    return itemsEqual(left.items, right.items, budget);
  if (left instanceof Dict && right instanceof Dict) return dictsEqual(left, right, budget);
  if (left instanceof Range && right instanceof Range) return rangesEqual(left, right);
  if (left instanceof View && right instanceof View && left.kind !== "values")
    throw typeError("Views of mappings are not compared here; make lists of both with |list.");
  return false;
}

function itemsEqual(left: readonly Value[], right: readonly Value[], budget: Budget): boolean {
  if (left.length !== right.length) return false;
  return left.every((item, index) => areEqual(item, right[index] ?? null, budget));
}

function dictsEqual(left: Dict, right: Dict, budget: Budget): boolean {
  if (left.size !== right.size) return false;
  for (const { key, value } of left.entries()) {
    const other = right.get(key, budget);
    if (other === undefined || !areEqual(value, other, budget)) return false;
  }
  return true;
}

function rangesEqual(left: Range, right: Range): boolean {
  if (left.length !== right.length) return false;
  if (left.length === 0) return true;
  return left.start === right.start && (left.length === 1 || left.step === right.step);
}

/** Negative, zero or positive; NaN stands for "unordered". Values without an order in Python are refused. */
export function compareValues(left: Value, right: Value, budget: Budget): number {
  budget.step();
  if (left instanceof Undefined) left.fail();
  if (right instanceof Undefined) right.fail();
  if (isText(left) && isText(right)) {
    budget.scan(Math.min(textOf(left).length, textOf(right).length));
    return compareText(textOf(left), textOf(right));
  }
  const one = asNumber(left);
  const other = asNumber(right);
  if (one !== undefined && other !== undefined) {
    if (one < other) return -1;
    if (one > other) return 1;
    return Number.isNaN(one) || Number.isNaN(other) ? Number.NaN : 0;
  }
  const items = orderedItems(left);
  const others = orderedItems(right);
  if (items === undefined || others === undefined || typeName(left) !== typeName(right))
    throw typeError(
      `${aTypeName(left, "A")} and ${aTypeName(right)} have no order; compare values of one kind.`,
    );
  return budget.deeper(() => compareItems(items, others, budget));
}

function orderedItems(value: Value): readonly Value[] | undefined {
  if (Array.isArray(value)) return value;
  return value instanceof Tuple ? value.items : undefined;
}

function compareItems(left: readonly Value[], right: readonly Value[], budget: Budget): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const one = left[index] ?? null;
    const other = right[index] ?? null;
    if (!areEqual(one, other, budget)) return compareValues(one, other, budget);
  }
  return left.length - right.length;
}

/** The `in` operator. */
export function contains(container: Value, item: Value, budget: Budget): boolean {
  if (isText(container)) {
    if (item instanceof Undefined) item.fail();
    if (!isText(item))
      throw typeError(`A text contains texts only, not ${aTypeName(item)}; write it in quotes.`);
    budget.scan(textOf(container).length);
    return textOf(container).includes(textOf(item));
  }
  if (container instanceof Dict) return container.get(item, budget) !== undefined;
  if (container instanceof View && container.kind === "keys")
    return container.dict.get(item, budget) !== undefined;
  if (container instanceof Namespace || container instanceof Loop)
    throw typeError(
      `${aTypeName(container, "A")} cannot be searched; use a list, a text or a mapping.`,
    );
  for (const candidate of iterate(container, budget)) {
    if (candidate === item && !(item instanceof Undefined)) return true;
    if (areEqual(candidate, item, budget)) return true;
  }
  return false;
}
