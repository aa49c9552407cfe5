/** Python's `str.format`: fields in braces with a format spec. Attributes and items of values are refused in fields. */
import { asNumber } from "./compare.ts";
import {
  type Alignment,
  boundedSize,
  floatDigits,
  formatError,
  isMinus,
  pad,
} from "./format-spec.ts";
import type { Budget } from "./limits.ts";
import { toFloat } from "./numbers.ts";
import { floatRepr, integerText, Pieces, toRepr, toText } from "./print.ts";
import { codePointsOf } from "./python-text.ts";
import { aTypeName, type Given, isText, Undefined, type Value } from "./value.ts";

const piece = /([^{}]+)|\{\{|\}\}|\{([^{}!:]*)(?:!([rs]))?(?::([^{}]*))?\}/y;

export function formatBraces(pattern: string, given: Given, budget: Budget): string {
  const out = new Pieces(budget);
  const fields = new FieldSource(given);
  piece.lastIndex = 0;
  let at = 0;
  while (at < pattern.length) {
    budget.step();
    piece.lastIndex = at;
    const match = piece.exec(pattern);
    if (match === null)
      throw formatError(
        "The text for format() has a brace that closes nothing; write {{ or }} for one.",
      );
    at = piece.lastIndex;
    const [whole, plain, field, conversion, spec = ""] = match;
    if (plain !== undefined) out.add(plain);
    else if (field === undefined) out.add(whole.charAt(0));
    else out.add(formatField(fields.take(field), conversion, spec, budget));
  }
  return out.join();
}

class FieldSource {
  readonly #given: Given;
  #next = 0;
  #numbering: "automatic" | "manual" | undefined;

  constructor(given: Given) {
    this.#given = given;
  }

  take(field: string): Value {
    if (field.includes(".") || field.includes("["))
      throw formatError("A format field may not look into a value; pass the part itself.");
    if (field === "" || /^\d+$/.test(field)) return this.#byPosition(field);
    const value = this.#given.named.get(field);
    if (value === undefined)
      throw formatError(`A format field names "${field}", which is not given.`);
    return value;
  }

  #byPosition(field: string): Value {
    const numbering = field === "" ? "automatic" : "manual";
    if (this.#numbering !== undefined && this.#numbering !== numbering)
      throw formatError("Numbered and unnumbered format fields do not mix; number all or none.");
    this.#numbering = numbering;
    const index = field === "" ? this.#next : Number(field);
    this.#next += 1;
    const value = this.#given.positional[index];
    if (value === undefined) throw formatError("format() has more fields than values.");
    return value;
  }
}

function formatField(
  value: Value,
  conversion: string | undefined,
  spec: string,
  budget: Budget,
): string {
  if (conversion === "r") return applySpec(toRepr(value, budget), spec, budget);
  if (conversion === "s") return applySpec(toText(value, budget), spec, budget);
  return applySpec(value, spec, budget);
}

