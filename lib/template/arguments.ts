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
  const bound: (Value | undefined)[] = given.positional.slice();
  for (const [key, value] of given.named) {
    const index = parameters.indexOf(key);
    if (index < 0 || bound[index] !== undefined) throw countError(name, parameters);
    bound[index] = value;
  }
  for (let index = 0; index < required; index += 1)
    if (bound[index] === undefined) throw countError(name, parameters);
  return bound;
}

function countError(name: string, parameters: readonly string[]): TemplateError {
  const list = parameters.length === 0 ? "none" : parameters.join(", ");
  return new TemplateError("arguments", `"${name}" got the wrong arguments; it takes ${list}.`);
}

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
  const bound = bindArguments(name, { parameters, required }, given);
  return new MethodReader(name, bound, parameters, budget);
}

/**
 * Bound arguments by position, read as a kind; a wrong kind is refused with the parameter's name. A class, since one is
 * made for every filter and method that runs.
 */
export class MethodReader {
  readonly #name: string;
  readonly #bound: readonly (Value | undefined)[];
  readonly #parameters: readonly string[];
  readonly #budget: Budget;

  constructor(
    name: string,
    bound: readonly (Value | undefined)[],
    parameters: readonly string[],
    budget: Budget,
  ) {
    this.#name = name;
    this.#bound = bound;
    this.#parameters = parameters;
    this.#budget = budget;
  }

  value(index: number): Value | undefined {
    return this.#bound[index];
  }

  required(index: number): Value {
    return this.#bound[index] ?? null;
  }

  text(index: number): string | undefined {
    const value = this.#bound[index];
    if (value === undefined) return undefined;
    if (!isText(value)) return this.#wrong(index, "a text", value);
    this.#budget.scan(textOf(value).length);
    return textOf(value);
  }

  textOrNone(index: number): string | undefined {
    return this.#bound[index] === null ? undefined : this.text(index);
  }

  integer(index: number): number | undefined {
    const value = this.#bound[index];
    if (value === undefined) return undefined;
    const number = typeof value === "number" ? undefined : asNumber(value);
    if (typeof number !== "bigint") return this.#wrong(index, "an int", value);
    if (!Number.isSafeInteger(Number(number))) return this.#wrong(index, "a smaller int", value);
    return Number(number);
  }

  #wrong(index: number, wanted: string, value: Value): never {
    if (value instanceof Undefined) value.fail();
    throw typeError(
      `The argument "${this.#parameters[index] ?? index}" of "${this.#name}" must be ${wanted}, not ${aTypeName(value)}.`,
    );
  }
}
