/** Filters that read or make numbers. */
import { asNumber, isTrue } from "./compare.ts";
import { exactFraction, fixed, isMinus, roundHalfEven } from "./format-spec.ts";
import type { Budget } from "./limits.ts";
import { toFloat } from "./numbers.ts";
import { trimEndSpace, trimStartSpace } from "./python-text.ts";
import { TemplateError } from "./refusal.ts";
import { aTypeName, isText, textOf, typeError, Undefined, type Value } from "./value.ts";

type Bound = readonly (Value | undefined)[];

/** The result of a number filter; undefined if `name` is none. */
export function runNumberFilter(
  name: string,
  input: Value,
  bound: Bound,
  budget: Budget,
): Value | undefined {
  switch (name) {
    case "abs": {
      const number = numberOf(input, name);
      return number < 0 || Object.is(number, -0) ? -number : number;
    }
    case "int":
      return toInt(input, bound, budget);
    case "float":
      return readFloat(input, budget) ?? (bound[0] === undefined ? 0 : bound[0]);
    case "round":
      return round(input, bound, budget);
    case "filesizeformat":
      return fileSize(input, bound[0] !== undefined && isTrue(bound[0]), budget);
    default:
      return undefined;
  }
}

function numberOf(value: Value, filter: string): bigint | number {
  if (value instanceof Undefined) value.fail();
  const number = asNumber(value);
  if (number === undefined)
    throw typeError(
      `${filter} takes a number, not ${aTypeName(value)}; convert it with |int or |float.`,
    );
  return number;
}

/** `int(value)`, then `int(float(value))`, then the default. */
function toInt(input: Value, bound: Bound, budget: Budget): Value {
  const [fallback = 0n, base = 10n] = bound;
  if (typeof base !== "bigint") throw typeError("The base of int must be an int.");
  if (input instanceof Undefined) input.fail();
  if (isText(input)) {
    const text = textOf(input);
    budget.scan(text.length);
    const integer = readInt(text, Number(base));
    if (integer !== undefined) return integer;
  }
  const float = typeof input === "bigint" ? undefined : readFloat(input, budget);
  if (typeof input === "bigint") return input;
  if (typeof input === "boolean") return input ? 1n : 0n;
  if (typeof input === "number" && Math.abs(input) === Number.POSITIVE_INFINITY)
    throw typeError("Infinity has no int.");
  return float === undefined || !Number.isFinite(float) ? fallback : BigInt(Math.trunc(float));
}

/** Python's `int(text, base)`: blanks around, a sign, single underscores, and the base's own prefix. */
function readInt(text: string, base: number): bigint | undefined {
  refuseOtherDigits(text);
  const match = /^([-+]?)(?:(0[xob])_?)?([\da-z]+(?:_[\da-z]+)*)$/i.exec(
    trimStartSpace(trimEndSpace(text)),
  );
  if (match === null) return undefined;
  const [, signText, prefix = "", body = ""] = match;
  if (base !== 10 && base !== 16 && base !== 8 && base !== 2)
    throw typeError("int reads the bases 2, 8, 10 and 16.");
  const prefixBase = baseOfPrefix(prefix);
  const digits = prefix !== "" && prefixBase !== base ? prefix + body : body;
  const value = readDigits(digits.replaceAll("_", ""), base);
  return value === undefined || signText !== "-" ? value : -value;
}

/** Python reads the digits of every script. */
function refuseOtherDigits(text: string): void {
  if (/[^\P{Nd}0-9]/u.test(text))
    throw typeError("Numbers in digits other than 0 to 9 are refused; convert them first.");
}

function baseOfPrefix(prefix: string): number {
  switch (prefix.toLowerCase()) {
    case "0x":
      return 16;
    case "0o":
      return 8;
    case "0b":
      return 2;
    default:
      return 10;
  }
}

function readDigits(digits: string, base: number): bigint | undefined {
  if (digits.length > 4_300)
    throw new TemplateError("number", "This text has too many digits for int.");
  switch (base) {
    case 10:
      return /^\d+$/.test(digits) ? BigInt(digits) : undefined;
    case 16:
      return /^[\da-f]+$/i.test(digits) ? BigInt(`0x${digits}`) : undefined;
    case 8:
      return /^[0-7]+$/.test(digits) ? BigInt(`0o${digits}`) : undefined;
    default:
      return /^[01]+$/.test(digits) ? BigInt(`0b${digits}`) : undefined;
  }
}

