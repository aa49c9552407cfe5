/** Walking expressions without caring for what they mean. */
import type { Arguments, Expression } from "./ast.ts";

/** The names that an expression reads, each as often as it does. */
export function* namesIn(node: Expression): Generator<string, undefined> {
  if (node.kind === "name") yield node.name;
  for (const child of childrenOf(node)) yield* namesIn(child);
  return undefined;
}

/** The expressions directly below one. */
export function childrenOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case "constant":
    case "name":
    case "captured":
      return [];
    case "list":
    case "tuple":
      return node.items;
    case "dict":
      return node.entries.flatMap(({ key, value }) => [key, value]);
    case "not":
    case "sign":
      return [node.operand];
    case "and":
    case "or":
    case "binary":
      return [node.left, node.right];
    case "concat":
      return node.parts;
    case "compare":
      return [node.first, ...node.rest.map(({ operand }) => operand)];
    case "conditional":
      return present([node.condition, node.value, node.otherwise]);
    case "attribute":
      return [node.target];
    case "item":
      return [node.target, node.key];
    case "slice":
      return present([node.target, node.start, node.stop, node.step]);
    case "call":
      return [node.target, ...argumentsOf(node.arguments)];
    default:
      return [node.input, ...argumentsOf(node.arguments)];
  }
}

function argumentsOf(given: Arguments): Expression[] {
  return [...given.positional, ...given.named.map(({ value }) => value)];
}

function present(nodes: readonly (Expression | undefined)[]): Expression[] {
  return nodes.filter((node) => node !== undefined);
}
