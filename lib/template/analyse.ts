/**
 * What a template asks of its variables: the names it reads from outside, and how it uses each, so that a check can
 * render it with stand-ins of the right shape.
 */
import type { Arguments, Expression, LoopNode, MacroNode, Statement, Target } from "./ast.ts";
import type { ParsedTemplate } from "./template.ts";

/** How one value is used. What is never looked into is a text. */
export type Shape = {
  attributes: Map<string, Shape>;
  element: Shape | undefined;
  isMapping: boolean;
  isNumber: boolean;
};

/** The variables a template reads and does not make itself, each with its shape. */
export function variableShapes({ body }: Pick<ParsedTemplate, "body">): Map<string, Shape> {
  const analysis = new Analysis();
  analysis.statements(body, new Map());
  return analysis.free;
}

/** The names of those variables, sorted. */
export function templateVariables(template: Pick<ParsedTemplate, "body">): string[] {
  return [...variableShapes(template).keys()].sort();
}

type Names = Map<string, Shape>;

function newShape(): Shape {
  return { attributes: new Map(), element: undefined, isMapping: false, isNumber: false };
}

function attributeOf(shape: Shape, name: string): Shape {
  const found = shape.attributes.get(name) ?? newShape();
  shape.attributes.set(name, found);
  return found;
}

function elementOf(shape: Shape): Shape {
  shape.element ??= newShape();
  return shape.element;
}

const globals: ReadonlySet<string> = new Set([
  "lipsum",
  "range",
  "dict",
  "namespace",
  "cycler",
  "joiner",
]);

class Analysis {
  readonly free = new Map<string, Shape>();

  statements(body: readonly Statement[], names: Names): void {
    for (const statement of body) this.#statement(statement, names);
  }

