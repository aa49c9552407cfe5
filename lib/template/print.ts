/** `str()` and `repr()` of every value: what a template prints. */
import type { Budget } from "./limits.ts";
import { TemplateError } from "./refusal.ts";
import { aTypeName, Dict, Markup, Range, Tuple, Undefined, type Value, View } from "./value.ts";

/** `str(value)`. */
export function toText(value: Value, budget: Budget): string {
  if (typeof value === "string") return value;
  if (value instanceof Markup) return value.text;
  if (value instanceof Undefined) {
    value.failIfStrict();
    return "";
  }
  return toRepr(value, budget);
}

/** `repr(value)`. */
export function toRepr(value: Value, budget: Budget): string {
  const out = new Pieces(budget);
  writeRepr(value, out, budget);
  return out.join();
}

/** Pieces of a text, charged together so that many small ones cannot outgrow the limit unseen. */
export class Pieces {
  readonly #pieces: string[] = [];
  readonly #budget: Budget;
  #length = 0;
  #charged = 0;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  get length(): number {
    return this.#length;
  }

  add(piece: string): void {
    this.#length += piece.length;
    if (this.#length > this.#charged + 4096) {
      this.#budget.string(this.#length);
      this.#charged = this.#length;
    }
    this.#pieces.push(piece);
  }

  join(): string {
    this.#budget.string(this.#length);
    return this.#pieces.join("");
  }
}

function writeRepr(value: Value, out: Pieces, budget: Budget): void {
  budget.step();
  if (value === null || typeof value !== "object") out.add(scalarRepr(value, budget));
  else if (Array.isArray(value)) writeItems("[", value, "]", out, budget);
  else if (value instanceof Tuple)
    writeItems("(", value.items, value.items.length === 1 ? ",)" : ")", out, budget);
  else if (value instanceof Dict) writeDict(value, out, budget);
  else if (value instanceof View) writeView(value, out, budget);
  else if (value instanceof Markup) out.add(`Markup(${quoted(value.text, budget)})`);
  else if (value instanceof Undefined) out.add("Undefined");
  else if (value instanceof Range) out.add(rangeRepr(value));
  else
    throw new TemplateError(
      "print",
      `${aTypeName(value, "A")} has no text of its own; print what it holds or call it, or make a list with |list.`,
    );
}

function scalarRepr(value: null | boolean | bigint | number | string, budget: Budget): string {
  if (value === null) return "None";
  switch (typeof value) {
    case "boolean":
      return value ? "True" : "False";
    case "bigint":
      return integerText(value, budget);
    case "number":
      return floatRepr(value);
    default:
      return quoted(value, budget);
  }
}

/** Digits cost quadratic time, and Python itself refuses more than 4,300 of them. */
export function integerText(value: bigint, budget: Budget): string {
  const text = value.toString();
  if (text.length > 4_300)
    throw new TemplateError(
      "number",
      "This number has more than 4,300 digits; print a smaller one.",
    );
  budget.step(text.length / 8);
  return text;
}

function rangeRepr({ start, stop, step }: Range): string {
  return step === 1n ? `range(${start}, ${stop})` : `range(${start}, ${stop}, ${step})`;
}

function writeItems(
  open: string,
  items: readonly Value[],
  close: string,
  out: Pieces,
  budget: Budget,
): void {
  budget.deeper(() => {
    out.add(open);
    items.forEach((item, index) => {
      if (index > 0) out.add(", ");
      writeRepr(item, out, budget);
    });
    out.add(close);
  });
}

function writeDict(dict: Dict, out: Pieces, budget: Budget): void {
  budget.deeper(() => {
    out.add("{");
    let isFirst = true;
    for (const { key, value } of dict.entries()) {
      if (!isFirst) out.add(", ");
      isFirst = false;
      writeRepr(key, out, budget);
      out.add(": ");
      writeRepr(value, out, budget);
    }
    out.add("}");
  });
}

function writeView(view: View, out: Pieces, budget: Budget): void {
  const items: Value[] = [];
  for (const { key, value } of view.dict.entries())
    items.push(
      view.kind === "keys" ? key : view.kind === "values" ? value : new Tuple([key, value]),
    );
  out.add(`dict_${view.kind}(`);
  writeItems("[", items, "]", out, budget);
  out.add(")");
}

/** `repr(float)`: shortest digits that read back, exponents below 1e-4 and from 1e16. */
export function floatRepr(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  if (Object.is(value, -0)) return "-0.0";
  const [mantissa = "", exponentText = "0"] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const digits = Math.abs(exponent).toString().padStart(2, "0");
    return `${mantissa}e${exponent < 0 ? "-" : "+"}${digits}`;
  }
  const sign = mantissa.startsWith("-") ? "-" : "";
  const digits = mantissa.replace("-", "").replace(".", "");
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${sign}${whole}.${digits.slice(exponent + 1) || "0"}`;
}

const unprintable = /[\p{C}\p{Z}\\'"]/u;
const unprintableAll = /[\p{C}\p{Zl}\p{Zp}\p{Zs}\\]/gu;

/** `repr(str)`: single quotes unless the text holds only those. */
export function quoted(text: string, budget: Budget): string {
  budget.scan(text.length);
  if (!unprintable.test(text)) return `'${text}'`;
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inner = text.replace(unprintableAll, escapeCharacter);
  return quote + (quote === "'" ? inner.replaceAll("'", "\\'") : inner) + quote;
}

function escapeCharacter(character: string): string {
  switch (character) {
    case " ":
      return " ";
    case "\\":
      return "\\\\";
    case "\n":
      return "\\n";
    case "\r":
      return "\\r";
    case "\t":
      return "\\t";
    default: {
      const code = character.codePointAt(0) ?? 0;
      const hex = code.toString(16);
      if (code <= 0xff) return `\\x${hex.padStart(2, "0")}`;
      return code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
    }
  }
}
