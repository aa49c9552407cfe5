/**
 * Source text to tokens: plain data, tags, comments and raw blocks with Jinja2's whitespace control. Comments vanish
 * here and raw blocks become data, so the parser sees three kinds of thing only: data, output tags and block tags.
 */
import { templateBytesMax } from "./limits.ts";
import { trimEndSpace, trimStartSpace } from "./python-text.ts";
import { TemplateError } from "./refusal.ts";
import { scanToken, type Token } from "./tokens.ts";

/** How blocks treat the whitespace around them; Jinja2's defaults are all false. */
export type SyntaxOptions = {
  trimBlocks: boolean;
  lstripBlocks: boolean;
  keepTrailingNewline: boolean;
};

export const defaultSyntax: SyntaxOptions = {
  trimBlocks: false,
  lstripBlocks: false,
  keepTrailingNewline: false,
};

/** Newlines become "\n" and, unless kept, one final newline goes. All offsets refer to this text. */
export function normaliseSource(source: string, options: SyntaxOptions): string {
  const text = source.replace(/\r\n?/g, "\n");
  return !options.keepTrailingNewline && text.endsWith("\n") ? text.slice(0, -1) : text;
}

/** Tokens of a normalised source, ended by an `end` token. */
export function tokenize(source: string, options: SyntaxOptions): Token[] {
  if (
    source.length > templateBytesMax ||
    new TextEncoder().encode(source).length > templateBytesMax
  )
    throw new TemplateError(
      "size",
      `The template is longer than ${templateBytesMax} bytes; shorten it or pass long texts as variables.`,
    );
  const surrogate = source.search(/\p{Surrogate}/u);
  if (surrogate >= 0)
    throw new TemplateError(
      "characters",
      "The template holds half of a surrogate pair, which is no character; remove it.",
      surrogate,
    );
  return new Lexer(source, options).run();
}

/** Begin and end of a delimiter the lexer looks for, with its optional whitespace sign. */
type Opening = {
  at: number;
  kind: "output" | "block" | "comment" | "raw";
  sign: string;
  end: number;
};

class Lexer {
  readonly #source: string;
  readonly #options: SyntaxOptions;
  readonly #tokens: Token[] = [];
  #at = 0;
  /** Whether the text before `#at` ends a line, which lets lstrip act on the first line after a tag. */
  #lineStarting = true;

  constructor(source: string, options: SyntaxOptions) {
    this.#source = source;
    this.#options = options;
  }

  run(): Token[] {
    for (;;) {
      const opening = this.#nextOpening();
      if (opening === undefined) break;
      this.#data(opening.at, opening.sign, opening.kind !== "output");
      this.#at = opening.end;
      if (opening.kind === "comment") this.#comment(opening.at);
      else if (opening.kind === "raw") this.#raw(opening.at);
      else this.#tag(opening.at, opening.kind);
      this.#lineStarting = this.#source[this.#at - 1] === "\n";
    }
    this.#push("data", this.#source.slice(this.#at), this.#at);
    this.#push("end", "", this.#source.length);
    return this.#tokens;
  }

  #nextOpening(): Opening | undefined {
    const pattern = /\{([{%#])([-+]?)/g;
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (match === null) return undefined;
    const sign = match[2] ?? "";
    const end = pattern.lastIndex;
    if (match[1] === "{") return { at: match.index, kind: "output", sign, end };
    if (match[1] === "#") return { at: match.index, kind: "comment", sign, end };
    const raw = /\s*raw\s*(?:-%\}\s*|%\})/y;
    raw.lastIndex = end;
    if (raw.test(this.#source)) return { at: match.index, kind: "raw", sign, end: raw.lastIndex };
    return { at: match.index, kind: "block", sign, end };
  }

  /** Push the data up to `end`, less what the sign or lstrip of the following tag takes away. */
  #data(end: number, sign: string, isBlock: boolean): void {
    let text = this.#source.slice(this.#at, end);
    if (sign === "-") text = trimEndSpace(text);
    else if (sign !== "+" && isBlock && this.#options.lstripBlocks) {
      const lineStart = text.lastIndexOf("\n") + 1;
      const wholeLine = lineStart > 0 || this.#lineStarting;
      if (wholeLine && trimStartSpace(text.slice(lineStart)) === "")
        text = text.slice(0, lineStart);
    }
    this.#push("data", text, this.#at);
  }

  #push(kind: Token["kind"], text: string, at: number): void {
    if (kind !== "data" || text !== "") this.#tokens.push({ kind, text, at });
  }

  /** Step past the end of a tag: a minus takes all whitespace that follows, trim one newline. */
  #afterEnd(end: number, sign: string, isBlock: boolean): void {
    this.#at = end;
    if (sign === "-") {
      const rest = this.#source.slice(end);
      this.#at = end + rest.length - trimStartSpace(rest).length;
    } else if (sign !== "+" && isBlock && this.#options.trimBlocks && this.#source[end] === "\n") {
      this.#at = end + 1;
    }
  }

  #comment(at: number): void {
    const close = this.#source.indexOf("#}", this.#at);
    if (close < 0)
      throw new TemplateError("comment", "A comment is never closed; end it with #}.", at);
    const before = close > this.#at ? (this.#source[close - 1] ?? "") : "";
    this.#afterEnd(close + 2, before === "-" || before === "+" ? before : "", true);
  }

  #raw(at: number): void {
    const pattern = /\{%([-+]?)\s*endraw\s*([-+]?)%\}/g;
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (match === null)
      throw new TemplateError("raw", "A raw block is never closed; end it with {% endraw %}.", at);
    this.#lineStarting = this.#source[this.#at - 1] === "\n";
    this.#data(match.index, match[1] ?? "", true);
    this.#afterEnd(pattern.lastIndex, match[2] ?? "", true);
  }

  #tag(at: number, kind: "output" | "block"): void {
    const close = kind === "output" ? "}}" : "%}";
    this.#push(
      kind === "output" ? "output-begin" : "block-begin",
      this.#source.slice(at, at + 2),
      at,
    );
    const open: string[] = [];
    for (;;) {
      const sign = this.#endSign(close, kind, open.length > 0);
      if (sign !== undefined) {
        const end = this.#at + sign.length + close.length;
        this.#push(kind === "output" ? "output-end" : "block-end", close, this.#at);
        this.#afterEnd(end, sign, kind === "block");
        return;
      }
      const { token, end } = scanToken(this.#source, this.#at, at, close);
      if (token !== undefined) {
        if (token.kind === "operator") balance(open, token);
        this.#tokens.push(token);
      }
      this.#at = end;
    }
  }

  /** The whitespace sign of the tag's end if it stands here; inside brackets `}}` closes two of them instead. */
  #endSign(close: string, kind: "output" | "block", inBrackets: boolean): string | undefined {
    if (inBrackets) return undefined;
    if (this.#source.startsWith(close, this.#at)) return "";
    const sign = this.#source[this.#at];
    if (sign !== "-" && !(sign === "+" && kind === "block")) return undefined;
    return this.#source.startsWith(close, this.#at + 1) ? sign : undefined;
  }
}

function balance(open: string[], token: Token): void {
  if (token.text === "(") open.push(")");
  else if (token.text === "[") open.push("]");
  else if (token.text === "{") open.push("}");
  else if (token.text === ")" || token.text === "]" || token.text === "}") {
    if (open.pop() !== token.text)
      throw new TemplateError(
        "brackets",
        `A "${token.text}" closes nothing; balance the brackets.`,
        token.at,
      );
  }
}
