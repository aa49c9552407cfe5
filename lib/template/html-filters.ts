/** Filters for HTML and addresses: striptags, urlencode, xmlattr. */
import { iterate } from "./compare.ts";
import { unescapeEntities } from "./entities.ts";
import { escapeText } from "./escape.ts";
import type { Budget } from "./limits.ts";
import { Pieces, toText } from "./print.ts";
import { splitWords } from "./python-text.ts";
import {
  Dict,
  isText,
  Markup,
  Tuple,
  textOf,
  typeError,
  Undefined,
  type Value,
  View,
} from "./value.ts";

/** Text without comments and tags, blanks collapsed and entities read. */
export function stripTags(text: string, budget: Budget): string {
  const plain = cutTags(cutComments(text, budget));
  return unescapeEntities(splitWords(plain).join(" "));
}

function cutComments(text: string, budget: Budget): string {
  let rest = text;
  let kept = "";
  for (;;) {
    const start = rest.indexOf("<!--");
    const end = start < 0 ? -1 : rest.indexOf("-->", start);
    if (end < 0) return kept + rest;
    kept += rest.slice(0, start);
    rest = rest.slice(end + 3);
    // The two sides of a removed comment may form a new one; such text is made to mislead and pays its price.
    const joint = /<!?-?$/.exec(kept.slice(-3))?.[0] ?? "";
    if (joint !== "") {
      budget.step(rest.length);
      kept = kept.slice(0, -joint.length);
      rest = joint + rest;
    }
    budget.step();
  }
}

/** No "<" is left before the first one, so cutting forward once is enough. */
function cutTags(text: string): string {
  const kept: string[] = [];
  let at = 0;
  for (;;) {
    const start = text.indexOf("<", at);
    const end = start < 0 ? -1 : text.indexOf(">", start);
    kept.push(text.slice(at, end < 0 ? text.length : start));
    if (end < 0) return kept.join("");
    at = end + 1;
  }
}

export function urlEncode(input: Value, budget: Budget): string {
  const isSingle =
    isText(input) || input === null || typeof input !== "object" || input instanceof Undefined;
  if (isSingle) return quote(toText(input, budget), budget).replaceAll("%2F", "/");
  const out = new Pieces(budget);
  const pairs = input instanceof Dict ? new View(input, "items") : input;
  for (const pair of iterate(pairs, budget)) {
    const items = pair instanceof Tuple ? pair.items : Array.isArray(pair) ? pair : [];
    const [key, value] = items;
    if (key === undefined || value === undefined || items.length !== 2)
      throw typeError("urlencode takes a text, a mapping or pairs.");
    if (out.length > 0) out.add("&");
    out.add(`${queryPart(key, budget)}=${queryPart(value, budget)}`);
  }
  return out.join();
}

function queryPart(value: Value, budget: Budget): string {
  return quote(toText(value, budget), budget).replaceAll("%20", "+");
}

function quote(text: string, budget: Budget): string {
  budget.string(text.length * 3);
  if (/\p{Surrogate}/u.test(text)) throw typeError("urlencode needs whole characters.");
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

export function xmlAttributes(input: Value, withSpace: boolean, budget: Budget): string {
  if (!(input instanceof Dict)) throw typeError("xmlattr takes a mapping.");
  const out = new Pieces(budget);
  for (const { key, value } of input.entries()) {
    budget.step();
    if (value === null || value instanceof Undefined) continue;
    if (!isText(key) || /[\s/>=]/.test(textOf(key)))
      throw typeError("The names for xmlattr must be texts without blanks, slashes, > and =.");
    if (withSpace || out.length > 0) out.add(" ");
    const shown = value instanceof Markup ? value.text : escapeText(toText(value, budget), budget);
    out.add(`${escapeText(textOf(key), budget)}="${shown}"`);
  }
  return out.join();
}
