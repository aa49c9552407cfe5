/**
 * Jinja2 decides before rendering where each name lives: a block inside of a scope that assigns `x` further down reads
 * that `x`, which is still undefined, and not the variable `x` of the context. Such names are found here, so that
 * rendering can refuse them when a variable of that name is passed, instead of printing another text than Jinja2.
 */

import type { Expression, MacroNode, Statement, Target } from "./ast.ts";
import { namesIn } from "./ast-walk.ts";

/** Names that a block reads before its surrounding scope assigns them, with the offset of that assignment. */
export function namesSetAfterRead(body: readonly Statement[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  new Frame(undefined, found).run(body);
  return found;
}

class Frame {
  readonly #outer: Frame | undefined;
  readonly #found: Map<string, number>;
  /** Names this scope itself has read or assigned so far. */
  readonly #mentioned = new Set<string>();
  /** Names that blocks inside of this scope read before it mentioned them. */
  readonly #readInside = new Set<string>();

  constructor(outer: Frame | undefined, found: Map<string, number>) {
    this.#outer = outer;
    this.#found = found;
  }

  run(body: readonly Statement[]): void {
    for (const statement of body) this.#statement(statement);
  }

  #read(expression: Expression | undefined): void {
    if (expression === undefined) return;
    for (const name of namesIn(expression)) this.#mention(name);
  }

  #mention(name: string): void {
    if (this.#mentioned.has(name)) return;
    this.#mentioned.add(name);
    for (let frame = this.#outer; frame !== undefined; frame = frame.#outer) {
      if (frame.#mentioned.has(name)) break;
      frame.#readInside.add(name);
    }
  }

  #assign(target: Target): void {
    if (target.kind === "tuple") for (const item of target.items) this.#assign(item);
    else if (target.kind === "namespace") this.#mention(target.name);
    else this.#set(target.name, target.at);
  }

  #set(name: string, at: number): void {
    if (this.#readInside.has(name) && !this.#mentioned.has(name) && !this.#found.has(name))
      this.#found.set(name, at);
    this.#mentioned.add(name);
  }

  /** A scope inside of this one, with names of its own. */
  #inner(own: readonly Target[], work: (frame: Frame) => void): void {
    const frame = new Frame(this, this.#found);
    for (const target of own) frame.#assign(target);
    work(frame);
  }

  #block(body: readonly Statement[], own: readonly Target[] = []): void {
    this.#inner(own, (frame) => frame.run(body));
  }

  #statement(node: Statement): void {
    switch (node.kind) {
      case "text":
        break;
      case "output":
        this.#read(node.value);
        break;
      case "if":
        for (const { condition, body } of node.branches) {
          this.#read(condition);
          this.run(body);
        }
        this.run(node.otherwise);
        break;
      case "for":
        this.#loop(node);
        break;
      case "set":
        this.#read(node.value);
        this.#assign(node.target);
        break;
      case "set-block":
        this.#read(node.filter);
        this.#block(node.body);
        this.#assign(node.target);
        break;
      case "with":
        for (const { value } of node.bindings) this.#read(value);
        this.#block(
          node.body,
          node.bindings.map(({ target }) => target),
        );
        break;
      case "filter-block":
        this.#read(node.filter);
        this.#block(node.body);
        break;
      case "autoescape":
        this.#read(node.enabled);
        this.#block(node.body);
        break;
      case "macro":
        this.#set(node.name, node.at);
        this.#macro(node);
        break;
      default:
        this.#read(node.call);
        this.#macro(node.caller);
    }
  }

  #loop(node: Extract<Statement, { kind: "for" }>): void {
    this.#read(node.items);
    const loop: Target = { kind: "name", name: "loop", at: node.at };
    this.#inner([node.target], (frame) => frame.#read(node.filter));
    this.#block(node.body, [node.target, loop]);
    this.#block(node.otherwise);
  }

  #macro(node: MacroNode): void {
    this.#inner([], (frame) => {
      for (const { name, fallback } of node.parameters) {
        frame.#read(fallback);
        frame.#mentioned.add(name);
      }
      for (const name of ["varargs", "kwargs", "caller"]) frame.#mentioned.add(name);
      frame.run(node.body);
    });
  }
}
