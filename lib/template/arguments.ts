/** Arguments of filters and methods, bound to their parameter names and read as the kinds they must have. */
import { asNumber } from "./compare.ts";
import type { Budget } from "./limits.ts";
import { TemplateError } from "./refusal.ts";
import type { Signature } from "./signatures.ts";
import {
  aTypeName,
  type Given,
  isText,
  textOf,
  typeError,
  Undefined,
  type Value,
} from "./value.ts";

/** Values in the order of the parameters; undefined where none was given. */
export function bindArguments(
  name: string,
  { parameters, required }: Pick<Signature, "parameters" | "required">,
  given: Given,
): (Value | undefined)[] {
  if (given.positional.length > parameters.length) throw countError(name, parameters);
  const bound: (Value | undefined)[] = parameters.map((_, index) => given.positional[index]);
  for (const [key, value] of given.named) {
    const index = parameters.indexOf(key);
    if (index < 0 || bound[index] !== undefined) throw countError(name, parameters);
    bound[index] = value;
  }
  if (bound.slice(0, required).includes(undefined)) throw countError(name, parameters);
  return bound;
}

function countError(name: string, parameters: readonly string[]): TemplateError {
  const list = parameters.length === 0 ? "none" : parameters.join(", ");
  return new TemplateError("arguments", `"${name}" got the wrong arguments; it takes ${list}.`);
}

/** Bound arguments by position, read as a kind; a wrong kind is refused with the parameter's name. */
export type MethodReader = {
  value: (index: number) => Value | undefined;
  required: (index: number) => Value;
  text: (index: number) => string | undefined;
  textOrNone: (index: number) => string | undefined;
  integer: (index: number) => number | undefined;
};

/** Bind a method's arguments; Python's methods of text take no names but these few. */
export function bindMethod(
  name: string,
  signature: string,
  given: Given,
  budget: Budget,
): MethodReader {
  const words = signature === "" ? [] : signature.split(" ");
  const parameters = words.map((word) => word.replace("?", ""));
  const namesAllowed =
    name === "joiner" || name === "split" || name === "rsplit" || name === "splitlines";
  if (given.named.size > 0 && !namesAllowed)
    throw new TemplateError("arguments", `${name}() takes no named arguments; give them in order.`);
  const required = words.filter((word) => !word.endsWith("?")).length;
  return readerOf(name, bindArguments(name, { parameters, required }, given), parameters, budget);
}

export function readerOf(
  name: string,
  bound: readonly (Value | undefined)[],
  parameters: readonly string[],
  budget: Budget,
): MethodReader {
  const wrong = (index: number, wanted: string, value: Value): never => {
    if (value instanceof Undefined) value.fail();
    throw typeError(
      `The argument "${parameters[index] ?? index}" of "${name}" must be ${wanted}, not ${aTypeName(value)}.`,
    );
  };
  const text = (index: number): string | undefined => {
    const value = bound[index];
    if (value === undefined) return undefined;
    if (!isText(value)) return wrong(index, "a text", value);
    budget.scan(textOf(value).length);
    return textOf(value);
  };
  return {
    value: (index) => bound[index],
    required: (index) => bound[index] ?? null,
    text,
    textOrNone: (index) => (bound[index] === null ? undefined : text(index)),
    integer: (index) => {
      const value = bound[index];
      if (value === undefined) return undefined;
      const number = typeof value === "number" ? undefined : asNumber(value);
      if (typeof number !== "bigint") return wrong(index, "an int", value);
      if (!Number.isSafeInteger(Number(number))) return wrong(index, "a smaller int", value);
      return Number(number);
    },
  };
}
