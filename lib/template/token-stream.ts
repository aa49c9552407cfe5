/** The parser's view of the tokens: look, expect, and count nodes and nesting against their limits. */
import type { Expression } from "./ast.ts";
import { chainMax, nestingMax, nodesMax } from "./limits.ts";
import { TemplateError } from "./refusal.ts";
import type { Token, TokenKind } from "./tokens.ts";

export class TokenStream {
  readonly #tokens: readonly Token[];
  readonly #end: Token;
  /** Every name read so far, in order: a macro looks here for `varargs`, `kwargs` and `caller`. */
  readonly namesRead: string[] = [];
  /** Operands that Jinja2 computes while it reads if they are constants; see `folded-constants.ts`. */
  readonly foldedOperands: Expression[] = [];
  #position = 0;
  #nodes = 0;
  #nesting = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
    this.#end = tokens.at(-1) ?? { kind: "end", text: "", at: 0 };
  }

  get current(): Token {
    return this.#tokens[this.#position] ?? this.#end;
  }

  get following(): Token {
    return this.#tokens[this.#position + 1] ?? this.#end;
  }

  next(): Token {
    const token = this.current;
    this.#position += 1;
    return token;
  }

  is(kind: TokenKind, text?: string): boolean {
    return this.current.kind === kind && (text === undefined || this.current.text === text);
  }

  isOperator(text: string): boolean {
    return this.is("operator", text);
  }

  isName(text: string): boolean {
    return this.is("name", text);
  }

  /** Whether a tuple may end here, which is what makes a trailing comma legal. */
  get endsTuple(): boolean {
    return this.is("output-end") || this.is("block-end") || this.isOperator(")");
  }

  skip(kind: TokenKind, text: string): boolean {
    if (!this.is(kind, text)) return false;
    this.#position += 1;
    return true;
  }

  expect(kind: TokenKind, text: string | undefined, where: string): Token {
    if (this.is(kind, text)) return this.next();
    return this.fail(`Expected ${text === undefined ? wordFor(kind) : `"${text}"`} ${where}`);
  }

  /** Refuse at the current token; `sentence` goes without its full stop. */
  fail(sentence: string): never {
    const token = this.current;
    const found = token.kind === "end" ? "the template ends" : `found "${token.text.slice(0, 40)}"`;
    throw new TemplateError("syntax", `${sentence}, but ${found}.`, token.at);
  }

  refuse(construct: string, reason: string, at = this.current.at): never {
    throw new TemplateError(construct, reason, at);
  }

  /** Count one node of the tree and hand back its offset. */
  node(at: number): number {
    this.#nodes += 1;
    if (this.#nodes > nodesMax)
      this.refuse("size", `The template has more than ${nodesMax} parts; split it.`, at);
    return at;
  }

  /** Chains make deep trees without nesting, so their links are bounded too. */
  link(count: number): void {
    if (count > chainMax)
      this.refuse(
        "nesting",
        `An expression chains more than ${chainMax} parts; use {% set %} to name some.`,
      );
  }

  nested<T>(work: () => T): T {
    this.#nesting += 1;
    if (this.#nesting > nestingMax)
      this.refuse("nesting", `The template nests deeper than ${nestingMax} levels; flatten it.`);
    const result = work();
    this.#nesting -= 1;
    return result;
  }
}

function wordFor(kind: TokenKind): string {
  if (kind === "output-end") return '"}}"';
  return kind === "block-end" ? '"%}"' : `a ${kind}`;
}
