/**
 * Python's values in JavaScript: int is a bigint, float a number, str a string, list an array. Everything else is one
 * of the classes below, so a template can never hold a host object, and no class is reached by a name from a template.
 */
import type { MacroNode } from "./ast.ts";
import type { Budget } from "./limits.ts";
import { TemplateError } from "./refusal.ts";

export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Value[]
  | Tuple
  | Dict
  | Markup
  | Undefined
  | Range
  | View
  | OnePass
  | Namespace
  | Callable
  | Macro
  | Loop
  | Cycler;

/** The arguments of one call, evaluated. */
export type Given = { positional: Value[]; named: Map<string, Value> };

export class Tuple {
  readonly items: readonly Value[];
  /** A group of `groupby` answers to `grouper` and `list` too. */
  readonly isGroup: boolean;

  constructor(items: readonly Value[], isGroup = false) {
    this.items = items;
    this.isGroup = isGroup;
  }
}

/** Text that is HTML already: escaping leaves it alone. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A missing value. Reading through it always fails; printing and testing it fail only when it is strict. */
export class Undefined {
  readonly message: string;
  readonly isStrict: boolean;

  constructor(message: string, isStrict: boolean) {
    this.message = message;
    this.isStrict = isStrict;
  }

  fail(): never {
    throw new TemplateError(
      "undefined",
      `${this.message}; pass it, or write {{ … | default('…') }}.`,
    );
  }

  failIfStrict(): void {
    if (this.isStrict) this.fail();
  }
}

/** Integers from start to stop, never stored. */
export class Range {
  readonly start: bigint;
  readonly stop: bigint;
  readonly step: bigint;
  readonly length: number;

  constructor(start: bigint, stop: bigint, step: bigint) {
    this.start = start;
    this.stop = stop;
    this.step = step;
    const span = step > 0n ? stop - start : start - stop;
    const stride = step > 0n ? step : -step;
    this.length = span > 0n ? Number((span + stride - 1n) / stride) : 0;
  }

  at(index: number): bigint {
    return this.start + BigInt(index) * this.step;
  }
}

/** What `items()`, `keys()` and `values()` answer: a live look at a dict. */
export class View {
  readonly dict: Dict;
  readonly kind: "keys" | "values" | "items";

  constructor(dict: Dict, kind: "keys" | "values" | "items") {
    this.dict = dict;
    this.kind = kind;
  }
}

/** A generator of Python: readable once, without a length, and not printable. */
export class OnePass {
  readonly iterator: Iterator<Value>;

  constructor(iterator: Iterator<Value>) {
    this.iterator = iterator;
  }
}

export class Namespace {
  readonly attributes = new Map<string, Value>();
}

/** A global function or a bound method. */
export class Callable {
  readonly name: string;
  readonly call: (given: Given) => Value;

  constructor(name: string, call: (given: Given) => Value) {
    this.name = name;
    this.call = call;
  }
}

export class Macro {
  readonly node: MacroNode;
  readonly call: (given: Given) => Value;

  constructor(node: MacroNode, call: (given: Given) => Value) {
    this.node = node;
    this.call = call;
  }
}

/** The `loop` variable. Its items are read one ahead, as Jinja2 does, so `last` is known for one-pass input. */
/** Where a loop gets its items. Looking ahead is asked for only, as a loop may still change what it runs over. */
export interface ItemSource {
  length(): number;
  peek(): Value | undefined;
}

export class Loop {
  index0 = -1;
  previous: Value | undefined;
  current: Value | undefined;
  changedTo: Value | undefined;
  readonly depth0: number;
  readonly source: ItemSource;
  readonly recurse: ((items: Value) => Value) | undefined;

  constructor(depth0: number, source: ItemSource, recurse: ((items: Value) => Value) | undefined) {
    this.depth0 = depth0;
    this.source = source;
    this.recurse = recurse;
  }
}

export class Cycler {
  readonly items: readonly Value[];
  position = 0;

  constructor(items: readonly Value[]) {
    this.items = items;
  }
}

