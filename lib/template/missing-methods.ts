/** Attributes that Python's types have and this engine lacks: refused by name, so that none prints as empty text. */
import { Dict, isText, Range, Tuple, type Value, View } from "./value.ts";

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(" "));
}

const ofText = words(
  "encode expandtabs format_map isidentifier isprintable istitle maketrans translate",
);
const ofMarkup = words("unescape striptags escape");
const ofInt = words(
  "as_integer_ratio bit_count bit_length conjugate denominator from_bytes imag is_integer numerator real to_bytes",
);
const ofFloat = words("as_integer_ratio conjugate fromhex hex imag is_integer real");
const ofDict = words("fromkeys popitem");
const ofView = words("isdisjoint mapping");
const ofRange = words("count index");
const ofGroup = words("_asdict _fields _make _replace");
const none = words("");

export function isMissingMethod(target: Value, name: string): boolean {
  // Python answers these for every value; reading them is an escape attempt there and here.
  if (/^__\w+__$/.test(name) && name !== "__proto__") return true;
  if (typeof target === "string") return ofText.has(name);
  if (isText(target)) return ofText.has(name) || ofMarkup.has(name);
  return missingFrom(target).has(name);
}

function missingFrom(target: Value): ReadonlySet<string> {
  if (typeof target === "bigint" || typeof target === "boolean") return ofInt;
  if (typeof target === "number") return ofFloat;
  if (target instanceof Dict) return ofDict;
  if (target instanceof View) return ofView;
  if (target instanceof Range) return ofRange;
  if (target instanceof Tuple && target.isGroup) return ofGroup;
  return none;
}