  #statement(node: Statement, names: Names): void {
    switch (node.kind) {
      case "text":
        break;
      case "output":
        this.#shape(node.value, names);
        break;
      case "if":
        for (const { condition, body } of node.branches) {
          this.#shape(condition, names);
          this.statements(body, names);
        }
        this.statements(node.otherwise, names);
        break;
      case "for":
        this.#loop(node, names);
        break;
      case "set":
        this.#bind(node.target, this.#shape(node.value, names), names);
        break;
      case "set-block":
        this.statements(node.body, new Map(names));
        if (node.filter !== undefined) this.#shape(node.filter, names);
        this.#bind(node.target, newShape(), names);
        break;
      case "with":
        this.#with(node, names);
        break;
      case "filter-block":
        this.statements(node.body, new Map(names));
        this.#shape(node.filter, names);
        break;
      case "autoescape":
        this.#shape(node.enabled, names);
        this.statements(node.body, new Map(names));
        break;
      case "macro":
        names.set(node.name, newShape());
        this.#macro(node, names);
        break;
      default:
        this.#shape(node.call, names);
        this.#macro(node.caller, names);
    }
  }

  #with(node: Extract<Statement, { kind: "with" }>, names: Names): void {
    const inner = new Map(names);
    for (const { target, value } of node.bindings)
      this.#bind(target, this.#shape(value, names), inner);
    this.statements(node.body, inner);
  }

  #loop(node: LoopNode, names: Names): void {
    const inner = new Map(names);
    this.#bind(node.target, elementOf(this.#shape(node.items, names)), inner);
    if (node.filter !== undefined) this.#shape(node.filter, inner);
    inner.set("loop", newShape());
    this.statements(node.body, inner);
    this.statements(node.otherwise, new Map(names));
  }

  #macro(node: MacroNode, names: Names): void {
    const inner = new Map(names);
    for (const special of ["varargs", "kwargs", "caller"]) inner.set(special, newShape());
    for (const { name, fallback } of node.parameters) {
      if (fallback !== undefined) this.#shape(fallback, inner);
      inner.set(name, newShape());
    }
    this.statements(node.body, inner);
  }

  #bind(target: Target, shape: Shape, names: Names): void {
    if (target.kind === "name") names.set(target.name, shape);
    else if (target.kind === "tuple")
      target.items.forEach((item, index) => {
        this.#bind(item, attributeOf(shape, `${index}`), names);
      });
    else this.#name(target.name, names);
  }

  #name(name: string, names: Names): Shape {
    const known = names.get(name) ?? this.free.get(name);
    if (known !== undefined) return known;
    const shape = newShape();
    if (!globals.has(name)) this.free.set(name, shape);
    return shape;
  }

  #all(nodes: readonly (Expression | undefined)[], names: Names): void {
    for (const node of nodes) if (node !== undefined) this.#shape(node, names);
  }

  #arguments(given: Arguments, names: Names): void {
    this.#all([...given.positional, ...given.named.map(({ value }) => value)], names);
  }

  /** Walk an expression and answer the shape of its value; a fresh one where it is no part of a variable. */
  #shape(node: Expression, names: Names): Shape {
    switch (node.kind) {
      case "constant":
      case "captured":
        return newShape();
      case "name":
        return this.#name(node.name, names);
      case "attribute":
        return attributeOf(this.#shape(node.target, names), node.name);
      case "item":
        return this.#item(node, names);
      case "slice":
        this.#all([node.start, node.stop, node.step], names);
        return this.#shape(node.target, names);
      case "filter": {
        this.#arguments(node.arguments, names);
        const input = this.#shape(node.input, names);
        return passesThrough.has(node.name) ? input : newShape();
      }
      case "test":
        this.#arguments(node.arguments, names);
        this.#shape(node.input, names);
        return newShape();
      case "call":
        return this.#call(node, names);
      default:
        return this.#operator(node, names);
    }
  }

  #item(node: Extract<Expression, { kind: "item" }>, names: Names): Shape {
    const target = this.#shape(node.target, names);
    this.#shape(node.key, names);
    if (node.key.kind !== "constant") return newShape();
    return typeof node.key.value === "string"
      ? attributeOf(target, node.key.value)
      : elementOf(target);
  }

  /** A called attribute is a method: it says what kind its target is, and is no key of it. */
  #call(node: Extract<Expression, { kind: "call" }>, names: Names): Shape {
    this.#arguments(node.arguments, names);
    if (node.target.kind !== "attribute") {
      this.#shape(node.target, names);
      return newShape();
    }
    const target = this.#shape(node.target.target, names);
    if (mappingMethods.has(node.target.name)) target.isMapping = true;
    return newShape();
  }

  #operator(node: OperatorNode, names: Names): Shape {
    switch (node.kind) {
      case "list":
      case "tuple":
        this.#all(node.items, names);
        return newShape();
      case "dict":
        this.#all(
          node.entries.flatMap(({ key, value }) => [key, value]),
          names,
        );
        return newShape();
      case "concat":
        this.#all(node.parts, names);
        return newShape();
      case "not":
      case "sign":
        return this.#shape(node.operand, names);
      case "and":
      case "or": {
        this.#shape(node.right, names);
        return this.#shape(node.left, names);
      }
      case "conditional":
        this.#all([node.condition, node.otherwise], names);
        return this.#shape(node.value, names);
      case "binary":
        this.#beside([node.left, node.right], names);
        return newShape();
      default:
        this.#beside([node.first, ...node.rest.map(({ operand }) => operand)], names);
        return newShape();
    }
  }

  /** Operands beside a number are numbers. */
  #beside(nodes: readonly Expression[], names: Names): void {
    const hasNumber = nodes.some(
      (node) => node.kind === "constant" && typeof node.value !== "string" && node.value !== null,
    );
    for (const node of nodes)
      if (hasNumber) this.#shape(node, names).isNumber = true;
      else this.#shape(node, names);
  }
}

type OperatorNode = Extract<
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
>;

const passesThrough: ReadonlySet<string> = new Set(
  "default d list sort reverse unique select reject selectattr rejectattr".split(" "),
);

const mappingMethods: ReadonlySet<string> = new Set(["items", "keys", "values", "get"]);
