/** Case mappings where Python's differ from JavaScript's: title case, and what counts as lower or upper. */
import { TemplateError } from "./refusal.ts";

const cased = /^\p{Cased}$/u;
const lower = /^\p{Lowercase}$/u;
const upper = /^\p{Uppercase}$/u;
const title = /^\p{Lt}$/u;

/** `str.title`: a letter after a letter is lower, any other one is in title case. */
export function titleCase(text: string): string {
  refuseSigma(text, "title");
  let result = "";
  let isAfterLetter = false;
  for (const character of text) {
    result += isAfterLetter ? character.toLowerCase() : toTitle(character);
    isAfterLetter = cased.test(character);
  }
  return result;
}

/** The lower case of a capital sigma depends on its place in the word. */
function refuseSigma(text: string, method: string): void {
  if (text.includes("Σ"))
    throw new TemplateError(
      "method",
      `${method}() of a capital sigma is refused; use lower() or upper().`,
    );
}

/** `str.capitalize`: the first character in title case, the rest lower, sigma by its place in the whole text. */
export function capitalize(text: string): string {
  const code = text.codePointAt(0);
  if (code === undefined) return "";
  const first = String.fromCodePoint(code);
  return toTitle(first) + text.toLowerCase().slice(first.toLowerCase().length);
}

function toTitle(character: string): string {
  switch (character) {
    case "Ǆ":
    case "ǅ":
    case "ǆ":
      return "ǅ";
    case "Ǉ":
    case "ǈ":
    case "ǉ":
      return "ǈ";
    case "Ǌ":
    case "ǋ":
    case "ǌ":
      return "ǋ";
    case "Ǳ":
    case "ǲ":
    case "ǳ":
      return "ǲ";
    default:
      break;
  }
  const upperCase = character.toUpperCase();
  if (Array.from(upperCase).length === 1) return upperCase;
  if (!/^[ßﬀ-ﬆ]$/.test(character))
    throw new TemplateError(
      "method",
      "The title case of a character here is refused; use upper().",
    );
  return upperCase.charAt(0) + upperCase.slice(1).toLowerCase();
}

export function swapCase(text: string): string {
  refuseSigma(text, "swapcase");
  let result = "";
  for (const character of text) {
    if (upper.test(character)) result += character.toLowerCase();
    else result += lower.test(character) ? character.toUpperCase() : character;
  }
  return result;
}

/** `str.islower` and `str.isupper`: some letter has a case and none has another one. */
export function isCased(text: string, wanted: "lower" | "upper"): boolean {
  let found = false;
  for (const character of text) {
    const isLower = lower.test(character);
    const isOther = title.test(character) || (wanted === "lower" ? upper.test(character) : isLower);
    if (isOther) return false;
    found ||= wanted === "lower" ? isLower : upper.test(character);
  }
  return found;
}