const specPattern =
  /^(?:([\s\S])?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/u;

type Spec = {
  fill: string | undefined;
  align: Alignment | undefined;
  sign: string;
  isZeroFilled: boolean;
  width: number;
  grouping: string;
  precision: number | undefined;
  letter: string;
};

function readSpec(spec: string): Spec {
  const match = specPattern.exec(spec);
  if (match === null || match[4] !== undefined)
    throw formatError(
      `The format "${spec.slice(0, 40)}" is not understood; write one such as {:>5} or {:.2f}.`,
    );
  const [, fill, align, sign = "", , zero, width = "0", grouping = "", precision, letter = ""] =
    match;
  return {
    fill,
    align: isAlignment(align) ? align : undefined,
    sign,
    isZeroFilled: zero !== undefined,
    width: boundedSize(width),
    grouping,
    precision: precision === undefined ? undefined : boundedSize(precision),
    letter,
  };
}

function isAlignment(text: string | undefined): text is Alignment {
  return text === "<" || text === ">" || text === "^" || text === "=";
}

function applySpec(value: Value, specText: string, budget: Budget): string {
  if (specText === "") return toText(value, budget);
  const spec = readSpec(specText);
  if (isText(value)) return formatText(toText(value, budget), spec, budget);
  if (value instanceof Undefined) value.fail();
  const number = asNumber(value);
  if (number === undefined)
    throw formatError(`${aTypeName(value, "A")} takes no format; convert it with |string.`);
  return formatNumber(number, spec, budget);
}

function formatText(text: string, spec: Spec, budget: Budget): string {
  const isWrong = spec.sign !== "" || spec.grouping !== "" || spec.align === "=";
  if (isWrong || spec.isZeroFilled || (spec.letter !== "" && spec.letter !== "s"))
    throw formatError("This format is for numbers; convert the text with |int or |float.");
  const cut =
    spec.precision === undefined ? text : codePointsOf(text).slice(0, spec.precision).join("");
  const { width, fill = " ", align = "<" } = spec;
  return pad("", cut, { width, fill, align }, budget);
}

function formatNumber(value: bigint | number, spec: Spec, budget: Budget): string {
  const { digits, suffix } = numberDigits(value, spec, budget);
  const sign = isMinus(value) ? "-" : spec.sign === "-" ? "" : spec.sign;
  if (spec.grouping !== "" && spec.isZeroFilled)
    throw formatError("A format with both zeros and separators is refused; drop one of them.");
  const body = (spec.grouping === "" ? digits : group(digits, spec.grouping)) + suffix;
  const { width } = spec;
  const fill = spec.fill ?? (spec.isZeroFilled ? "0" : " ");
  const align = spec.align ?? (spec.isZeroFilled ? "=" : ">");
  return pad(sign, body, { width, fill, align }, budget);
}

function numberDigits(
  value: bigint | number,
  spec: Spec,
  budget: Budget,
): { digits: string; suffix: string } {
  const { letter, precision } = spec;
  const plain = (digits: string) => ({ digits, suffix: "" });
  switch (letter) {
    case "":
    case "d":
    case "n":
      if (typeof value === "bigint") return plain(integerDigits(value, spec, budget));
      if (letter === "") return plain(defaultFloat(value, precision));
      break;
    case "x":
    case "X":
    case "o":
    case "b":
      if (typeof value === "bigint" && precision === undefined && spec.grouping === "")
        return plain(radix(value < 0n ? -value : value, letter));
      break;
    case "%":
      return {
        digits: floatDigits(toFloat(value) * 100, "f", precision, budget),
        suffix: "%",
      };
    case "e":
    case "E":
    case "f":
    case "F":
    case "g":
    case "G":
      return plain(floatDigits(toFloat(value), letter, precision, budget));
    default:
      break;
  }
  throw formatError(
    `The format type "${letter}" does not fit this number; use d for int, f for float.`,
  );
}

function integerDigits(value: bigint, { precision, letter }: Spec, budget: Budget): string {
  if (precision !== undefined || letter === "n")
    throw formatError("An int takes no precision; use the type f.");
  return integerText(value < 0n ? -value : value, budget);
}

/** Without a type a float prints as `repr` does; with a precision Python's rule is one of its own. */
function defaultFloat(value: number, precision: number | undefined): string {
  if (precision !== undefined)
    throw formatError("A precision without a type is refused; use the type f or g.");
  return floatRepr(Math.abs(value));
}

function radix(value: bigint, letter: string): string {
  switch (letter) {
    case "x":
      return value.toString(16);
    case "X":
      return value.toString(16).toUpperCase();
    case "o":
      return value.toString(8);
    default:
      return value.toString(2);
  }
}

function group(digits: string, separator: string): string {
  const [whole = "", ...rest] = digits.split(/(?=[.e])/);
  if (!/^\d+$/.test(whole)) return digits;
  const parts: string[] = [];
  for (let end = whole.length; end > 0; end -= 3)
    parts.unshift(whole.slice(Math.max(0, end - 3), end));
  return parts.join(separator) + rest.join("");
}
