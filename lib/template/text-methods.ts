/** Methods of str, by code points and by Python's rules where JavaScript's differ. */
import { bindMethod, type MethodReader } from "./arguments.ts";
import { isTrue, iterate } from "./compare.ts";
import { formatBraces } from "./format-braces.ts";
import { boundedSize, pad } from "./format-spec.ts";
import type { Budget } from "./limits.ts";
import { Pieces } from "./print.ts";
import { lengthOf, splitLines, trimEndSpace, trimStartSpace } from "./python-text.ts";
import { TemplateError } from "./refusal.ts";
import { capitalize, isCased, swapCase, titleCase } from "./text-case.ts";
import { countOf, findIn, replaceIn, splitText, trimCharacters } from "./text-search.ts";
import {
  aTypeName,
  type Given,
  isText,
  Markup,
  Tuple,
  textOf,
  typeError,
  type Value,
} from "./value.ts";

/** The result of method `name` of a text; undefined where str has no such method. */
export function callTextMethod(
  name: string,
  text: string,
  given: Given,
  budget: Budget,
): Value | undefined {
  budget.scan(text.length);
  const read = (signature: string) => bindMethod(name, signature, given, budget);
  return (
    changeCase(name, text, read) ??
    padOrTrim(name, text, read, budget) ??
    search(name, text, read, budget) ??
    divide(name, text, read, budget) ??
    inspect(name, text, read) ??
    build(name, text, given, read, budget)
  );
}

type Read = (signature: string) => MethodReader;

function changeCase(name: string, text: string, read: Read): Value | undefined {
  switch (name) {
    case "upper":
      read("");
      return text.toUpperCase();
    case "lower":
      read("");
      return text.toLowerCase();
    case "casefold":
      read("");
      return caseFold(text);
    case "title":
      read("");
      return titleCase(text);
    case "capitalize":
      read("");
      return capitalize(text);
    case "swapcase":
      read("");
      return swapCase(text);
    default:
      return undefined;
  }
}

/** Full case folding is a table of its own; the characters where it differs from lower case here are refused. */
function caseFold(text: string): string {
  const folded = text.replaceAll("ß", "ss").toLowerCase();
  if (/[^\p{ASCII}äöüàâçéèêëîïôûùñáíóúæøåœ]/u.test(folded))
    throw new TemplateError("method", "casefold() of these characters is refused; use lower().");
  return folded;
}

function padOrTrim(name: string, text: string, read: Read, budget: Budget): Value | undefined {
  switch (name) {
    case "strip":
    case "lstrip":
    case "rstrip": {
      const characters = read("chars?").textOrNone(0);
      if (characters !== undefined)
        return trimCharacters(text, characters, name !== "rstrip", name !== "lstrip");
      const start = name === "rstrip" ? text : trimStartSpace(text);
      return name === "lstrip" ? start : trimEndSpace(start);
    }
    case "center":
    case "ljust":
    case "rjust": {
      const given = read("width fillchar?");
      const width = boundedSize(`${Math.max(0, given.integer(0) ?? 0)}`);
      const fill = given.text(1) ?? " ";
      if (lengthOf(fill) !== 1) throw typeError("Fill with one character.");
      if (name === "center") return centerMethod(text, width, fill, budget);
      return pad("", text, { width, fill, align: name === "ljust" ? "<" : ">" }, budget);
    }
    case "zfill": {
      const width = boundedSize(`${Math.max(0, read("width").integer(0) ?? 0)}`);
      const sign = text.startsWith("-") || text.startsWith("+") ? text.charAt(0) : "";
      return pad(sign, text.slice(sign.length), { width, fill: "0", align: "=" }, budget);
    }
    default:
      return undefined;
  }
}

/** `str.center` puts the odd space to the left when the width is odd, unlike formatting. */
export function centerMethod(text: string, width: number, fill: string, budget: Budget): string {
  const missing = width - lengthOf(text);
  if (missing <= 0) return text;
  budget.string(width * fill.length + text.length);
  const before = Math.floor(missing / 2) + (missing % 2 === 1 && width % 2 === 1 ? 1 : 0);
  return fill.repeat(before) + text + fill.repeat(missing - before);
}