/** Insertion order, and one key for 1, 1.0 and True, as in Python. */
export class Dict {
  readonly #entries = new Map<string, { key: Value; value: Value }>();
  /** How often a key came or went, by which a loop sees that its mapping changed. */
  changes = 0;

  get size(): number {
    return this.#entries.size;
  }

  get(key: Value, budget: Budget): Value | undefined {
    return this.#entries.get(hashKey(key, budget))?.value;
  }

  set(key: Value, value: Value, budget: Budget): void {
    const hash = hashKey(key, budget);
    const entry = this.#entries.get(hash);
    if (entry !== undefined) {
      entry.value = value;
      return;
    }
    this.changes += 1;
    this.#entries.set(hash, { key, value });
  }

  /** The same keys with other values; cheaper than setting each, as no key is hashed again. */
  mapped(change: (value: Value) => Value): Dict {
    const made = new Dict();
    for (const [hash, { key, value }] of this.#entries)
      made.#entries.set(hash, { key, value: change(value) });
    return made;
  }

  delete(key: Value, budget: Budget): void {
    if (this.#entries.delete(hashKey(key, budget))) this.changes += 1;
  }

  clear(): void {
    this.changes += this.#entries.size;
    this.#entries.clear();
  }

  entries(): Iterable<{ key: Value; value: Value }> {
    return this.#entries.values();
  }
}

/** A string that is equal for keys that Python holds to be equal; lists and dicts have none. */
export function hashKey(key: Value, budget: Budget): string {
  if (typeof key === "string" || key instanceof Markup) {
    const text = textOf(key);
    budget.scan(text.length);
    return `s${text}`;
  }
  if (key === null) return "n";
  if (typeof key === "boolean") return key ? "i1" : "i0";
  if (typeof key === "bigint") return `i${key}`;
  if (typeof key === "number") return Number.isInteger(key) ? `i${BigInt(key)}` : `f${key}`;
  if (key instanceof Tuple) {
    budget.step(key.items.length);
    const parts = budget.deeper(() => key.items.map((item) => hashKey(item, budget)));
    budget.string(parts.reduce((sum, part) => sum + part.length + 8, 0));
    return `t${parts.map((part) => `${part.length}:${part}`).join("")}`;
  }
  if (key instanceof Undefined) {
    key.failIfStrict();
    return "u";
  }
  throw new TemplateError(
    "type",
    `${aTypeName(key, "A")} cannot be a key or be compared by identity; use a text.`,
  );
}

/** The characters of a text, whether it is HTML or not. */
export function textOf(text: string | Markup): string {
  return typeof text === "string" ? text : text.text;
}

export function isText(value: Value): value is string | Markup {
  return typeof value === "string" || value instanceof Markup;
}

/** Python's name of a value's type, for messages. */
export function typeName(value: Value): string {
  if (value === null) return "None";
  switch (typeof value) {
    case "boolean":
      return "bool";
    case "bigint":
      return "int";
    case "number":
      return "float";
    case "string":
      return "str";
    default:
      return objectTypeName(value);
  }
}

/** The same with its article, for sentences. */
export function aTypeName(value: Value, article: "a" | "A" = "a"): string {
  const name = typeName(value);
  return `${article}${/^[iU]/.test(name) ? "n" : ""} ${name}`;
}

function objectTypeName(value: object): string {
  if (Array.isArray(value)) return "list";
  if (value instanceof Tuple) return "tuple";
  if (value instanceof Dict) return "dict";
  if (value instanceof Markup) return "Markup";
  if (value instanceof Undefined) return "Undefined";
  if (value instanceof Range) return "range";
  if (value instanceof View) return `dict_${value.kind}`;
  if (value instanceof OnePass) return "generator";
  if (value instanceof Namespace) return "namespace";
  if (value instanceof Macro) return "macro";
  if (value instanceof Loop) return "loop";
  if (value instanceof Cycler) return "cycler";
  return "function";
}

export function typeError(reason: string): TemplateError {
  return new TemplateError("type", reason);
}
