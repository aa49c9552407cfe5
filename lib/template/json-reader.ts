/**
 * Our own JSON reader, because `JSON.parse` turns 1.0 into 1, rounds integers above 2^53 and reorders keys that look
 * like integers, and each of these would print differently in Jinja2.
 */
import { Budget, contextCharactersMax, contextDepthMax, contextNodesMax } from "./limits.ts";
import { TemplateError } from "./refusal.ts";
import { Dict, type Value } from "./value.ts";

export function refuseContext(reason: string): never {
  throw new TemplateError("context", reason);
}

/** A JSON text as values of the engine: numbers keep whether they had a point, objects keep their order. */
export function readJson(text: string, charactersMax = contextCharactersMax): Value {
  if (text.length > charactersMax)
    refuseContext(`The JSON is longer than ${charactersMax} characters; pass less.`);
  return new JsonReader(text).read();
}

const blanks = /[ \t\n\r]*/y;
const number = /(-?(?:0|[1-9]\d*))(\.\d+)?([eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids bare control characters in strings.
const plainText = /[^"\\\x00-\x1f]*/y;
const digitsMax = 4_300;

class JsonReader {
  readonly #text: string;
  readonly #budget = new Budget();
  #at = 0;
  #nodes = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Value {
    const value = this.#value();
    this.#skipBlanks();
    if (this.#at < this.#text.length) this.#fail();
    return value;
  }

  #fail(): never {
    refuseContext(`The JSON is not valid at character ${this.#at + 1}.`);
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match !== null) this.#at = pattern.lastIndex;
    return match;
  }

  #skipBlanks(): void {
    this.#match(blanks);
  }

  #skip(character: string): boolean {
    this.#skipBlanks();
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #value(): Value {
    this.#nodes += 1;
    if (this.#nodes > contextNodesMax)
      refuseContext(`The JSON holds more than ${contextNodesMax} values; pass fewer.`);
    if (this.#skip("{")) return this.#deeper(() => this.#object());
    if (this.#skip("[")) return this.#deeper(() => this.#array());
    if (this.#skip('"')) return this.#string();
    if (this.#word("true")) return true;
    if (this.#word("false")) return false;
    if (this.#word("null")) return null;
    return this.#number();
  }

  #word(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false;
    this.#at += word.length;
    return true;
  }

  #deeper<T>(work: () => T): T {
    this.#depth += 1;
    if (this.#depth > contextDepthMax)
      refuseContext(`The JSON nests deeper than ${contextDepthMax} levels; flatten it.`);
    const result = work();
    this.#depth -= 1;
    return result;
  }

  #object(): Dict {
    const dict = new Dict();
    if (this.#skip("}")) return dict;
    do {
      if (!this.#skip('"')) this.#fail();
      const key = this.#string();
      if (!this.#skip(":")) this.#fail();
      dict.set(key, this.#value(), this.#budget);
    } while (this.#skip(","));
    if (!this.#skip("}")) this.#fail();
    return dict;
  }

  #array(): Value[] {
    const items: Value[] = [];
    if (this.#skip("]")) return items;
    do items.push(this.#value());
    while (this.#skip(","));
    if (!this.#skip("]")) this.#fail();
    return items;
  }

  #number(): Value {
    const match = this.#match(number);
    if (match === null) this.#fail();
    const [whole, integer = "0", fraction, exponent] = match;
    if (fraction !== undefined || exponent !== undefined) return Number(whole);
    if (integer.length > digitsMax)
      refuseContext(`The JSON holds a number of more than ${digitsMax} digits.`);
    return BigInt(integer);
  }

  #string(): string {
    let text = "";
    for (;;) {
      text += this.#match(plainText)?.[0] ?? "";
      const character = this.#text[this.#at];
      this.#at += 1;
      if (character === '"') return text;
      if (character !== "\\") this.#fail();
      text += this.#escape();
    }
  }

  #escape(): string {
    const letter = this.#text[this.#at];
    this.#at += 1;
    switch (letter) {
      case '"':
      case "\\":
      case "/":
        return letter;
      case "b":
        return "\b";
      case "f":
        return "\f";
      case "n":
        return "\n";
      case "r":
        return "\r";
      case "t":
        return "\t";
      case "u": {
        const hex = this.#match(/[\da-fA-F]{4}/y)?.[0] ?? this.#fail();
        return String.fromCharCode(Number.parseInt(hex, 16));
      }
      default:
        return this.#fail();
    }
  }
}
