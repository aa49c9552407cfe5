/** Filters whose input is read as one text. */
import { MethodReader } from "./arguments.ts";
import { isTrue } from "./compare.ts";
import { formatPercent } from "./format-percent.ts";
import { boundedSize } from "./format-spec.ts";
import { stripTags } from "./html-filters.ts";
import type { Budget } from "./limits.ts";
import { toText } from "./print.ts";
import {
  codePointsOf,
  lengthOf,
  spaceClass,
  splitLines,
  trimEndSpace,
  trimStartSpace,
} from "./python-text.ts";
import type { Runtime } from "./runtime.ts";
import { capitalize } from "./text-case.ts";
import { centerMethod } from "./text-methods.ts";
import { replaceIn, trimCharacters } from "./text-search.ts";
import {
  aTypeName,
  type Given,
  isText,
  Markup,
  Tuple,
  textOf,
  typeError,
  Undefined,
  type Value,
} from "./value.ts";
import { wordWrap } from "./word-wrap.ts";

type Bound = readonly (Value | undefined)[];

/** The result of a text filter; undefined if `name` is none. */
export function runTextFilter(
  name: string,
  input: Value,
  bound: Bound,
  parameters: readonly string[],
  runtime: Runtime,
): Value | undefined {
  if (!textFilters.has(name)) return undefined;
  const { budget } = runtime;
  if (needsText.has(name) && !isText(input)) return withoutText(name, input);
  const text = toText(input, budget);
  budget.scan(text.length);
  const read = new MethodReader(name, bound, parameters, budget);
  switch (name) {
    case "upper":
      return like(input, text.toUpperCase());
    case "lower":
      return like(input, text.toLowerCase());
    case "capitalize":
      return like(input, capitalize(text));
    case "trim":
      return like(input, trim(text, read.textOrNone(0)));
    case "title":
      return titleFilter(text);
    case "center": {
      const width = boundedSize(`${Math.max(0, read.integer(0) ?? 80)}`);
      return like(input, centerMethod(text, width, " ", budget));
    }
    case "indent":
      return indent(input, text, bound, budget);
    case "truncate":
      return like(input, truncate(text, read, bound));
    case "wordwrap":
      return wordWrap(text, wrapOptions(read, bound), budget);
    case "wordcount":
      return BigInt(text.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0);
    case "striptags":
      return stripTags(text, budget);
    default:
      return replaceFilter(text, input, bound, runtime);
  }
}

const textFilters: ReadonlySet<string> = new Set(
  "upper lower capitalize trim title center indent truncate wordwrap wordcount striptags replace".split(
    " ",
  ),
);

/** These call methods of str at once, where the others make a text of any value first. */
const needsText: ReadonlySet<string> = new Set(["indent", "truncate", "wordwrap"]);

function withoutText(name: string, input: Value): Value {
  if (!(input instanceof Undefined))
    throw typeError(`${name} takes a text, not ${aTypeName(input)}; write |string|${name}.`);
  if (name !== "truncate") input.fail();
  input.failIfStrict();
  return input;
}

function trim(text: string, characters: string | undefined): string {
  return characters === undefined
    ? trimEndSpace(trimStartSpace(text))
    : trimCharacters(text, characters, true, true);
}

function wrapOptions(read: MethodReader, bound: Bound) {
  return {
    width: read.integer(0) ?? 79,
    breakLong: isGiven(bound[1], true),
    wrapString: read.textOrNone(2) ?? "\n",
    breakHyphens: isGiven(bound[3], true),
  };
}

/** Text made from HTML is HTML. */
function like(input: Value, text: string): Value {
  return input instanceof Markup ? new Markup(text) : text;
}

function isGiven(value: Value | undefined, fallback: boolean): boolean {
  return value === undefined ? fallback : isTrue(value);
}

const wordStart = new RegExp(`([-${spaceClass}({[<]+)`);

/** Not `str.title`: only after blanks, dashes and opening brackets does a word begin. */
function titleFilter(text: string): string {
  const words = text.split(wordStart);
  return words
    .map((word) => {
      const [first = ""] = word;
      return word === "" ? "" : first.toUpperCase() + word.slice(first.length).toLowerCase();
    })
    .join("");
}

function replaceFilter(
  text: string,
  input: Value,
  bound: Bound,
  { budget, autoescape }: Runtime,
): Value {
  if (autoescape && (input instanceof Markup || bound.some((value) => value instanceof Markup)))
    throw typeError("Replacing in text that is HTML already is refused; replace before escaping.");
  const [wanted = null, replacement = null, count = null] = bound;
  const limit = count === null ? -1 : Number(count);
  if (count !== null && typeof count !== "bigint")
    throw typeError("The count of replace must be an int.");
  return replaceIn(text, toText(wanted, budget), toText(replacement, budget), limit, budget);
}

function indent(input: Value, text: string, bound: Bound, budget: Budget): Value {
  const [width = 4n, first = false, blank = false] = bound;
  const prefix = indentPrefix(width, budget);
  const withFirst = isTrue(first);
  const withBlank = isTrue(blank);
  const lines = splitLines(`${text}\n`);
  budget.string(text.length + lines.length * prefix.length);
  const indented = lines.map((line, index) => {
    if (index === 0) return withFirst ? prefix + line : line;
    return line === "" && !withBlank ? line : prefix + line;
  });
  return like(input, indented.join("\n"));
}

function indentPrefix(width: Value, budget: Budget): string {
  if (isText(width)) return textOf(width);
  if (typeof width !== "bigint") throw typeError("The width of indent must be an int or a text.");
  const spaces = Math.max(0, boundedSize(`${width < 0n ? 0n : width}`));
  budget.string(spaces);
  return " ".repeat(spaces);
}

function truncate(text: string, read: MethodReader, bound: Bound): string {
  const length = read.integer(0) ?? 255;
  const killWords = isGiven(bound[1], false);
  const end = read.text(2) ?? "...";
  const leeway = (bound[3] === null ? undefined : read.integer(3)) ?? 5;
  const endLength = lengthOf(end);
  if (length < endLength)
    throw typeError(`truncate needs a length of at least ${endLength}, the length of its end.`);
  if (leeway < 0) throw typeError("The leeway of truncate must not be negative.");
  const characters = codePointsOf(text);
  if (characters.length <= length + leeway) return text;
  const kept = characters.slice(0, length - endLength).join("");
  if (killWords) return kept + end;
  const space = kept.lastIndexOf(" ");
  return (space < 0 ? kept : kept.slice(0, space)) + end;
}

/** `value|format(…)`: the `%` operator with the arguments as its values. */
export function formatFilter(input: Value, given: Given, asDict: Value, budget: Budget): Value {
  if (input instanceof Undefined) input.failIfStrict();
  if (given.positional.length > 0 && given.named.size > 0)
    throw typeError("format takes plain or named values, not both.");
  const pattern = input instanceof Markup ? input : toText(input, budget);
  return formatPercent(
    pattern,
    given.named.size > 0 ? asDict : new Tuple(given.positional),
    budget,
  );
}
