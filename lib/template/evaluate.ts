/** Expressions to values: a walk over the tree that charges each node and keeps the place for refusals. */
import { binary, sign } from "./arithmetic.ts";
import type { Arguments, CompareOperator, Expression } from "./ast.ts";
import { getAttribute, getItem, getSlice } from "./attributes.ts";
import { areEqual, compareValues, contains, isTrue } from "./compare.ts";
import { escapeHtml } from "./escape.ts";
import { callFilter, callTest } from "./filters.ts";
import { globalOf } from "./globals.ts";
import type { Budget } from "./limits.ts";
import { Pieces, toText } from "./print.ts";
import type { Runtime } from "./runtime.ts";
import type { Scope } from "./scope.ts";
import {
  aTypeName,
  Callable,
  Dict,
  type Given,
  Loop,
  Macro,
  Markup,
  Tuple,
  typeError,
  Undefined,
  type Value,
} from "./value.ts";

export class Evaluator implements Runtime {
  readonly budget: Budget;
  readonly isStrict: boolean;
  autoescape = false;
  /** The offset of the node at work. */
  at = 0;
  /** The text that a filter tag pipes through its filters. */
  captured: Value = "";

  constructor(budget: Budget, isStrict: boolean) {
    this.budget = budget;
    this.isStrict = isStrict;
  }

  undefinedValue(message: string): Undefined {
    return new Undefined(message, this.isStrict);
  }

  callFilter(name: string, input: Value, given: Given): Value {
    return callFilter(name, input, given, this);
  }

  callTest(name: string, input: Value, given: Given): boolean {
    return callTest(name, input, given, this);
  }

  /** The value of an expression; `scope` holds the variables. */
  evaluate(node: Expression, scope: Scope): Value {
    this.budget.step();
    this.at = node.at;
    switch (node.kind) {
      case "constant":
        return node.value;
      case "name":
        return this.#lookUp(node.name, scope);
      case "attribute": {
        const target = this.evaluate(node.target, scope);
        this.at = node.at;
        return getAttribute(target, node.name, this);
      }
      case "item": {
        const target = this.evaluate(node.target, scope);
        return getItem(target, this.evaluate(node.key, scope), this);
      }
      case "slice":
        return this.#slice(node, scope);
      case "filter": {
        const input = this.evaluate(node.input, scope);
        const given = this.arguments(node.arguments, scope);
        this.at = node.at;
        return callFilter(node.name, input, given, this);
      }
      case "test": {
        const input = this.evaluate(node.input, scope);
        return callTest(node.name, input, this.arguments(node.arguments, scope), this);
      }
      case "call":
        return this.#call(node, scope);
      case "captured":
        return this.captured;
      default:
        return this.#operator(node, scope);
    }
  }

