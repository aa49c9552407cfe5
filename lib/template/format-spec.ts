/** Numbers and texts padded, signed and rounded: what `%` and `str.format` share. */
import { type Budget, formatWidthMax } from "./limits.ts";
import { lengthOf } from "./python-text.ts";
import { TemplateError } from "./refusal.ts";

export function formatError(reason: string): TemplateError {
  return new TemplateError("format", reason);
}

/** A width or precision from its digits, bounded because it is the length of what gets built. */
export function boundedSize(digits: string): number {
  const size = Number(digits);
  if (size > formatWidthMax)
    throw formatError(`A format is wider than ${formatWidthMax}; use a smaller width.`);
  return size;
}

export type Alignment = "<" | ">" | "^" | "=";

/** Pad `body` to `width` code points; "=" pads between the sign and the digits. */
export function pad(
  prefix: string,
  body: string,
  layout: { width: number; fill: string; align: Alignment },
  budget: Budget,
): string {
  const missing = layout.width - lengthOf(prefix) - lengthOf(body);
  if (missing <= 0) return prefix + body;
  budget.string(layout.width * layout.fill.length + body.length);
  switch (layout.align) {
    case "<":
      return prefix + body + layout.fill.repeat(missing);
    case ">":
      return layout.fill.repeat(missing) + prefix + body;
    case "=":
      return prefix + layout.fill.repeat(missing) + body;
    default: {
      const before = Math.floor(missing / 2);
      return layout.fill.repeat(before) + prefix + body + layout.fill.repeat(missing - before);
    }
  }
}

/**
 * `value` (finite, not negative) with `digits` decimals, exact ties rounded to even as C does. `toFixed` rounds them
 * up, so the exact binary value decides: a float is an integer times a power of two.
 */
export function fixed(value: number, digits: number, budget: Budget): string {
  budget.step(digits / 4);
  if (digits > 1_100) return fixed(value, 1_100, budget) + "0".repeat(digits - 1_100);
  const { numerator, shift } = exactFraction(value);
  const scaled = numerator * 10n ** BigInt(digits);
  const divisor = 1n << BigInt(shift);
  const quotient = roundHalfEven(scaled, divisor);
  const text = quotient.toString().padStart(digits + 1, "0");
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** A finite, not negative float as numerator / 2^shift. */
export function exactFraction(value: number): { numerator: bigint; shift: number } {
  if (!Number.isFinite(value))
    throw formatError("Infinity and NaN have no digits; test the number first.");
  let numerator = value;
  let shift = 0;
  while (!Number.isInteger(numerator)) {
    numerator *= 2;
    shift += 1;
  }
  return { numerator: BigInt(numerator), shift };
}

export function roundHalfEven(numerator: bigint, divisor: bigint): bigint {
  const quotient = numerator / divisor;
  const twice = (numerator % divisor) * 2n;
  const isUp = twice > divisor || (twice === divisor && quotient % 2n === 1n);
  return isUp ? quotient + 1n : quotient;
}

/** `value` (finite, not negative) as d.ddde+XX with `digits` decimals, ties to even. */
function exponential(value: number, digits: number, budget: Budget): string {
  budget.step(digits / 4);
  if (value === 0) return `${withPoint("0".repeat(digits + 1))}e+00`;
  const { numerator, shift } = exactFraction(value);
  const divisor = 1n << BigInt(shift);
  let exponent = Number(value.toExponential().split("e")[1]);
  for (;;) {
    const power = digits - exponent;
    const scaled =
      power >= 0
        ? roundHalfEven(numerator * 10n ** BigInt(power), divisor)
        : roundHalfEven(numerator, divisor * 10n ** BigInt(-power));
    const text = scaled.toString();
    if (text.length === digits + 1) return withPoint(text) + exponentText(exponent);
    exponent += text.length > digits + 1 ? 1 : -1;
  }
}

function withPoint(digits: string): string {
  return digits.length === 1 ? digits : `${digits.charAt(0)}.${digits.slice(1)}`;
}

function exponentText(exponent: number): string {
  return `e${exponent < 0 ? "-" : "+"}${Math.abs(exponent).toString().padStart(2, "0")}`;
}

/** C's %g: `digits` significant ones, trailing zeros dropped. */
function general(value: number, digits: number, budget: Budget): string {
  const significant = Math.max(1, digits);
  const scientific = exponential(value, significant - 1, budget);
  const [mantissa = "", exponentDigits = "0"] = scientific.split("e");
  const exponent = Number(exponentDigits);
  const isFixed = exponent >= -4 && exponent < significant;
  const body = isFixed ? fixed(value, significant - 1 - exponent, budget) : mantissa;
  const short = body.includes(".") ? body.replace(/\.?0+$/, "") : body;
  return isFixed ? short : short + exponentText(exponent);
}

/** Digits of a number by type f, e or g, upper case where the letter is. */
export function floatDigits(
  value: number,
  letter: string,
  precision: number | undefined,
  budget: Budget,
): string {
  const magnitude = Math.abs(value);
  const text = Number.isFinite(magnitude)
    ? finiteDigits(magnitude, letter.toLowerCase(), precision ?? 6, budget)
    : Number.isNaN(magnitude)
      ? "nan"
      : "inf";
  return letter === letter.toUpperCase() ? text.toUpperCase() : text;
}

function finiteDigits(value: number, letter: string, digits: number, budget: Budget): string {
  budget.step(20);
  if (letter === "f") return fixed(value, digits, budget);
  if (digits > 1_000) throw formatError("A format asks for too many digits; use fewer.");
  if (letter === "e") return exponential(value, digits, budget);
  return general(value, digits, budget);
}

/** Whether a number prints a minus: negative ones, and -0.0. */
export function isMinus(value: number | bigint): boolean {
  return value < 0 || Object.is(value, -0);
}
