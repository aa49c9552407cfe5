/** The `attribute` argument of filters: a name, a dotted path, an index, or for sorting several of them. */
import { getItem } from "./attributes.ts";
import { TemplateError } from "./refusal.ts";
import type { Runtime } from "./runtime.ts";
import { isText, textOf, typeError, Undefined, type Value } from "./value.ts";

type GetterOptions = { fallback?: Value | undefined; isMultiple?: boolean };

export function attributeGetter(
  attribute: Value,
  runtime: Runtime,
  options: GetterOptions = {},
): (item: Value) => Value {
  const paths = pathsOf(attribute, options.isMultiple === true);
  const getters = paths.map(
    (path) => (item: Value) => follow(item, path, runtime, options.fallback),
  );
  if (options.isMultiple === true) return (item) => getters.map((get) => get(item));
  const [get] = getters;
  return get ?? ((item) => item);
}

function pathsOf(attribute: Value, isMultiple: boolean): Value[][] {
  if (typeof attribute === "bigint") return [[attribute]];
  if (!isText(attribute)) throw typeError("The attribute must be a name in quotes or an int.");
  const names = isMultiple ? textOf(attribute).split(",") : [textOf(attribute)];
  return names.map((name) => name.split(".").map(pathPart));
}

function pathPart(part: string): Value {
  if (part.startsWith("__"))
    throw new TemplateError(
      "attribute",
      `The attribute "${part}" is refused; use a key without underscores.`,
    );
  return /^\d+$/.test(part) ? BigInt(part) : part;
}

function follow(
  item: Value,
  path: readonly Value[],
  runtime: Runtime,
  fallback: Value | undefined,
): Value {
  let value = item;
  for (const part of path) {
    value = getItem(value, part, runtime);
    if (value instanceof Undefined && fallback !== undefined && fallback !== null) value = fallback;
  }
  return value;
}
