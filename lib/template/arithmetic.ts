/** Arithmetic between Python's values: exact integers, floats, and the operators that texts and lists share. */

import type { BinaryOperator } from "./ast.ts";
import { asNumber } from "./compare.ts";
import { escapeHtml } from "./escape.ts";
import { formatPercent } from "./format-percent.ts";
import { type Budget, integerBitsMax } from "./limits.ts";
import { toFloat } from "./numbers.ts";
import { TemplateError } from "./refusal.ts";
import {
  aTypeName,
  isText,
  Markup,
  Tuple,
  textOf,
  typeError,
  Undefined,
  type Value,
} from "./value.ts";

export function binary(operator: BinaryOperator, left: Value, right: Value, budget: Budget): Value {
  budget.step();
  if (left instanceof Undefined) left.fail();
  if (operator === "%" && isText(left)) return formatPercent(left, right, budget);
  if (right instanceof Undefined) right.fail();
  const one = asNumber(left);
  const other = asNumber(right);
  if (one !== undefined && other !== undefined) return onNumbers(operator, one, other, budget);
  if (operator === "+") return add(left, right, budget);
  if (operator === "*") return repeat(left, right, budget);
  return refuse(operator, left, right);
}

function refuse(operator: string, left: Value, right: Value): never {
  const advice = operator === "+" ? 'join texts with "~"' : "convert one with |int or |string";
  throw typeError(
    `"${operator}" does not work between ${aTypeName(left)} and ${aTypeName(right)}; ${advice}.`,
  );
}

function onNumbers(
  operator: BinaryOperator,
  left: bigint | number,
  right: bigint | number,
  budget: Budget,
): Value {
  if (operator === "**") return power(left, right, budget);
  if (operator === "/") return divide(left, right);
  if (typeof left === "bigint" && typeof right === "bigint")
    return bounded(onIntegers(operator, left, right, budget));
  return onFloats(operator, toFloat(left), toFloat(right));
}

function onIntegers(operator: BinaryOperator, left: bigint, right: bigint, budget: Budget): bigint {
  budget.step(integerSize(left) / 64);
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    default:
      break;
  }
  if (right === 0n) throw zeroDivision();
  const quotient = left / right;
  const remainder = left % right;
  const isBelow = remainder !== 0n && remainder < 0n !== right < 0n;
  if (operator === "//") return isBelow ? quotient - 1n : quotient;
  return isBelow ? remainder + right : remainder;
}

function onFloats(operator: BinaryOperator, left: number, right: number): number {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    default:
      break;
  }
  if (right === 0) throw zeroDivision();
  const { quotient, remainder } = floorDivide(left, right);
  return operator === "//" ? quotient : remainder;
}

/** CPython's float divmod: the remainder has the divisor's sign, and the quotient is rounded to a whole number. */
function floorDivide(left: number, right: number): { quotient: number; remainder: number } {
  let remainder = left % right;
  let quotient = (left - remainder) / right;
  if (remainder !== 0) {
    if (right < 0 !== remainder < 0) {
      remainder += right;
      quotient -= 1;
    }
  } else remainder = right < 0 ? -0 : 0;
  if (quotient === 0) {
    const exact = left / right;
    return { quotient: exact < 0 || Object.is(exact, -0) ? -0 : 0, remainder };
  }
  const floor = Math.floor(quotient);
  return { quotient: quotient - floor > 0.5 ? floor + 1 : floor, remainder };
}

function zeroDivision(): TemplateError {
  return new TemplateError("arithmetic", "A number is divided by zero; test the divisor first.");
}

/** True division of ints is correctly rounded in Python; two safe integers round the same way in JavaScript. */
function divide(left: bigint | number, right: bigint | number): number {
  // biome-ignore lint/suspicious/noDoubleEquals: only the loose operator compares bigints and numbers.
  if (right == 0) throw zeroDivision();
  const isExact = (value: bigint | number) =>
    typeof value === "number" || Number.isSafeInteger(Number(value));
  if (!isExact(left) || !isExact(right))
    throw new TemplateError("number", 'Dividing such large integers is refused; use "//".');
  return toFloat(left) / toFloat(right);
}