function search(name: string, text: string, read: Read, budget: Budget): Value | undefined {
  switch (name) {
    case "find":
    case "rfind":
    case "index":
    case "rindex": {
      const given = read("sub start? end?");
      const found = findIn(text, given, name.startsWith("r"), budget);
      if (found < 0 && name.endsWith("index"))
        throw new TemplateError("method", `${name}() did not find the text; use find() or "in".`);
      return BigInt(found);
    }
    case "count":
      return BigInt(countOf(text, read("sub start? end?"), budget));
    case "startswith":
    case "endswith": {
      const given = read("affix");
      const affix = given.value(0);
      const affixes = affix instanceof Tuple ? affix.items : [affix];
      return affixes.some((candidate) => {
        if (candidate === undefined || !isText(candidate))
          throw typeError(`${name}() needs a text or a tuple of texts.`);
        budget.step();
        const part = textOf(candidate);
        return name === "startswith" ? text.startsWith(part) : text.endsWith(part);
      });
    }
    default:
      return undefined;
  }
}

function divide(name: string, text: string, read: Read, budget: Budget): Value | undefined {
  switch (name) {
    case "split":
    case "rsplit": {
      const given = read("sep? maxsplit?");
      const separator = given.textOrNone(0);
      return splitText(text, separator, given.integer(1) ?? -1, name === "rsplit", budget);
    }
    case "splitlines": {
      const keep = read("keepends?").value(0);
      const lines = splitLines(text, keep !== undefined && isTrue(keep));
      budget.list(lines.length);
      return lines;
    }
    case "partition":
    case "rpartition": {
      const separator = read("sep").text(0) ?? "";
      if (separator === "") throw typeError(`${name}() needs a separator that is not empty.`);
      const at = name === "partition" ? text.indexOf(separator) : text.lastIndexOf(separator);
      if (at < 0) return new Tuple(name === "partition" ? [text, "", ""] : ["", "", text]);
      return new Tuple([text.slice(0, at), separator, text.slice(at + separator.length)]);
    }
    default:
      return undefined;
  }
}

function inspect(name: string, text: string, read: Read): Value | undefined {
  switch (name) {
    case "isdigit":
      read("");
      return matchesWhole(text, /^[\p{Nd}²³¹⁰-⁹₀-₉]+$/u);
    case "isdecimal":
      read("");
      return matchesWhole(text, /^\p{Nd}+$/u);
    case "isnumeric":
      read("");
      return matchesWhole(text, /^\p{N}+$/u);
    case "isalpha":
      read("");
      return matchesWhole(text, /^\p{L}+$/u);
    case "isalnum":
      read("");
      return matchesWhole(text, /^[\p{L}\p{N}]+$/u);
    case "isspace":
      read("");
      return text !== "" && trimStartSpace(text) === "";
    case "islower":
      read("");
      return isCased(text, "lower");
    case "isupper":
      read("");
      return isCased(text, "upper");
    case "isascii":
      read("");
      // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with them.
      return /^[\x00-\x7f]*$/.test(text);
    default:
      return undefined;
  }
}

function matchesWhole(text: string, pattern: RegExp): boolean {
  return pattern.test(text);
}

function build(
  name: string,
  text: string,
  given: Given,
  read: Read,
  budget: Budget,
): Value | undefined {
  switch (name) {
    case "join":
      return joinTexts(text, read("iterable").required(0), budget);
    case "replace": {
      const bound = read("old new count?");
      return replaceIn(
        text,
        bound.text(0) ?? "",
        bound.text(1) ?? "",
        bound.integer(2) ?? -1,
        budget,
      );
    }
    case "removeprefix": {
      const prefix = read("prefix").text(0) ?? "";
      return text.startsWith(prefix) ? text.slice(prefix.length) : text;
    }
    case "removesuffix": {
      const suffix = read("suffix").text(0) ?? "";
      return suffix !== "" && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
    }
    case "format":
      return formatBraces(text, given, budget);
    default:
      return undefined;
  }
}

function joinTexts(separator: string, items: Value, budget: Budget): string {
  const out = new Pieces(budget);
  let isFirst = true;
  for (const item of iterate(items, budget)) {
    if (!isText(item))
      throw typeError(`join() takes texts only, not ${aTypeName(item)}; write items|join('…').`);
    if (item instanceof Markup)
      throw typeError("join() with text that is HTML already is refused; use the filter join.");
    if (!isFirst) out.add(separator);
    isFirst = false;
    out.add(item);
  }
  return out.join();
}

/** Every name `callTextMethod` answers to. */
export const textMethods: ReadonlySet<string> = new Set(
  (
    "upper lower casefold title capitalize swapcase strip lstrip rstrip center ljust rjust zfill find rfind " +
    "index rindex count startswith endswith split rsplit splitlines partition rpartition isdigit isdecimal " +
    "isnumeric isalpha isalnum isspace islower isupper isascii join replace removeprefix removesuffix format"
  ).split(" "),
);
