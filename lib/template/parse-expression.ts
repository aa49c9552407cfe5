/**
 * Expressions by recursive descent, one function for each of Jinja2's precedence levels, loosest first: inline if, or,
 * and, not, comparison, + and -, ~, * / // %, **, sign, postfix, filters and tests.
 */
import { checkFilter, checkTest } from "./admission.ts";
import type { Arguments, BinaryOperator, CompareOperator, Expression } from "./ast.ts";
import { type Grammar, parsePrimary } from "./parse-primary.ts";
import type { TokenStream } from "./token-stream.ts";

const grammar: Grammar = { expression: parseExpression, tuple: (stream) => parseTuple(stream) };

export function parseExpression(stream: TokenStream): Expression {
  return stream.nested(() => parseConditional(stream));
}

/** An expression that may not be an inline if: the subject of `if` and `for` tags. */
export function parseUnconditional(stream: TokenStream): Expression {
  return stream.nested(() => parseOr(stream));
}

/** One expression, or a bare tuple when commas follow. */
export function parseTuple(
  stream: TokenStream,
  parse: (stream: TokenStream) => Expression = parseExpression,
): Expression {
  const at = stream.current.at;
  const items = [parse(stream)];
  let isTuple = false;
  while (stream.skip("operator", ",")) {
    isTuple = true;
    if (stream.endsTuple) break;
    items.push(parse(stream));
  }
  const [first] = items;
  return first !== undefined && !isTuple ? first : { kind: "tuple", items, at: stream.node(at) };
}

function parseConditional(stream: TokenStream): Expression {
  let value = parseOr(stream);
  for (let links = 1; stream.isName("if"); links += 1) {
    stream.link(links);
    const at = stream.node(stream.next().at);
    const condition = parseOr(stream);
    const otherwise = stream.skip("name", "else") ? parseExpression(stream) : undefined;
    stream.foldedOperands.push(condition);
    value = { kind: "conditional", condition, value, otherwise, at };
  }
  return value;
}

function parseOr(stream: TokenStream): Expression {
  return parseLogic(stream, "or", parseAnd);
}

function parseAnd(stream: TokenStream): Expression {
  return parseLogic(stream, "and", parseNot);
}

function parseLogic(
  stream: TokenStream,
  kind: "and" | "or",
  parse: (stream: TokenStream) => Expression,
): Expression {
  let left = parse(stream);
  for (let links = 1; stream.isName(kind); links += 1) {
    stream.link(links);
    const at = stream.node(stream.next().at);
    stream.foldedOperands.push(left);
    left = { kind, left, right: parse(stream), at };
  }
  return left;
}

function parseNot(stream: TokenStream): Expression {
  if (!stream.isName("not")) return parseCompare(stream);
  const at = stream.node(stream.next().at);
  return stream.nested(() => ({ kind: "not", operand: parseNot(stream), at }));
}

function parseCompare(stream: TokenStream): Expression {
  const at = stream.current.at;
  const first = parseSum(stream);
  const rest: { operator: CompareOperator; operand: Expression }[] = [];
  for (;;) {
    const operator = compareOperator(stream);
    if (operator === undefined) break;
    stream.link(rest.length);
    stream.node(at);
    rest.push({ operator, operand: parseSum(stream) });
  }
  return rest.length === 0 ? first : { kind: "compare", first, rest, at };
}

function compareOperator(stream: TokenStream): CompareOperator | undefined {
  const { kind, text } = stream.current;
  if (kind === "name") {
    if (stream.skip("name", "in")) return "in";
    const { kind: nextKind, text: nextText } = stream.following;
    if (text !== "not" || nextKind !== "name" || nextText !== "in") return undefined;
    stream.next();
    stream.next();
    return "not in";
  }
  if (kind !== "operator") return undefined;
  switch (text) {
    case "==":
    case "!=":
    case "<":
    case "<=":
    case ">":
    case ">=":
      stream.next();
      return text;
    default:
      return undefined;
  }
}

function parseSum(stream: TokenStream): Expression {
  return parseBinary(stream, ["+", "-"], parseConcat);
}

function parseConcat(stream: TokenStream): Expression {
  const at = stream.current.at;
  const parts = [parseProduct(stream)];
  while (stream.skip("operator", "~")) {
    stream.node(at);
    parts.push(parseProduct(stream));
  }
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  stream.foldedOperands.push(...parts);
  return { kind: "concat", parts, at };
}

function parseProduct(stream: TokenStream): Expression {
  return parseBinary(stream, ["*", "/", "//", "%"], parsePower);
}

/** Jinja2's powers group from the left and bind looser than a sign: -2 ** 2 is 4. */
function parsePower(stream: TokenStream): Expression {
  return parseBinary(stream, ["**"], (inner) => parseSigned(inner, true));
}

function parseBinary(
  stream: TokenStream,
  operators: readonly BinaryOperator[],
  parse: (stream: TokenStream) => Expression,
): Expression {
  let left = parse(stream);
  for (let links = 1; ; links += 1) {
    const operator = operators.find((candidate) => stream.isOperator(candidate));
    if (operator === undefined) return left;
    stream.link(links);
    const at = stream.node(stream.next().at);
    left = { kind: "binary", operator, left, right: parse(stream), at };
  }
}

function parseSigned(stream: TokenStream, withFilters: boolean): Expression {
  const isMinus = stream.isOperator("-");
  let value: Expression;
  if (isMinus || stream.isOperator("+")) {
    const at = stream.node(stream.next().at);
    value = stream.nested(() => ({
      kind: "sign",
      negative: isMinus,
      operand: parseSigned(stream, false),
      at,
    }));
  } else value = parsePrimary(stream, grammar);
  value = parsePostfix(stream, value);
  return withFilters ? parseFilters(stream, value) : value;
}

