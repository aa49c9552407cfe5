/** Methods of list, tuple, dict, range and of the helpers that templates can make. */
import { bindMethod, type MethodReader } from "./arguments.ts";
import { areEqual, compareValues, isTrue, iterate, listOf } from "./compare.ts";
import type { Budget } from "./limits.ts";
import { TemplateError } from "./refusal.ts";
import { sortValues } from "./sorting.ts";
import { Dict, type Given, Tuple, typeError, Undefined, type Value, View } from "./value.ts";

export const listMethods: ReadonlySet<string> = new Set([
  "append",
  "clear",
  "copy",
  "count",
  "extend",
  "index",
  "insert",
  "pop",
  "remove",
  "reverse",
  "sort",
]);

export const dictMethods: ReadonlySet<string> = new Set([
  "clear",
  "copy",
  "get",
  "items",
  "keys",
  "pop",
  "setdefault",
  "update",
  "values",
]);

export function callListMethod(name: string, list: Value[], given: Given, budget: Budget): Value {
  budget.step(1 + list.length / 16);
  const read = (signature: string) => bindMethod(name, signature, given, budget);
  switch (name) {
    case "count":
      return countItem(list, read("value").required(0), budget);
    case "index":
      return indexOf(list, read("value").required(0), budget);
    case "copy":
      read("");
      budget.list(list.length);
      return [...list];
    case "pop": {
      const index = read("index?").integer(0) ?? -1;
      const [item] = list.splice(place(index, list.length), 1);
      return item ?? null;
    }
    case "sort":
      return sortList(list, given, budget);
    default:
      changeList(name, list, read, budget);
      return null;
  }
}

/** The methods that answer nothing. */
function changeList(
  name: string,
  list: Value[],
  read: (signature: string) => MethodReader,
  budget: Budget,
): void {
  switch (name) {
    case "append":
      budget.list(list.length + 1);
      list.push(read("object").required(0));
      break;
    case "extend":
      for (const item of listOf(read("iterable").required(0), budget)) list.push(item);
      budget.list(list.length);
      break;
    case "insert": {
      const given = read("index object");
      budget.list(list.length + 1);
      list.splice(given.integer(0) ?? 0, 0, given.required(1));
      break;
    }
    case "remove": {
      const at = list.findIndex((item) => areEqual(item, read("value").required(0), budget));
      if (at < 0) throw new TemplateError("method", "remove() did not find the value in the list.");
      list.splice(at, 1);
      break;
    }
    case "clear":
      read("");
      list.length = 0;
      break;
    default:
      read("");
      list.reverse();
      break;
  }
}

function place(index: number, length: number): number {
  const at = index < 0 ? index + length : index;
  if (at < 0 || at >= length)
    throw new TemplateError("method", "pop() is outside of the list; test its length first.");
  return at;
}

function sortList(list: Value[], given: Given, budget: Budget): null {
  const reverse = given.named.get("reverse");
  if (given.positional.length > 0 || given.named.size > (reverse === undefined ? 0 : 1))
    throw typeError("sort() takes reverse only; use the filter sort for more.");
  const isReversed = reverse !== undefined && isTrue(reverse);
  const compare = (one: Value, other: Value) => compareValues(one, other, budget);
  const sorted = sortValues(list, compare, isReversed, budget);
  sorted.forEach((item, index) => {
    list[index] = item;
  });
  return null;
}

export function countItem(items: Iterable<Value>, wanted: Value, budget: Budget): bigint {
  let count = 0n;
  for (const item of items) if (areEqual(item, wanted, budget)) count += 1n;
  return count;
}

export function indexOf(items: Iterable<Value>, wanted: Value, budget: Budget): bigint {
  let index = 0n;
  for (const item of items) {
    if (areEqual(item, wanted, budget)) return index;
    index += 1n;
  }
  throw new TemplateError("method", 'index() did not find the value; test with "in" first.');
}

export function callDictMethod(name: string, dict: Dict, given: Given, budget: Budget): Value {
  const read = (signature: string) => bindMethod(name, signature, given, budget);
  switch (name) {
    case "items":
    case "keys":
    case "values":
      read("");
      return new View(dict, name);
    case "get": {
      const bound = read("key default?");
      const found = dict.get(bound.required(0), budget);
      return found === undefined ? bound.required(1) : found;
    }
    case "copy":
      read("");
      return copyDict(dict, budget);
    case "clear":
      read("");
      dict.clear();
      return null;
    case "update":
      return updateDict(dict, given, budget);
    case "setdefault": {
      const bound = read("key default?");
      const found = dict.get(bound.required(0), budget);
      if (found !== undefined) return found;
      dict.set(bound.required(0), bound.required(1), budget);
      budget.list(dict.size);
      return bound.required(1);
    }
    default: {
      const bound = read("key default?");
      const found = dict.get(bound.required(0), budget);
      const result = found === undefined ? bound.value(1) : found;
      if (result === undefined)
        throw new TemplateError("method", "pop() did not find the key; pass a default.");
      dict.delete(bound.required(0), budget);
      return result;
    }
  }
}

function copyDict(dict: Dict, budget: Budget): Dict {
  budget.list(dict.size);
  const copy = new Dict();
  for (const { key, value } of dict.entries()) copy.set(key, value, budget);
  return copy;
}

/** Entries of a mapping, of pairs and of named arguments, added to `dict`. */
export function updateDict(dict: Dict, given: Given, budget: Budget): null {
  if (given.positional.length > 1)
    throw typeError("A mapping is made from one mapping or list of pairs.");
  const [source] = given.positional;
  if (source instanceof Undefined) source.fail();
  if (source instanceof Dict) {
    budget.list(dict.size + source.size);
    for (const { key, value } of [...source.entries()]) dict.set(key, value, budget);
  } else if (source !== undefined) {
    for (const pair of iterate(source, budget)) {
      const items = Array.isArray(pair) ? pair : pair instanceof Tuple ? pair.items : [];
      const [key, value] = items;
      if (key === undefined || value === undefined || items.length !== 2)
        throw typeError("A mapping is made from pairs: dict([('a', 1)]).");
      dict.set(key, value, budget);
    }
  }
  for (const [name, value] of given.named) dict.set(name, value, budget);
  budget.list(dict.size);
  return null;
}
