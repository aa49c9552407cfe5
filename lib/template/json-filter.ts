/** `tojson` and `pprint`. */
import { asNumber, compareValues } from "./compare.ts";
import { boundedSize } from "./format-spec.ts";
import type { Budget } from "./limits.ts";
import { floatRepr, integerText, Pieces, toRepr, toText } from "./print.ts";
import { sortValues } from "./sorting.ts";
import {
  aTypeName,
  Dict,
  isText,
  Markup,
  Tuple,
  textOf,
  typeError,
  Undefined,
  type Value,
} from "./value.ts";

/** Python's `json.dumps` with sorted keys and pure ASCII, made safe to stand in HTML. */
export function toJson(value: Value, indent: Value | undefined, budget: Budget): Markup {
  const out = new Pieces(budget);
  writeJson(value, { out, budget, indent: indentText(indent) }, "\n");
  return new Markup(out.join());
}

type Writer = { out: Pieces; budget: Budget; indent: string | undefined };

function indentText(indent: Value | undefined): string | undefined {
  if (indent === undefined || indent === null) return undefined;
  if (isText(indent)) return textOf(indent);
  const size = typeof indent === "number" ? undefined : asNumber(indent);
  if (typeof size !== "bigint") throw typeError("The indent of tojson must be an int.");
  const width = boundedSize(`${size < 0n ? 0n : size}`);
  if (width > 100) throw typeError("The indent of tojson must not be above 100.");
  return " ".repeat(width);
}

/** `newline` holds the line break and the indent that the current level begins its lines with. */
function writeJson(value: Value, writer: Writer, newline: string): void {
  const { out, budget } = writer;
  budget.step();
  if (value === null) out.add("null");
  else if (typeof value === "boolean") out.add(value ? "true" : "false");
  else if (typeof value === "bigint") out.add(integerText(value, budget));
  else if (typeof value === "number") out.add(floatJson(value));
  else if (isText(value)) out.add(jsonString(textOf(value), budget));
  else if (Array.isArray(value)) writeList(value, writer, newline);
  else if (value instanceof Tuple) writeList(value.items, writer, newline);
  else if (value instanceof Dict) writeObject(value, writer, newline);
  else if (value instanceof Undefined) value.fail();
  else throw typeError(`${aTypeName(value, "A")} has no JSON form; make a list with |list.`);
}

function floatJson(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (Number.isFinite(value)) return floatRepr(value);
  return value < 0 ? "-Infinity" : "Infinity";
}

function writeList(items: readonly Value[], writer: Writer, newline: string): void {
  if (items.length === 0) {
    writer.out.add("[]");
    return;
  }
  writer.budget.deeper(() => {
    const inner = writer.indent === undefined ? "" : newline + writer.indent;
    writer.out.add("[");
    items.forEach((item, index) => {
      if (index > 0) writer.out.add(writer.indent === undefined ? ", " : ",");
      writer.out.add(inner);
      writeJson(item, writer, inner);
    });
    writer.out.add(writer.indent === undefined ? "]" : `${newline}]`);
  });
}

function writeObject(dict: Dict, writer: Writer, newline: string): void {
  if (dict.size === 0) {
    writer.out.add("{}");
    return;
  }
  const { budget } = writer;
  budget.deeper(() => {
    const inner = writer.indent === undefined ? "" : newline + writer.indent;
    writer.out.add("{");
    sortedEntries(dict, budget).forEach(({ key, value }, index) => {
      if (index > 0) writer.out.add(writer.indent === undefined ? ", " : ",");
      writer.out.add(`${inner}${jsonString(keyText(key, budget), budget)}: `);
      writeJson(value, writer, inner);
    });
    writer.out.add(writer.indent === undefined ? "}" : `${newline}}`);
  });
}

function sortedEntries(dict: Dict, budget: Budget): { key: Value; value: Value }[] {
  const entries = [...dict.entries()];
  return sortValues(
    entries,
    (one, other) => compareValues(one.key, other.key, budget),
    false,
    budget,
  );
}

function keyText(key: Value, budget: Budget): string {
  if (key === null) return "null";
  if (typeof key === "boolean") return key ? "true" : "false";
  if (typeof key === "number") return floatJson(key);
  if (typeof key === "object" && !(key instanceof Markup))
    throw typeError("The keys of a JSON object must be texts or numbers.");
  return toText(key, budget);
}

function jsonString(text: string, budget: Budget): string {
  budget.scan(text.length);
  const inner = text.replace(/[^ !#-%(-;=?-[\]-~]/g, escapeUnit);
  return `"${inner}"`;
}

/** One UTF-16 unit: JSON writes characters above U+FFFF as two escapes. */
function escapeUnit(unit: string): string {
  switch (unit) {
    case '"':
      return '\\"';
    case "\\":
      return "\\\\";
    case "\n":
      return "\\n";
    case "\r":
      return "\\r";
    case "\t":
      return "\\t";
    case "\b":
      return "\\b";
    case "\f":
      return "\\f";
    default:
      return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  }
}

const lineMax = 80;

/** Python's `pformat`, for values that fit on one line: there it is `repr` with sorted keys. */
export function prettyText(value: Value, budget: Budget): string {
  const text = toRepr(withSortedKeys(value, budget), budget);
  if (text.length > lineMax)
    throw typeError("pprint of more than one line is refused; write tojson(indent=2).");
  return text;
}

function withSortedKeys(value: Value, budget: Budget): Value {
  budget.step();
  const sorted = (item: Value) => withSortedKeys(item, budget);
  return budget.deeper(() => {
    if (Array.isArray(value)) return value.map(sorted);
    if (value instanceof Tuple) return new Tuple(value.items.map(sorted));
    if (!(value instanceof Dict)) return value;
    const copy = new Dict();
    for (const entry of sortedEntries(value, budget))
      copy.set(entry.key, sorted(entry.value), budget);
    return copy;
  });
}