/** Powers of floats differ between platforms in the last digit, so only those that cannot are answered. */
function power(base: bigint | number, exponent: bigint | number, budget: Budget): Value {
  if (typeof base === "bigint" && typeof exponent === "bigint" && exponent >= 0n) {
    const bits = integerSize(base);
    if (bits > 1 && exponent * BigInt(bits - 1) > BigInt(integerBitsMax))
      throw new TemplateError("number", "This power is too large; use a smaller one.");
    budget.step(1 + (bits * Number(exponent > 14_000n ? 1n : exponent)) / 64);
    return bounded(bits <= 1 ? smallPower(base, exponent) : base ** exponent);
  }
  const float = toFloat(base);
  // biome-ignore lint/suspicious/noDoubleEquals: only the loose operator compares bigints and numbers.
  const isExponent = (candidate: number) => exponent == candidate;
  if (isExponent(0)) return 1;
  if (isExponent(1)) return float;
  if (isExponent(2)) return finite(float * float);
  if (isExponent(-1) && float !== 0) return 1 / float;
  if (isExponent(0.5) && float > 0) return Math.sqrt(float);
  throw new TemplateError(
    "number",
    'Powers of fractions other than 0, 0.5, 1, 2 and -1 are refused; write the product with "*".',
  );
}

function smallPower(base: bigint, exponent: bigint): bigint {
  if (exponent === 0n) return 1n;
  return base === -1n && exponent % 2n === 0n ? 1n : base;
}

function finite(value: number): number {
  if (!Number.isFinite(value))
    throw new TemplateError("number", "This power is too large; use a smaller one.");
  return value;
}

function integerSize(value: bigint): number {
  if (-9_007_199_254_740_992n < value && value < 9_007_199_254_740_992n)
    return Math.ceil(Math.log2(Math.abs(Number(value)) + 1));
  return (value < 0n ? -value : value).toString(16).length * 4;
}

function bounded(value: bigint): bigint {
  if (integerSize(value) > integerBitsMax)
    throw new TemplateError("number", "This number has too many digits; use a smaller one.");
  return value;
}

function add(left: Value, right: Value, budget: Budget): Value {
  if (isText(left) && isText(right)) {
    budget.string(textOf(left).length + textOf(right).length);
    if (typeof left === "string" && typeof right === "string") return left + right;
    return new Markup(escapeHtml(left, budget).text + escapeHtml(right, budget).text);
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    budget.list(left.length + right.length);
    return [...left, ...right];
  }
  if (left instanceof Tuple && right instanceof Tuple) {
    budget.list(left.items.length + right.items.length);
    return new Tuple([...left.items, ...right.items]);
  }
  return refuse("+", left, right);
}

function repeat(left: Value, right: Value, budget: Budget): Value {
  const isCount = (value: Value) => typeof value === "bigint" || typeof value === "boolean";
  const [sequence, count] = isCount(left) ? [right, left] : [left, right];
  const times = isCount(count) ? Number(asNumber(count) ?? 0n) : undefined;
  if (times === undefined) return refuse("*", left, right);
  const copies = Math.max(0, times);
  if (isText(sequence)) {
    const text = textOf(sequence);
    budget.string(text.length * copies);
    const repeated = text === "" ? "" : text.repeat(copies);
    return typeof sequence === "string" ? repeated : new Markup(repeated);
  }
  if (Array.isArray(sequence)) return repeatItems(sequence, copies, budget);
  if (sequence instanceof Tuple) return new Tuple(repeatItems(sequence.items, copies, budget));
  return refuse("*", left, right);
}

function repeatItems(items: readonly Value[], copies: number, budget: Budget): Value[] {
  budget.list(items.length * copies);
  if (items.length === 0) return [];
  const repeated: Value[] = [];
  for (let copy = 0; copy < copies; copy += 1) for (const item of items) repeated.push(item);
  return repeated;
}

/** The `+` and `-` before a value. */
export function sign(value: Value, negative: boolean): Value {
  if (value instanceof Undefined) value.fail();
  const operand = asNumber(value);
  if (operand === undefined)
    throw typeError(`${aTypeName(value, "A")} has no sign; convert it with |int or |float.`);
  return negative ? -operand : operand;
}
