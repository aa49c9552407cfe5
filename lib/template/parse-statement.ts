/** Tags and text to statements: the outer half of the grammar. */
import type { Expression, Statement, Target } from "./ast.ts";
import {
  parseExpression,
  parseFilterChain,
  parseFilterName,
  parseTuple,
  parseUnconditional,
} from "./parse-expression.ts";
import { parseMacroBody, parseSignature } from "./parse-macro.ts";
import { parseTarget } from "./parse-target.ts";
import type { TokenStream } from "./token-stream.ts";

/** The whole template. */
export function parseTemplateBody(stream: TokenStream): Statement[] {
  return parseBody(stream, []);
}

/** Statements up to a tag named in `ends`, whose name is consumed and whose end is not; all of them without `ends`. */
function parseBody(stream: TokenStream, ends: readonly string[]): Statement[] {
  const opened = stream.current.at;
  return stream.nested(() => {
    const body: Statement[] = [];
    for (;;) {
      const token = stream.next();
      switch (token.kind) {
        case "data":
          body.push({ kind: "text", text: token.text, at: stream.node(token.at) });
          break;
        case "output-begin":
          body.push({ kind: "output", value: parseTuple(stream), at: stream.node(token.at) });
          stream.expect("output-end", undefined, "to end the output");
          break;
        case "block-begin":
          if (stream.is("name") && ends.includes(stream.current.text)) return body;
          body.push(parseTag(stream));
          break;
        default:
          if (ends.length > 0)
            stream.refuse(
              "block",
              `A block is never closed; end it with {% ${ends.at(-1)} %}.`,
              opened,
            );
          return body;
      }
    }
  });
}

function endTag(stream: TokenStream): void {
  stream.expect("block-end", undefined, "to end the tag");
}

/** The body of a block with one end tag. */
function parseBlock(stream: TokenStream, end: string): Statement[] {
  endTag(stream);
  const body = parseBody(stream, [end]);
  stream.next();
  endTag(stream);
  return body;
}

function parseTag(stream: TokenStream): Statement {
  if (!stream.is("name")) stream.fail("Expected the name of a tag");
  const { text: name, at } = stream.next();
  stream.node(at);
  switch (name) {
    case "if":
      return parseIf(stream, at);
    case "for":
      return parseFor(stream, at);
    case "set":
      return parseSet(stream, at);
    case "with":
      return parseWith(stream, at);
    case "filter":
      return parseFilterBlock(stream, at);
    case "autoescape": {
      const enabled = parseExpression(stream);
      return { kind: "autoescape", enabled, body: parseBlock(stream, "endautoescape"), at };
    }
    case "macro":
      return parseMacro(stream, at);
    case "call":
      return parseCallBlock(stream, at);
    default:
      return stream.refuse("tag", unknownTag(name), at);
  }
}

function unknownTag(name: string): string {
  switch (name) {
    case "include":
    case "import":
    case "from":
    case "extends":
    case "block":
      return `The tag "${name}" is refused, as a prompt stands alone; write the text here or pass it as a variable.`;
    case "print":
      return 'The tag "print" is refused; write {{ … }}.';
    case "do":
      return 'The tag "do" is an extension; write {% set _ = … %}.';
    case "break":
    case "continue":
      return `The tag "${name}" is an extension; filter the loop with "for … if …".`;
    default:
      return name.startsWith("end") || name === "else" || name === "elif"
        ? `The tag "${name}" has no block to belong to; remove it or open the block.`
        : `There is no tag "${name}"; use if, for, set, with, filter, macro or call.`;
  }
}

function parseIf(stream: TokenStream, at: number): Statement {
  const branches: { condition: Expression; body: Statement[] }[] = [];
  const ends = ["elif", "else", "endif"];
  let word: string;
  do {
    const condition = parseTuple(stream, parseUnconditional);
    endTag(stream);
    branches.push({ condition, body: parseBody(stream, ends) });
    word = stream.next().text;
  } while (word === "elif");
  const otherwise = word === "else" ? parseBlock(stream, "endif") : [];
  if (word === "endif") endTag(stream);
  return { kind: "if", branches, otherwise, at };
}

function parseFor(stream: TokenStream, at: number): Statement {
  const target = parseTarget(stream, { namespaces: false });
  stream.expect("name", "in", "after the loop variable");
  const items = parseTuple(stream, parseUnconditional);
  const filter = stream.skip("name", "if") ? parseExpression(stream) : undefined;
  const recursive = stream.skip("name", "recursive");
  endTag(stream);
  const body = parseBody(stream, ["else", "endfor"]);
  const hasElse = stream.next().text === "else";
  const otherwise = hasElse ? parseBlock(stream, "endfor") : [];
  if (!hasElse) endTag(stream);
  return { kind: "for", target, items, filter, recursive, body, otherwise, at };
}

function parseSet(stream: TokenStream, at: number): Statement {
  const target = parseTarget(stream, { namespaces: true });
  if (stream.skip("operator", "=")) {
    const value = parseTuple(stream);
    endTag(stream);
    return { kind: "set", target, value, at };
  }
  const filter = stream.isOperator("|")
    ? parseFilterChain(stream, { kind: "captured", at: stream.node(at) })
    : undefined;
  if (!stream.is("block-end")) stream.fail('Expected "=" or the end of the tag');
  return { kind: "set-block", target, filter, body: parseBlock(stream, "endset"), at };
}

function parseWith(stream: TokenStream, at: number): Statement {
  const bindings: { target: Target; value: Expression }[] = [];
  while (!stream.is("block-end")) {
    if (bindings.length > 0) stream.expect("operator", ",", "between the variables");
    const target = parseTarget(stream, { namespaces: false, single: true });
    stream.expect("operator", "=", "after the variable");
    bindings.push({ target, value: parseExpression(stream) });
  }
  return { kind: "with", bindings, body: parseBlock(stream, "endwith"), at };
}

function parseFilterBlock(stream: TokenStream, at: number): Statement {
  const captured: Expression = { kind: "captured", at: stream.node(at) };
  const filter = parseFilterChain(stream, parseFilterName(stream, captured));
  return { kind: "filter-block", filter, body: parseBlock(stream, "endfilter"), at };
}

function parseMacro(stream: TokenStream, at: number): Statement {
  const name = stream.expect("name", undefined, "of the macro").text;
  const parameters = parseSignature(stream);
  const macro = parseMacroBody(stream, name, parameters, () => parseBlock(stream, "endmacro"));
  return { kind: "macro", ...macro, at };
}

function parseCallBlock(stream: TokenStream, at: number): Statement {
  const parameters = stream.isOperator("(") ? parseSignature(stream) : [];
  const call = parseExpression(stream);
  if (call.kind !== "call")
    stream.refuse("call", "A call block calls a macro: {% call name() %}.", at);
  const caller = parseMacroBody(stream, "caller", parameters, () => parseBlock(stream, "endcall"));
  return { kind: "call-block", call, caller, at };
}
