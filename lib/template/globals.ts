/** The functions every template has: range, dict, namespace, cycler and joiner. */
import { bindMethod } from "./arguments.ts";
import { updateDict } from "./collection-methods.ts";
import { asNumber } from "./compare.ts";
import type { Budget } from "./limits.ts";
import { toText } from "./print.ts";
import { TemplateError } from "./refusal.ts";
import {
  Callable,
  Cycler,
  Dict,
  type Given,
  Namespace,
  Range,
  typeError,
  Undefined,
  type Value,
} from "./value.ts";

/** The global of this name; undefined where Jinja2 has none. */
export function globalOf(name: string, budget: Budget): Value | undefined {
  switch (name) {
    case "range":
      return new Callable(name, (given) => makeRange(given, budget));
    case "dict":
      return new Callable(name, (given) => makeDict(given, budget));
    case "namespace":
      return new Callable(name, (given) => makeNamespace(given, budget));
    case "cycler":
      return new Callable(name, ({ positional }) => makeCycler(positional));
    case "joiner":
      return new Callable(name, (given) => makeJoiner(given, budget));
    case "lipsum":
      throw new TemplateError(
        "name",
        '"lipsum" is refused, as it prints random text; write the text.',
      );
    default:
      return undefined;
  }
}

function makeRange(given: Given, budget: Budget): Range {
  const bounds = given.positional.map(wholeNumber);
  const [first, second, step = 1n] = bounds;
  if (first === undefined || bounds.length > 3 || given.named.size > 0)
    throw typeError("range takes one to three ints: range(stop), range(start, stop, step).");
  if (step === 0n) throw typeError("The step of range must not be 0.");
  const range = second === undefined ? new Range(0n, first, 1n) : new Range(first, second, step);
  budget.list(0);
  if (range.length > 100_000)
    throw new TemplateError(
      "budget",
      "This range has more than 100,000 numbers; use a smaller one.",
    );
  return range;
}

function wholeNumber(value: Value): bigint {
  if (value instanceof Undefined) value.fail();
  const number = typeof value === "number" ? undefined : asNumber(value);
  if (typeof number !== "bigint") throw typeError("range takes ints; convert the value with |int.");
  return number;
}

function makeDict(given: Given, budget: Budget): Dict {
  const dict = new Dict();
  updateDict(dict, given, budget);
  return dict;
}

function makeNamespace(given: Given, budget: Budget): Namespace {
  const namespace = new Namespace();
  for (const { key, value } of makeDict(given, budget).entries())
    namespace.attributes.set(toText(key, budget), value);
  return namespace;
}

function makeCycler(items: readonly Value[]): Cycler {
  if (items.length === 0) throw typeError("cycler needs at least one value.");
  return new Cycler(items);
}

/** Answers an empty text the first time and the separator after that. */
function makeJoiner(given: Given, budget: Budget): Callable {
  const separator = bindMethod("joiner", "sep?", given, budget).value(0) ?? ", ";
  let isUsed = false;
  return new Callable("joiner", () => {
    if (isUsed) return separator;
    isUsed = true;
    return "";
  });
}
