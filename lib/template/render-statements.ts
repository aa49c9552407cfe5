/** Statements to text: output, branches, loops, assignments and macros. */
import type { Expression, LoopNode, MacroNode, Parameter, Statement, Target } from "./ast.ts";
import { isTrue, iterate } from "./compare.ts";
import { escapeHtml } from "./escape.ts";
import { Evaluator } from "./evaluate.ts";
import { LoopItems } from "./loop-items.ts";
import { bindMacro } from "./macro-call.ts";
import { toText } from "./print.ts";
import { TemplateError } from "./refusal.ts";
import { Scope } from "./scope.ts";
import {
  aTypeName,
  type Given,
  isText,
  Loop,
  Macro,
  Markup,
  Namespace,
  OnePass,
  textOf,
  typeError,
  type Value,
} from "./value.ts";

export class Renderer extends Evaluator {
  #output: string[] = [];

  /** The text of a whole template. */
  render(body: readonly Statement[], scope: Scope): string {
    this.#run(body, scope);
    return this.#output.join("");
  }

  #emit(text: string): void {
    this.budget.emit(text.length);
    this.#output.push(text);
  }

  /** What `work` prints, kept apart from the output. */
  #capture(work: () => void): string {
    const outer = this.#output;
    this.#output = [];
    try {
      work();
      return this.#output.join("");
    } finally {
      this.#output = outer;
    }
  }

  #captureBody(body: readonly Statement[], scope: Scope): Value {
    const text = this.#capture(() => this.#run(body, new Scope(scope)));
    this.budget.string(text.length);
    return this.autoescape ? new Markup(text) : text;
  }

  #run(body: readonly Statement[], scope: Scope): void {
    for (const statement of body) {
      this.budget.step();
      this.at = statement.at;
      this.#statement(statement, scope);
    }
  }

  #statement(node: Statement, scope: Scope): void {
    switch (node.kind) {
      case "text":
        this.#emit(node.text);
        break;
      case "output":
        this.#print(this.evaluate(node.value, scope));
        break;
      case "if":
        this.#branch(node, scope);
        break;
      case "for":
        this.#loop(node, this.evaluate(node.items, scope), scope, 0);
        break;
      case "set":
        this.#assign(node.target, this.evaluate(node.value, scope), scope);
        break;
      case "set-block": {
        const text = this.#captureBody(node.body, scope);
        this.#assign(node.target, this.#pipe(text, node.filter, scope), scope);
        break;
      }
      case "with":
        this.#with(node, scope);
        break;
      case "filter-block": {
        const text = this.#captureBody(node.body, scope);
        this.#emitText(this.#pipe(text, node.filter, scope), "filter block");
        break;
      }
      case "autoescape":
        this.#escaped(isTrue(this.evaluate(node.enabled, scope)), () =>
          this.#run(node.body, new Scope(scope)),
        );
        break;
      case "macro":
        scope.set(node.name, this.#macro(node, scope));
        break;
      default:
        this.#callBlock(node, scope);
    }
  }

  #print(value: Value): void {
    this.#emit(this.autoescape ? escapeHtml(value, this.budget).text : toText(value, this.budget));
  }

  /** Blocks join their text to what stands around them, so unlike outputs they print nothing but text. */
  #emitText(value: Value, block: string): void {
    if (!isText(value))
      throw typeError(
        `A ${block} must end in a text, not ${aTypeName(value)}; end its filters with |string.`,
      );
    this.#emit(textOf(value));
  }

  #branch(node: Extract<Statement, { kind: "if" }>, scope: Scope): void {
    const taken = node.branches.find(({ condition }) => isTrue(this.evaluate(condition, scope)));
    this.#run(taken === undefined ? node.otherwise : taken.body, scope);
  }

  #with(node: Extract<Statement, { kind: "with" }>, scope: Scope): void {
    const inner = new Scope(scope);
    for (const { target, value } of node.bindings)
      this.#assign(target, this.evaluate(value, scope), inner);
    this.#run(node.body, inner);
  }

  #pipe(text: Value, filter: Expression | undefined, scope: Scope): Value {
    if (filter === undefined) return text;
    const outer = this.captured;
    this.captured = text;
    const result = this.evaluate(filter, scope);
    this.captured = outer;
    return result;
  }

  #escaped<T>(isOn: boolean, work: () => T): T {
    const outer = this.autoescape;
    this.autoescape = isOn;
    try {
      return work();
    } finally {
      this.autoescape = outer;
    }
  }

  #assign(target: Target, value: Value, scope: Scope): void {
    switch (target.kind) {
      case "name":
        scope.set(target.name, value);
        break;
      case "namespace": {
        const namespace = scope.get(target.name);
        if (!(namespace instanceof Namespace))
          throw new TemplateError(
            "assignment",
            `"${target.name}" is no namespace; make it one with {% set ${target.name} = namespace() %}.`,
            target.at,
          );
        namespace.attributes.set(target.attribute, value);
        break;
      }
      default:
        this.#unpack(target.items, value, scope);
    }
  }

  #unpack(targets: readonly Target[], value: Value, scope: Scope): void {
    const items: Value[] = [];
    for (const item of iterate(value, this.budget)) {
      items.push(item);
      if (items.length > targets.length) break;
    }
    if (items.length !== targets.length)
      throw typeError(
        `A value with ${items.length > targets.length ? "more" : "fewer"} than ${targets.length} parts is taken apart into ${targets.length}.`,
      );
    targets.forEach((target, index) => {
      const item = items[index];
      if (item !== undefined) this.#assign(target, item, scope);
    });
  }

  #loop(node: LoopNode, items: Value, scope: Scope, depth0: number): void {
    const { filter } = node;
    const kept =
      filter === undefined ? items : new OnePass(this.#filtered(node.target, filter, items, scope));
    const source = new LoopItems(kept, this.budget);
    const recurse = node.recursive
      ? (next: Value) => this.#recursion(node, next, scope, depth0 + 1)
      : undefined;
    const loop = new Loop(depth0, source, recurse);
    for (let item = source.next(); item !== undefined; item = source.next()) {
      loop.previous = loop.current;
      loop.current = item;
      loop.index0 += 1;
      const inner = new Scope(scope);
      inner.set("loop", loop);
      this.#assign(node.target, item, inner);
      this.#run(node.body, inner);
    }
    if (loop.index0 < 0) this.#run(node.otherwise, new Scope(scope));
  }

  *#filtered(
    target: Target,
    filter: Expression,
    items: Value,
    scope: Scope,
  ): Generator<Value, undefined> {
    for (const item of iterate(items, this.budget)) {
      const inner = new Scope(scope);
      this.#assign(target, item, inner);
      if (isTrue(this.evaluate(filter, inner))) yield item;
    }
    return undefined;
  }

  /** `loop(items)`: the same loop one level deeper, its text as the value. */
  #recursion(node: LoopNode, items: Value, scope: Scope, depth0: number): Value {
    return this.budget.deeper(() => {
      const text = this.#capture(() => this.#loop(node, items, scope, depth0));
      this.budget.string(text.length);
      return this.autoescape ? new Markup(text) : text;
    });
  }

  /** A macro sees the scope it was written in; whether it escapes is decided there, what its text is at the call. */
  #macro(node: MacroNode, scope: Scope): Macro {
    const escapes = this.autoescape;
    return new Macro(node, (given: Given) =>
      this.budget.deeper(() => {
        const inner = new Scope(scope);
        const text = this.#escaped(escapes, () =>
          this.#capture(() => {
            const fallback = (parameter: Parameter) => this.#fallback(parameter, inner);
            bindMacro(node, given, { scope: inner, budget: this.budget, fallback });
            this.#run(node.body, inner);
          }),
        );
        this.budget.string(text.length);
        return this.autoescape ? new Markup(text) : text;
      }),
    );
  }

  #fallback({ name, fallback }: Parameter, scope: Scope): Value {
    if (fallback !== undefined) return this.evaluate(fallback, scope);
    return this.undefinedValue(`The parameter "${name}" was not given`);
  }

  #callBlock(node: Extract<Statement, { kind: "call-block" }>, scope: Scope): void {
    const { call } = node;
    const target = this.evaluate(call.target, scope);
    const given = this.arguments(call.arguments, scope);
    given.named.set("caller", this.#macro(node.caller, scope));
    this.at = node.at;
    this.#emitText(this.callValue(target, given), "call block");
  }
}
