/** The smallest expressions: names, literals and brackets. */
import { checkName } from "./admission.ts";
import type { Expression } from "./ast.ts";
import { stringLengthMax } from "./limits.ts";
import type { TokenStream } from "./token-stream.ts";

/** The looser levels of the grammar, handed in because brackets hold whole expressions. */
export type Grammar = {
  expression: (stream: TokenStream) => Expression;
  tuple: (stream: TokenStream) => Expression;
};

export function parsePrimary(stream: TokenStream, grammar: Grammar): Expression {
  const token = stream.current;
  const at = stream.node(token.at);
  switch (token.kind) {
    case "name":
      stream.next();
      stream.namesRead.push(token.text);
      return nameOrConstant(token.text, at);
    case "string":
      return { kind: "constant", value: adjacentStrings(stream), at };
    case "integer":
      stream.next();
      return { kind: "constant", value: BigInt(token.text), at };
    case "float":
      stream.next();
      return { kind: "constant", value: Number(token.text), at };
    case "operator":
      return stream.nested(() => parseBracket(stream, at, grammar));
    default:
      return stream.fail("Expected an expression");
  }
}

function nameOrConstant(name: string, at: number): Expression {
  switch (name) {
    case "true":
    case "True":
      return { kind: "constant", value: true, at };
    case "false":
    case "False":
      return { kind: "constant", value: false, at };
    case "none":
    case "None":
      return { kind: "constant", value: null, at };
    default:
      checkName(name, at);
      return { kind: "name", name, at };
  }
}

function adjacentStrings(stream: TokenStream): string {
  let text = "";
  while (stream.is("string")) text += stream.next().text;
  if (text.length > stringLengthMax)
    stream.refuse("string", "This string is too long; shorten it.");
  return text;
}

function parseBracket(stream: TokenStream, at: number, grammar: Grammar): Expression {
  if (stream.skip("operator", "(")) {
    if (stream.skip("operator", ")")) return { kind: "tuple", items: [], at };
    const value = grammar.tuple(stream);
    stream.expect("operator", ")", "to close the bracket");
    return value;
  }
  if (stream.skip("operator", "[")) return { kind: "list", items: listItems(stream, grammar), at };
  if (stream.skip("operator", "{"))
    return { kind: "dict", entries: dictEntries(stream, grammar), at };
  return stream.fail("Expected an expression");
}

function listItems(stream: TokenStream, grammar: Grammar): Expression[] {
  const items: Expression[] = [];
  while (!stream.skip("operator", "]")) {
    if (items.length > 0) {
      stream.expect("operator", ",", "between the items");
      if (stream.skip("operator", "]")) break;
    }
    items.push(grammar.expression(stream));
  }
  return items;
}

function dictEntries(
  stream: TokenStream,
  grammar: Grammar,
): { key: Expression; value: Expression }[] {
  const entries: { key: Expression; value: Expression }[] = [];
  while (!stream.skip("operator", "}")) {
    if (entries.length > 0) {
      stream.expect("operator", ",", "between the entries");
      if (stream.skip("operator", "}")) break;
    }
    const key = grammar.expression(stream);
    stream.expect("operator", ":", "after the key");
    entries.push({ key, value: grammar.expression(stream) });
  }
  return entries;
}
