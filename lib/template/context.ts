/**
 * Contexts on their way in: JSON text, or plain data of the program. What enters is finite and has no behaviour.
 */

import { readJson, refuseContext } from "./json-reader.ts";
import { Budget, contextCharactersMax, contextDepthMax, contextNodesMax } from "./limits.ts";
import { Dict, type Value } from "./value.ts";

/** JSON text, or plain data where the difference between 1 and 1.0 does not matter. */
export type TemplateContext = string | { readonly [key: string]: unknown };

/** The variables of a context. */
export function readContext(context: TemplateContext): Dict {
  const value = typeof context === "string" ? readJson(context) : fromPlain(context);
  if (!(value instanceof Dict))
    refuseContext("The variables must be an object of names and values.");
  return value;
}

/** The same variables once more, so that what one message does to a list or mapping stays there. */
export function copyOf(variables: Dict, budget: Budget): Dict {
  budget.list(variables.size);
  return variables.mapped((value) => copyValue(value, budget));
}

function copyValue(value: Value, budget: Budget): Value {
  if (value instanceof Dict) return copyOf(value, budget);
  if (!Array.isArray(value)) return value;
  budget.list(value.length);
  return value.map((item) => copyValue(item, budget));
}

/** Plain data of JavaScript; whole numbers become ints. Anything with behaviour is refused. */
export function fromPlain(data: unknown): Value {
  return new PlainReader().read(data, 0);
}

class PlainReader {
  readonly #budget = new Budget();
  #nodes = 0;
  #characters = 0;

  read(value: unknown, depth: number): Value {
    this.#count(depth);
    if (value === null) return null;
    switch (typeof value) {
      case "boolean":
      case "bigint":
        return value;
      case "number":
        return Number.isSafeInteger(value) && !Object.is(value, -0) ? BigInt(value) : value;
      case "string":
        return this.#text(value);
      case "object":
        return Array.isArray(value)
          ? Array.from(value, (item) => this.read(item, depth + 1))
          : this.#object(value, depth);
      default:
        return refuseBehaviour();
    }
  }

  #count(depth: number): void {
    this.#nodes += 1;
    if (this.#nodes > contextNodesMax)
      refuseContext(`The variables hold more than ${contextNodesMax} values; pass fewer.`);
    if (depth > contextDepthMax)
      refuseContext(`The variables nest deeper than ${contextDepthMax} levels; flatten them.`);
  }

  #text(text: string): string {
    this.#characters += text.length;
    if (this.#characters > contextCharactersMax)
      refuseContext(`The variables hold more than ${contextCharactersMax} characters; pass less.`);
    return text;
  }

  #object(value: object, depth: number): Dict {
    if (!isPlainObject(value)) refuseBehaviour();
    const dict = new Dict();
    for (const [key, item] of Object.entries(value))
      if (item !== undefined) dict.set(this.#text(key), this.read(item, depth + 1), this.#budget);
    return dict;
  }
}

function refuseBehaviour(): never {
  refuseContext("The variables must be plain data: texts, numbers, lists and objects.");
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
