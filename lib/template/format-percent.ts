/** Python's `%` formatting of texts. */
import { asNumber } from "./compare.ts";
import { escapeHtml } from "./escape.ts";
import { boundedSize, floatDigits, formatError, isMinus, pad } from "./format-spec.ts";
import type { Budget } from "./limits.ts";
import { toFloat } from "./numbers.ts";
import { integerText, Pieces, toRepr, toText } from "./print.ts";
import { codePointsOf } from "./python-text.ts";
import {
  aTypeName,
  Dict,
  isText,
  Markup,
  Range,
  Tuple,
  textOf,
  typeError,
  Undefined,
  type Value,
} from "./value.ts";

const directive = /%(?:\(([^()]*)\))?([-+ 0#]*)(\*|\d+)?(?:\.(\*|\d*))?[hlL]?([\s\S]?)/g;

/** `pattern % value`; in HTML the values are escaped. */
export function formatPercent(pattern: string | Markup, value: Value, budget: Budget): Value {
  const text = textOf(pattern);
  budget.scan(text.length);
  const source = new ValueSource(value, budget);
  const out = new Pieces(budget);
  let from = 0;
  for (const match of text.matchAll(directive)) {
    out.add(text.slice(from, match.index));
    from = match.index + match[0].length;
    const piece = formatOne(match, source, pattern instanceof Markup, budget);
    out.add(piece);
  }
  out.add(text.slice(from));
  source.checkAllUsed();
  return pattern instanceof Markup ? new Markup(out.join()) : out.join();
}

/** Hands out the values: one after the other from a tuple, by key from a dict, or a single one. */
class ValueSource {
  readonly #items: readonly Value[];
  readonly #whole: Value;
  readonly #budget: Budget;
  #used = 0;

  constructor(value: Value, budget: Budget) {
    this.#whole = value;
    this.#items = value instanceof Tuple ? value.items : [value];
    this.#budget = budget;
  }

  next(): Value {
    const item = this.#items[this.#used];
    if (item === undefined) throw formatError("A % format has more directives than values.");
    this.#used += 1;
    return item;
  }

  byKey(key: string): Value {
    if (!(this.#whole instanceof Dict)) throw formatError("%(name)s needs a mapping of values.");
    this.#used = 1;
    const value = this.#whole.get(key, this.#budget);
    if (value === undefined) throw formatError(`A % format names "${key}", which is not given.`);
    return value;
  }

  size(text: string): number {
    if (text !== "*") return boundedSize(text === "" ? "0" : text);
    const value = asNumber(this.next());
    if (typeof value !== "bigint") throw formatError("A width given by * must be an int.");
    return value < 0n ? -boundedSize(`${-value}`) : boundedSize(`${value}`);
  }

  /** Python lets mappings and lists be left over, and nothing else. */
  checkAllUsed(): void {
    const whole = this.#whole;
    if (whole instanceof Dict || whole instanceof Range || Array.isArray(whole)) return;
    if (this.#used < this.#items.length)
      throw formatError("A % format has fewer directives than values.");
  }
}

type Directive = {
  flags: string;
  width: number;
  precision: number | undefined;
  letter: string;
};

function formatOne(
  match: RegExpMatchArray,
  source: ValueSource,
  isHtml: boolean,
  budget: Budget,
): string {
  const [whole, key, flags = "", widthText, precisionText, letter = ""] = match;
  if (letter === "%") {
    if (whole !== "%%") throw formatError('Write a percent sign as "%%".');
    return "%";
  }
  if (letter === "") throw formatError("A % format ends in the middle of a directive.");
  const keyed = key === undefined ? undefined : source.byKey(key);
  if (keyed !== undefined && (widthText === "*" || precisionText === "*"))
    throw formatError("A width given by * does not go with %(name)s.");
  const width = widthText === undefined ? 0 : source.size(widthText);
  const precision = precisionText === undefined ? undefined : source.size(precisionText);
  const form: Directive = {
    flags: width < 0 ? `${flags}-` : flags,
    width: Math.abs(width),
    precision: precision === undefined ? undefined : Math.max(0, precision),
    letter,
  };
  return formatValue(keyed === undefined ? source.next() : keyed, form, isHtml, budget);
}

function formatValue(value: Value, form: Directive, isHtml: boolean, budget: Budget): string {
  const { flags, width, precision, letter } = form;
  const align = flags.includes("-") ? "<" : ">";
  switch (letter) {
    case "s":
    case "r": {
      const text = textFor(value, letter === "r", isHtml, budget);
      const cut = precision === undefined ? text : codePointsOf(text).slice(0, precision).join("");
      return pad("", cut, { width, fill: " ", align }, budget);
    }
    case "c":
      return pad("", characterOf(value), { width, fill: " ", align }, budget);
    case "d":
    case "i":
    case "u":
    case "x":
    case "X":
    case "o":
      return formatInteger(value, form, budget);
    case "e":
    case "E":
    case "f":
    case "F":
    case "g":
    case "G": {
      if (flags.includes("#")) throw formatError("The flag # is for x and o; drop it.");
      const number = numberOf(value, letter);
      const digits = floatDigits(toFloat(number), letter, precision, budget);
      return padNumber(isMinus(number), digits, form, budget);
    }
    default:
      throw formatError(`There is no % format "${letter}"; use s, r, d, x, o, e, f or g.`);
  }
}

function textFor(value: Value, isRepr: boolean, isHtml: boolean, budget: Budget): string {
  const shown = isRepr ? toRepr(value, budget) : value;
  return isHtml ? escapeHtml(shown, budget).text : toText(shown, budget);
}

function numberOf(value: Value, letter: string): bigint | number {
  if (value instanceof Undefined) value.fail();
  const number = asNumber(value);
  if (number === undefined)
    throw typeError(
      `%${letter} needs a number, not ${aTypeName(value)}; convert it with |int or |float.`,
    );
  return number;
}

function formatInteger(value: Value, form: Directive, budget: Budget): string {
  const { letter } = form;
  const number = numberOf(value, letter);
  const isHex = letter === "x" || letter === "X" || letter === "o";
  if (typeof number === "number" && (isHex || !Number.isFinite(number)))
    throw typeError(`%${letter} needs an int; convert the value with |int.`);
  const integer = typeof number === "bigint" ? number : BigInt(Math.trunc(number));
  const digits = radixDigits(integer < 0n ? -integer : integer, form, budget);
  return padNumber(integer < 0n, digits, form, budget);
}

function radixDigits(integer: bigint, form: Directive, budget: Budget): string {
  const isMarked = form.flags.includes("#");
  if (isMarked && form.flags.includes("0"))
    throw formatError("The flags # and 0 together are refused; write one of them.");
  const filled = (digits: string) => digits.padStart(form.precision ?? 0, "0");
  budget.string(form.precision ?? 0);
  switch (form.letter) {
    case "x":
      return (isMarked ? "0x" : "") + filled(integer.toString(16));
    case "X":
      return (isMarked ? "0X" : "") + filled(integer.toString(16).toUpperCase());
    case "o":
      return (isMarked ? "0o" : "") + filled(integer.toString(8));
    default:
      return filled(integerText(integer, budget));
  }
}

function padNumber(
  isNegative: boolean,
  digits: string,
  { flags, width }: Directive,
  budget: Budget,
): string {
  const sign = isNegative ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  if (flags.includes("-")) return pad(sign, digits, { width, fill: " ", align: "<" }, budget);
  if (flags.includes("0")) return pad(sign, digits, { width, fill: "0", align: "=" }, budget);
  return pad(sign, digits, { width, fill: " ", align: ">" }, budget);
}

function characterOf(value: Value): string {
  if (isText(value)) {
    const characters = codePointsOf(textOf(value));
    if (characters.length === 1) return textOf(value);
  } else if (typeof value === "bigint" && value >= 0n && value <= 0x10ffffn) {
    return String.fromCodePoint(Number(value));
  }
  throw formatError("%c needs one character or its number.");
}
