/** Variables by name; an inner scope sees the outer ones and its own assignments stay inside. */
import type { Value } from "./value.ts";

export class Scope {
  readonly #outer: Scope | undefined;
  readonly #values = new Map<string, Value>();

  constructor(outer?: Scope) {
    this.#outer = outer;
  }

  get(name: string): Value | undefined {
    let scope: Scope | undefined = this;
    while (scope !== undefined) {
      const value = scope.#values.get(name);
      if (value !== undefined) return value;
      scope = scope.#outer;
    }
    return undefined;
  }

  set(name: string, value: Value): void {
    this.#values.set(name, value);
  }
}
