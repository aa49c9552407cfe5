/**
 * `value.name`, `value[key]` and slices. Attributes are answered by `switch` and fixed lists for each kind of value:
 * no name from a template ever reaches a property of a JavaScript object.
 */

import { bindMethod } from "./arguments.ts";
import {
  callDictMethod,
  callListMethod,
  countItem,
  dictMethods,
  indexOf,
  listMethods,
} from "./collection-methods.ts";
import { asNumber } from "./compare.ts";
import { cyclerAttribute, loopAttribute, macroAttribute } from "./helper-attributes.ts";
import type { Budget } from "./limits.ts";
import { isMissingMethod } from "./missing-methods.ts";
import { toRepr } from "./print.ts";
import { codePointsOf } from "./python-text.ts";
import { TemplateError } from "./refusal.ts";
import { callTextMethod, textMethods } from "./text-methods.ts";
import {
  aTypeName,
  Callable,
  Cycler,
  Dict,
  type Given,
  isText,
  Loop,
  Macro,
  Markup,
  Namespace,
  Range,
  Tuple,
  textOf,
  typeError,
  Undefined,
  type Value,
} from "./value.ts";

export type AccessOptions = { budget: Budget; isStrict: boolean };

/** `target.name`: an attribute or method first, then a key of that name. */
export function getAttribute(target: Value, name: string, options: AccessOptions): Value {
  options.budget.step();
  if (target instanceof Undefined) target.fail();
  const attribute = attributeOf(target, name, options);
  if (attribute !== undefined) return attribute;
  const item = subscript(target, name, options.budget);
  return item === undefined ? missing(target, name, options) : item;
}

/** `target[key]`: an item first, then an attribute if the key is a text. */
export function getItem(target: Value, key: Value, options: AccessOptions): Value {
  options.budget.step();
  if (target instanceof Undefined) target.fail();
  const item = subscript(target, key, options.budget);
  if (item !== undefined) return item;
  if (!isText(key)) return missing(target, key, options);
  const name = textOf(key);
  const attribute = attributeOf(target, name, options);
  return attribute === undefined ? missing(target, name, options) : attribute;
}

function missing(target: Value, key: Value, { budget, isStrict }: AccessOptions): Undefined {
  const shown = toRepr(key, budget).slice(0, 80);
  const message = isText(key)
    ? `${aTypeName(target, "A")} has no attribute or key ${shown}`
    : `${aTypeName(target, "A")} has no item ${shown}`;
  return new Undefined(message, isStrict);
}

/** An attribute; undefined where Python has none, refused where Python has one that this engine lacks. */
function attributeOf(target: Value, name: string, options: AccessOptions): Value | undefined {
  const { budget } = options;
  if (isMissingMethod(target, name))
    throw new TemplateError(
      "attribute",
      `"${name}" of ${aTypeName(target)} is refused; docs/templates.md lists what can be used.`,
    );
  if (isText(target)) return textMethod(target, name, budget);
  if (Array.isArray(target))
    return bound(listMethods, name, (given) => callListMethod(name, target, given, budget));
  if (target instanceof Dict)
    return bound(dictMethods, name, (given) => callDictMethod(name, target, given, budget));
  if (target instanceof Tuple) return tupleAttribute(target, name, budget);
  if (target instanceof Range) return rangeAttribute(target, name);
  if (target instanceof Namespace) return target.attributes.get(name);
  if (target instanceof Loop) return loopAttribute(target, name, options);
  if (target instanceof Cycler) return cyclerAttribute(target, name);
  return target instanceof Macro ? macroAttribute(target, name) : undefined;
}

function bound(
  names: ReadonlySet<string>,
  name: string,
  call: (given: Given) => Value,
): Callable | undefined {
  return names.has(name) ? new Callable(name, call) : undefined;
}

function textMethod(target: string | Markup, name: string, budget: Budget): Callable | undefined {
  return bound(textMethods, name, (given) => {
    if (target instanceof Markup)
      throw typeError(
        `${name}() of text that is HTML already is refused; call it before escaping.`,
      );
    return callTextMethod(name, target, given, budget) ?? null;
  });
}