  #operator(
    node: Extract<
      Expression,
      {
        kind:
          | "list"
          | "tuple"
          | "dict"
          | "not"
          | "sign"
          | "and"
          | "or"
          | "binary"
          | "concat"
          | "compare"
          | "conditional";
      }
    >,
    scope: Scope,
  ): Value {
    switch (node.kind) {
      case "list":
        return this.#items(node.items, scope);
      case "tuple":
        return new Tuple(this.#items(node.items, scope));
      case "dict":
        return this.#dict(node.entries, scope);
      case "not":
        return !isTrue(this.evaluate(node.operand, scope));
      case "sign":
        return sign(this.evaluate(node.operand, scope), node.negative);
      case "and": {
        const left = this.evaluate(node.left, scope);
        return isTrue(left) ? this.evaluate(node.right, scope) : left;
      }
      case "or": {
        const left = this.evaluate(node.left, scope);
        return isTrue(left) ? left : this.evaluate(node.right, scope);
      }
      case "binary": {
        const left = this.evaluate(node.left, scope);
        const right = this.evaluate(node.right, scope);
        this.at = node.at;
        return binary(node.operator, left, right, this.budget);
      }
      case "concat":
        return this.#concat(node.parts, scope);
      case "compare":
        return this.#compare(node, scope);
      default:
        return this.#conditional(node, scope);
    }
  }

  #lookUp(name: string, scope: Scope): Value {
    const value = scope.get(name);
    if (value !== undefined) return value;
    const global = globalOf(name, this.budget);
    return global === undefined
      ? this.undefinedValue(`The variable "${name}" is undefined`)
      : global;
  }

  #items(nodes: readonly Expression[], scope: Scope): Value[] {
    return nodes.map((node) => this.evaluate(node, scope));
  }

  #dict(entries: readonly { key: Expression; value: Expression }[], scope: Scope): Dict {
    const dict = new Dict();
    for (const { key, value } of entries)
      dict.set(this.evaluate(key, scope), this.evaluate(value, scope), this.budget);
    return dict;
  }

  #slice(node: Extract<Expression, { kind: "slice" }>, scope: Scope): Value {
    const bound = (part: Expression | undefined) =>
      part === undefined ? null : this.evaluate(part, scope);
    const target = this.evaluate(node.target, scope);
    const bounds = { start: bound(node.start), stop: bound(node.stop), step: bound(node.step) };
    this.at = node.at;
    return getSlice(target, bounds, this.budget);
  }

  #concat(parts: readonly Expression[], scope: Scope): Value {
    const values = this.#items(parts, scope);
    const isHtml = this.autoescape && values.some((value) => value instanceof Markup);
    const out = new Pieces(this.budget);
    for (const value of values)
      out.add(isHtml ? escapeHtml(value, this.budget).text : toText(value, this.budget));
    return isHtml ? new Markup(out.join()) : out.join();
  }

  /** Chains compare each pair once and stop at the first that fails: 1 < x < 3. */
  #compare(node: Extract<Expression, { kind: "compare" }>, scope: Scope): boolean {
    let left = this.evaluate(node.first, scope);
    for (const { operator, operand } of node.rest) {
      const right = this.evaluate(operand, scope);
      this.at = node.at;
      if (!holds(operator, left, right, this.budget)) return false;
      left = right;
    }
    return true;
  }

  /** Without an else the result is empty rather than strict, even in strict mode. */
  #conditional(node: Extract<Expression, { kind: "conditional" }>, scope: Scope): Value {
    if (isTrue(this.evaluate(node.condition, scope))) return this.evaluate(node.value, scope);
    if (node.otherwise !== undefined) return this.evaluate(node.otherwise, scope);
    return new Undefined("The inline if was false and has no else", false);
  }

  arguments(given: Arguments, scope: Scope): Given {
    const positional = this.#items(given.positional, scope);
    const named = new Map<string, Value>();
    for (const { name, value } of given.named) named.set(name, this.evaluate(value, scope));
    return { positional, named };
  }

  #call(node: Extract<Expression, { kind: "call" }>, scope: Scope): Value {
    const target = this.evaluate(node.target, scope);
    const given = this.arguments(node.arguments, scope);
    this.at = node.at;
    return this.callValue(target, given);
  }

  /** Only the classes named here are called, so a value that merely looks callable never is. */
  callValue(target: Value, given: Given): Value {
    this.budget.step();
    if (target instanceof Callable || target instanceof Macro) return target.call(given);
    if (target instanceof Undefined) target.fail();
    if (!(target instanceof Loop))
      throw typeError(
        `${aTypeName(target, "A")} cannot be called; only functions, methods and macros can.`,
      );
    const [items] = given.positional;
    if (target.recurse === undefined || items === undefined || given.positional.length > 1)
      throw typeError('loop(…) needs "recursive" at the end of the for tag and one list.');
    return target.recurse(items);
  }
}

function holds(operator: CompareOperator, left: Value, right: Value, budget: Budget): boolean {
  switch (operator) {
    case "==":
      return areEqual(left, right, budget);
    case "!=":
      return !areEqual(left, right, budget);
    case "in":
      return contains(right, left, budget);
    case "not in":
      return !contains(right, left, budget);
    case "<":
      return compareValues(left, right, budget) < 0;
    case "<=":
      return compareValues(left, right, budget) <= 0;
    case ">":
      return compareValues(left, right, budget) > 0;
    default:
      return compareValues(left, right, budget) >= 0;
  }
}
