/** The tokens inside a tag: names, numbers, strings and operators. */
import { integerBitsMax, nameLengthMax } from "./limits.ts";
import { TemplateError } from "./refusal.ts";

export type TokenKind =
  | "data"
  | "output-begin"
  | "output-end"
  | "block-begin"
  | "block-end"
  | "name"
  | "integer"
  | "float"
  | "string"
  | "operator"
  | "end";

/** `text` is the decoded value of a string, the digits of a number, or the characters themselves. */
export type Token = { kind: TokenKind; text: string; at: number };

const blank = /[ \t\n\v\f]+/y;
const floatPattern =
  /(?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy;
const integerPattern = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;
const namePattern = /[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*/uy;
const operatorPattern = /\/\/|\*\*|==|!=|>=|<=|[-+*/%~[\](){}<>=.:|,;]/y;

/** Read one token (or a run of blanks, which gives none) at `at` of a tag that began at `tagAt`. */
export function scanToken(
  source: string,
  at: number,
  tagAt: number,
  close: string,
): { token: Token | undefined; end: number } {
  if (at >= source.length)
    throw new TemplateError("tag", `A tag is never closed; end it with ${close}.`, tagAt);
  const spaces = match(blank, source, at);
  if (spaces !== undefined) return { token: undefined, end: at + spaces.length };
  const first = source.charAt(at);
  if (first === "'" || first === '"') return scanString(source, at);
  const float = match(floatPattern, source, at);
  if (float !== undefined) return made("float", float.replaceAll("_", ""), at, float.length);
  const integer = match(integerPattern, source, at);
  if (integer !== undefined) {
    if (integer.length * 4 > integerBitsMax)
      throw new TemplateError(
        "number",
        "This number has too many digits; write a smaller one.",
        at,
      );
    return made("integer", integer.replaceAll("_", ""), at, integer.length);
  }
  const name = match(namePattern, source, at);
  if (name !== undefined) return made("name", checkedName(name, at), at, name.length);
  const operator = match(operatorPattern, source, at);
  if (operator !== undefined) return made("operator", operator, at, operator.length);
  throw new TemplateError("character", unknownCharacter(source, at), at);
}

function match(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}

function made(kind: TokenKind, text: string, at: number, length: number) {
  return { token: { kind, text, at }, end: at + length };
}

/** Names are compared in their NFKC form, so two spellings of one name cannot differ to a reviewer's eye. */
function checkedName(name: string, at: number): string {
  const normal = name.normalize("NFKC");
  if (normal.length > nameLengthMax)
    throw new TemplateError(
      "name",
      `A name is longer than ${nameLengthMax} characters; shorten it.`,
      at,
    );
  if (normal.startsWith("__"))
    throw new TemplateError(
      "name",
      `"${normal}" starts with two underscores, which is refused; rename it, or read a key of that name as d['${normal}'].`,
      at,
    );
  return normal;
}

function unknownCharacter(source: string, at: number): string {
  const character = String.fromCodePoint(source.codePointAt(at) ?? 0xfffd);
  switch (character) {
    case "&":
      return '"&" is no operator; write "and".';
    case "!":
      return '"!" is no operator; write "not".';
    case "?":
      return '"?" is no operator; write "a if condition else b".';
    case "\\":
      return "A backslash belongs inside quotes only.";
    case "`":
      return "Backticks are no quotes; write ' or \".";
    default: {
      const code = (source.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, "0");
      return `The character U+${code} is not allowed inside a tag; put it in quotes or remove it.`;
    }
  }
}

function scanString(source: string, at: number) {
  const quote = source.charAt(at);
  let end = at + 1;
  while (end < source.length && source[end] !== quote) end += source[end] === "\\" ? 2 : 1;
  if (end >= source.length)
    throw new TemplateError("string", `A string is never closed; end it with ${quote}.`, at);
  return made("string", decodeString(source.slice(at + 1, end), at), at, end + 1 - at);
}

function decodeString(text: string, at: number): string {
  if (!text.includes("\\")) return text;
  return text.replace(
    /\\(?:([0-7]{1,3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([\s\S]))/g,
    (whole, octal, two, four, eight, plain) => {
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      const hex = two ?? four ?? eight;
      return hex === undefined
        ? plainEscape(whole, plain, at)
        : codePoint(Number.parseInt(hex, 16), at);
    },
  );
}

function codePoint(code: number, at: number): string {
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
    throw new TemplateError(
      "string",
      "An escape in this string names no character; correct it.",
      at,
    );
  return String.fromCodePoint(code);
}

function plainEscape(whole: string, letter: string, at: number): string {
  switch (letter) {
    case "\n":
      return "";
    case "\\":
    case "'":
    case '"':
      return letter;
    case "n":
      return "\n";
    case "t":
      return "\t";
    case "r":
      return "\r";
    case "a":
      return "\x07";
    case "b":
      return "\b";
    case "f":
      return "\f";
    case "v":
      return "\v";
    case "x":
    case "u":
    case "U":
    case "N":
      throw new TemplateError(
        "string",
        `"\\${letter}" does not start a complete escape; write the character itself.`,
        at,
      );
    default:
      return whole;
  }
}