export function parsePostfix(stream: TokenStream, target: Expression): Expression {
  let value = target;
  for (let links = 1; ; links += 1) {
    stream.link(links);
    if (stream.isOperator(".")) value = parseDot(stream, value);
    else if (stream.isOperator("[")) value = parseSubscript(stream, value);
    else if (stream.isOperator("(")) value = parseCall(stream, value);
    else return value;
  }
}

function parseDot(stream: TokenStream, target: Expression): Expression {
  const at = stream.node(stream.next().at);
  if (stream.is("name")) return { kind: "attribute", target, name: stream.next().text, at };
  if (stream.is("integer")) {
    const key: Expression = { kind: "constant", value: BigInt(stream.next().text), at };
    return { kind: "item", target, key, at };
  }
  return stream.fail('Expected a name or a number after "."');
}

function parseSubscript(stream: TokenStream, target: Expression): Expression {
  const at = stream.node(stream.next().at);
  if (stream.isOperator("]")) stream.fail("Expected a key between the brackets");
  const start = stream.isOperator(":") ? undefined : parseExpression(stream);
  if (start !== undefined && stream.skip("operator", "]"))
    return { kind: "item", target, key: start, at };
  if (stream.isOperator(","))
    stream.refuse("subscript", "Several keys in one bracket are refused; write x[a][b].");
  stream.expect("operator", ":", "in the slice");
  const stop = sliceBound(stream);
  const step = stream.skip("operator", ":") ? sliceBound(stream) : undefined;
  stream.expect("operator", "]", "after the slice");
  return { kind: "slice", target, start, stop, step, at };
}

function sliceBound(stream: TokenStream): Expression | undefined {
  return stream.isOperator(":") || stream.isOperator("]") ? undefined : parseExpression(stream);
}

function parseCall(stream: TokenStream, target: Expression): Expression {
  const at = stream.node(stream.current.at);
  return { kind: "call", target, arguments: parseArguments(stream), at };
}

export function parseArguments(stream: TokenStream): Arguments {
  stream.expect("operator", "(", "before the arguments");
  const found: Arguments = { positional: [], named: [] };
  while (!stream.isOperator(")")) {
    parseArgument(stream, found);
    if (!stream.isOperator(")")) stream.expect("operator", ",", "between the arguments");
  }
  stream.next();
  return found;
}

function parseArgument(stream: TokenStream, found: Arguments): void {
  if (stream.isOperator("*") || stream.isOperator("**"))
    stream.refuse("arguments", "Arguments with * or ** are refused; write each argument out.");
  const { kind, text, at } = stream.current;
  const isNamed =
    kind === "name" && stream.following.kind === "operator" && stream.following.text === "=";
  if (isNamed) {
    stream.next();
    stream.next();
    if (found.named.some(({ name }) => name === text))
      stream.refuse("arguments", `The argument "${text}" is given twice; keep one.`, at);
    found.named.push({ name: text, value: parseExpression(stream) });
  } else if (found.named.length > 0) {
    stream.refuse(
      "arguments",
      "A plain argument follows a named one; put the plain ones first.",
      at,
    );
  } else found.positional.push(parseExpression(stream));
}

/** Filters and tests after a value; a call may follow them too. */
function parseFilters(stream: TokenStream, input: Expression): Expression {
  let value = input;
  for (let links = 1; ; links += 1) {
    stream.link(links);
    if (stream.isOperator("|")) value = parseFilter(stream, value);
    else if (stream.isName("is")) value = parseTest(stream, value);
    else if (stream.isOperator("(")) value = parseCall(stream, value);
    else return value;
  }
}

function parseFilter(stream: TokenStream, input: Expression): Expression {
  stream.expect("operator", "|", "before a filter");
  return parseFilterName(stream, input);
}

/** A filter without its bar, as it stands first in a `filter` tag. */
export function parseFilterName(stream: TokenStream, input: Expression): Expression {
  const { text: name, at } = stream.expect("name", undefined, "of a filter");
  const given = stream.isOperator("(") ? parseArguments(stream) : { positional: [], named: [] };
  checkFilter(name, given, stream.node(at));
  return { kind: "filter", input, name, arguments: given, at };
}

/** Further filters of a tag's chain: `{% filter a | b %}`, `{% set x | a | b %}`. */
export function parseFilterChain(stream: TokenStream, input: Expression): Expression {
  let value = input;
  for (let links = 1; stream.isOperator("|"); links += 1) {
    stream.link(links);
    value = parseFilter(stream, value);
  }
  return value;
}

function parseTest(stream: TokenStream, input: Expression): Expression {
  const at = stream.node(stream.next().at);
  const isNegated = stream.skip("name", "not");
  const { text: name, at: nameAt } = stream.expect("name", undefined, "of a test");
  const given = parseTestArguments(stream);
  checkTest(name, given, nameAt);
  const test: Expression = { kind: "test", input, name, arguments: given, at: nameAt };
  return isNegated ? { kind: "not", operand: test, at } : test;
}

function parseTestArguments(stream: TokenStream): Arguments {
  if (stream.isOperator("(")) return parseArguments(stream);
  if (!startsBareArgument(stream)) return { positional: [], named: [] };
  if (stream.isName("is"))
    stream.refuse("test", 'Two tests cannot follow each other; join them with "and".');
  const argument = stream.nested(() => parsePostfix(stream, parsePrimary(stream, grammar)));
  return { positional: [argument], named: [] };
}

function startsBareArgument(stream: TokenStream): boolean {
  const { kind, text } = stream.current;
  if (kind === "name") return text !== "else" && text !== "or" && text !== "and";
  if (kind === "operator") return text === "[" || text === "{";
  return kind === "string" || kind === "integer" || kind === "float";
}
