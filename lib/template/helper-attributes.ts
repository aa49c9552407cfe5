/** Attributes of `loop`, of cyclers and of macros. */
import { areEqual } from "./compare.ts";
import type { Budget } from "./limits.ts";
import {
  Callable,
  type Cycler,
  type Loop,
  type Macro,
  Tuple,
  typeError,
  Undefined,
  type Value,
} from "./value.ts";

type Options = { budget: Budget; isStrict: boolean };

export function loopAttribute(loop: Loop, name: string, options: Options): Value | undefined {
  switch (name) {
    case "index":
      return BigInt(loop.index0 + 1);
    case "index0":
      return BigInt(loop.index0);
    case "revindex":
      return BigInt(loop.source.length() - loop.index0);
    case "revindex0":
      return BigInt(loop.source.length() - loop.index0 - 1);
    case "first":
      return loop.index0 === 0;
    case "last":
      return loop.source.peek() === undefined;
    case "length":
      return BigInt(loop.source.length());
    case "depth":
      return BigInt(loop.depth0 + 1);
    case "depth0":
      return BigInt(loop.depth0);
    case "previtem":
      return orMissing(loop.previous, "There is no previous item", options);
    case "nextitem":
      return orMissing(loop.source.peek(), "There is no next item", options);
    case "cycle":
      return new Callable(name, ({ positional }) => cycleItem(positional, loop.index0));
    case "changed":
      return new Callable(name, ({ positional }) => {
        const seen = new Tuple(positional);
        if (loop.changedTo !== undefined && areEqual(loop.changedTo, seen, options.budget))
          return false;
        loop.changedTo = seen;
        return true;
      });
    default:
      return undefined;
  }
}

function orMissing(item: Value | undefined, message: string, { isStrict }: Options): Value {
  return item === undefined ? new Undefined(message, isStrict) : item;
}

function cycleItem(items: readonly Value[], position: number): Value {
  const item = items[position % items.length];
  if (item === undefined) throw typeError("Cycling needs at least one value.");
  return item;
}

export function cyclerAttribute(cycler: Cycler, name: string): Value | undefined {
  switch (name) {
    case "current":
      return cycleItem(cycler.items, cycler.position);
    case "next":
      return new Callable(name, () => {
        const item = cycleItem(cycler.items, cycler.position);
        cycler.position = (cycler.position + 1) % cycler.items.length;
        return item;
      });
    case "reset":
      return new Callable(name, () => {
        cycler.position = 0;
        return null;
      });
    default:
      return undefined;
  }
}

export function macroAttribute({ node }: Macro, name: string): Value | undefined {
  switch (name) {
    case "name":
      return node.name;
    case "arguments":
      return new Tuple(node.parameters.map((parameter) => parameter.name));
    case "catch_varargs":
      return node.catchesPositional;
    case "catch_kwargs":
      return node.catchesNamed;
    case "caller":
      return node.usesCaller;
    default:
      return undefined;
  }
}