function tupleAttribute(target: Tuple, name: string, budget: Budget): Value | undefined {
  switch (name) {
    case "grouper":
      return target.isGroup ? target.items[0] : undefined;
    case "list":
      return target.isGroup ? target.items[1] : undefined;
    case "count":
      return new Callable(name, (given) =>
        countItem(target.items, bindMethod(name, "value", given, budget).required(0), budget),
      );
    case "index":
      return new Callable(name, (given) =>
        indexOf(target.items, bindMethod(name, "value", given, budget).required(0), budget),
      );
    default:
      return undefined;
  }
}

function rangeAttribute(target: Range, name: string): Value | undefined {
  switch (name) {
    case "start":
      return target.start;
    case "stop":
      return target.stop;
    case "step":
      return target.step;
    default:
      return undefined;
  }
}

/** An item of a container; undefined where Python would raise. */
function subscript(target: Value, key: Value, budget: Budget): Value | undefined {
  if (target instanceof Dict) {
    const isHashable = !(Array.isArray(key) || key instanceof Dict);
    return isHashable ? target.get(key, budget) : undefined;
  }
  const index = typeof key === "number" ? undefined : asNumber(key);
  if (typeof index !== "bigint") return undefined;
  const at = Number(index);
  if (isText(target)) {
    const text = textOf(target);
    budget.scan(text.length);
    const character = codePointsOf(text).at(at);
    return target instanceof Markup && character !== undefined ? new Markup(character) : character;
  }
  if (Array.isArray(target)) return target.at(at);
  if (target instanceof Tuple) return target.items.at(at);
  if (!(target instanceof Range)) return undefined;
  const position = at < 0 ? at + target.length : at;
  return position >= 0 && position < target.length ? target.at(position) : undefined;
}

export type SliceBounds = { start: Value; stop: Value; step: Value };

/** `target[start:stop:step]` of a text, list, tuple or range. */
export function getSlice(target: Value, bounds: SliceBounds, budget: Budget): Value {
  if (target instanceof Undefined) target.fail();
  if (isText(target)) {
    const text = textOf(target);
    budget.scan(text.length);
    const cut = sliceItems(codePointsOf(text), bounds, budget).join("");
    return target instanceof Markup ? new Markup(cut) : cut;
  }
  if (Array.isArray(target)) return sliceItems(target, bounds, budget);
  if (target instanceof Tuple) return new Tuple(sliceItems(target.items, bounds, budget));
  if (target instanceof Range) return sliceRange(target, bounds);
  throw typeError(`${aTypeName(target, "A")} has no slices; make a list with |list first.`);
}

function sliceItems<T>(items: readonly T[], bounds: SliceBounds, budget: Budget): T[] {
  const { from, to, step } = sliceIndices(items.length, bounds);
  const picked: T[] = [];
  budget.list(Math.max(0, Math.ceil((to - from) / step)));
  for (let at = from; step > 0 ? at < to : at > to; at += step) {
    const item = items[at];
    if (item !== undefined) picked.push(item);
  }
  return picked;
}

function sliceRange(range: Range, bounds: SliceBounds): Range {
  const { from, to, step } = sliceIndices(range.length, bounds);
  const numberAt = (index: number) => range.start + BigInt(index) * range.step;
  return new Range(numberAt(from), numberAt(to), range.step * BigInt(step));
}

/** Python's bounds of a slice: from the first index, up to and without the last. */
function sliceIndices(length: number, bounds: SliceBounds) {
  const step = sliceNumber(bounds.step) ?? 1;
  if (step === 0) throw typeError("The step of a slice must not be 0.");
  const first = step > 0 ? 0 : -1;
  const last = step > 0 ? length : length - 1;
  const clamp = (value: number) =>
    Math.min(last, Math.max(first, value < 0 ? value + length : value));
  const start = sliceNumber(bounds.start);
  const stop = sliceNumber(bounds.stop);
  const from = start === undefined ? (step > 0 ? first : last) : clamp(start);
  const to = stop === undefined ? (step > 0 ? last : first) : clamp(stop);
  return { from, to, step };
}

function sliceNumber(value: Value): number | undefined {
  if (value === null) return undefined;
  const number = typeof value === "number" ? undefined : asNumber(value);
  if (typeof number !== "bigint") {
    if (value instanceof Undefined) value.fail();
    throw typeError("The bounds of a slice must be ints.");
  }
  return Number(number);
}