const floatText =
  /^[-+]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[-+]?\d+(?:_\d+)*)?$/i;

/** Python's `float(value)`; undefined where it fails. */
function readFloat(value: Value, budget: Budget): number | undefined {
  if (value instanceof Undefined) value.fail();
  const number = asNumber(value);
  if (number !== undefined) return toFloat(number);
  if (!isText(value)) return undefined;
  const text = trimStartSpace(trimEndSpace(textOf(value)));
  budget.scan(text.length);
  refuseOtherDigits(text);
  if (floatText.test(text)) return Number(text.replaceAll("_", ""));
  switch (text.toLowerCase().replace(/^[+-]/, "")) {
    case "inf":
    case "infinity":
      return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    case "nan":
      return Number.NaN;
    default:
      return undefined;
  }
}

/** `round` keeps ints with the common method; `ceil` and `floor` go by way of a float power of ten. */
function round(input: Value, bound: Bound, budget: Budget): Value {
  const [precision = 0n, method = "common"] = bound;
  if (typeof precision !== "bigint" || precision > 300n || precision < -300n)
    throw typeError("The precision of round must be a small int.");
  const digits = Number(precision);
  const number = numberOf(input, "round");
  if (method === "common")
    return typeof number === "bigint"
      ? roundInt(number, digits)
      : roundFloat(number, digits, budget);
  if (method !== "ceil" && method !== "floor")
    throw typeError('round knows the methods "common", "ceil" and "floor".');
  return roundBy(method, number, digits);
}

/** Whole powers of ten up to 1e22 are exact floats, so both steps round as they do in Python. */
function roundBy(method: "ceil" | "floor", number: bigint | number, digits: number): number {
  if (digits < 0 || digits > 22)
    throw typeError(`round with "${method}" takes a precision from 0 to 22.`);
  if (typeof number === "bigint" && !Number.isSafeInteger(Number(number) * 10 ** digits))
    throw typeError("This number is too large for round.");
  const scale = Number(`1e${digits}`);
  const scaled = toFloat(number) * scale;
  if (!Number.isFinite(scaled)) throw typeError("Infinity and NaN cannot be rounded.");
  // Adding zero turns -0 into the 0 that Python's ints hold.
  return ((method === "ceil" ? Math.ceil(scaled) : Math.floor(scaled)) + 0) / scale;
}

function roundInt(value: bigint, digits: number): bigint {
  if (digits >= 0) return value;
  const unit = 10n ** BigInt(-digits);
  const magnitude = roundHalfEven(value < 0n ? -value : value, unit) * unit;
  return value < 0n ? -magnitude : magnitude;
}

/** Correctly rounded from the exact binary value, as Python does; multiplying first would round twice. */
function roundFloat(value: number, digits: number, budget: Budget): number {
  if (!Number.isFinite(value)) return value;
  const magnitude = Math.abs(value);
  if (digits >= 0) {
    const rounded = Number(fixed(magnitude, digits, budget));
    return isMinus(value) ? -rounded : rounded;
  }
  const { numerator, shift } = exactFraction(magnitude);
  const unit = 10n ** BigInt(-digits);
  const rounded = Number(roundHalfEven(numerator, unit << BigInt(shift)) * unit);
  if (!Number.isFinite(rounded)) throw typeError("The rounded number is too large.");
  return isMinus(value) ? -rounded : rounded;
}

const decimalUnits = ["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
const binaryUnits = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];

function fileSize(input: Value, isBinary: boolean, budget: Budget): string {
  const bytes = readFloat(input, budget);
  if (bytes === undefined) throw typeError("filesizeformat takes a number.");
  const base = isBinary ? 1024 : 1000;
  const units = isBinary ? binaryUnits : decimalUnits;
  if (!Number.isFinite(bytes)) throw typeError("filesizeformat takes a finite number.");
  if (bytes === 1) return "1 Byte";
  if (bytes < base) return `${BigInt(Math.trunc(bytes))} Bytes`;
  const at = units.findIndex((_, index) => bytes < unitSize(base, index));
  const index = at < 0 ? units.length - 1 : at;
  return `${fixed((base * bytes) / Number(unitSize(base, index)), 1, budget)} ${units[index]}`;
}

/** Exact, as the larger powers of 1000 are no floats. */
function unitSize(base: number, index: number): bigint {
  return BigInt(base) ** BigInt(index + 2);
}
