/** The entities of HTML that `striptags` reads. Those outside of Latin-1 are refused rather than left standing. */
import { TemplateError } from "./refusal.ts";

/** The names of U+00A0 to U+00FF, in order; these and a few more are read without a semicolon too. */
const latinNames = (
  "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute " +
  "micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig " +
  "Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash " +
  "Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute " +
  "ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute " +
  "ucirc uuml yacute thorn yuml"
).split(" ");

const named: ReadonlyMap<string, string> = new Map([
  ...latinNames.map((name, index): [string, string] => [name, String.fromCharCode(0xa0 + index)]),
  ["amp", "&"],
  ["AMP", "&"],
  ["lt", "<"],
  ["LT", "<"],
  ["gt", ">"],
  ["GT", ">"],
  ["quot", '"'],
  ["QUOT", '"'],
  ["COPY", "©"],
  ["REG", "®"],
]);

export function unescapeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(#\d+;?|#[xX][\da-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)/g, readEntity);
}

function readEntity(whole: string, entity: string): string {
  if (entity.startsWith("#")) return numericEntity(entity);
  const name = entity.replace(";", "");
  const exact = named.get(name);
  if (exact !== undefined) return exact;
  if (name === "apos" && entity.endsWith(";")) return "'";
  if (/^[A-Za-z][A-Za-z0-9]*;$/.test(entity))
    throw new TemplateError(
      "filter",
      `The entity "${whole}" is refused; write the character itself.`,
    );
  for (let length = name.length; length > 1; length -= 1) {
    const found = named.get(name.slice(0, length));
    if (found !== undefined) return found + entity.slice(length);
  }
  return whole;
}

function numericEntity(entity: string): string {
  const digits = entity.replace(/[#;xX]/g, "");
  const code = Number.parseInt(digits, /[xX]/.test(entity) ? 16 : 10);
  const isPlain =
    (code >= 0x20 && code <= 0x7e) ||
    (code >= 0xa0 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfdcf) ||
    (code >= 0xfdf0 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff && (code & 0xfffe) !== 0xfffe);
  if (!isPlain)
    throw new TemplateError(
      "filter",
      `The entity "&${entity}" names no plain character; remove it.`,
    );
  return String.fromCodePoint(code);
}
