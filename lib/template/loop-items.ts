/** The items of one loop, read lazily so that a list that grows in the loop is seen growing. */
import { iterate, lengthOfValue } from "./compare.ts";
import type { Budget } from "./limits.ts";
import { type ItemSource, OnePass, type Value } from "./value.ts";

export class LoopItems implements ItemSource {
  readonly #source: Value;
  readonly #budget: Budget;
  readonly #iterator: Iterator<Value, undefined>;
  /** What is left of a one-pass source after its length was asked for. */
  #buffer: Iterator<Value, undefined> | undefined;
  #taken = 0;
  #peeked: Value | undefined;
  #length: number | undefined;

  constructor(source: Value, budget: Budget) {
    this.#source = source;
    this.#budget = budget;
    this.#iterator = iterate(source, budget);
  }

  next(): Value | undefined {
    const item = this.peek();
    this.#peeked = undefined;
    return item;
  }

  peek(): Value | undefined {
    if (this.#peeked === undefined) this.#peeked = this.#pull();
    return this.#peeked;
  }

  #pull(): Value | undefined {
    const step = (this.#buffer ?? this.#iterator).next();
    if (step.done === true) return undefined;
    this.#taken += 1;
    return step.value;
  }

  length(): number {
    this.#length ??=
      this.#source instanceof OnePass ? this.#drain() : lengthOfValue(this.#source, this.#budget);
    return this.#length;
  }

  #drain(): number {
    const rest: Value[] = [];
    for (let item = this.#pull(); item !== undefined; item = this.#pull()) rest.push(item);
    const total = this.#taken;
    this.#taken -= rest.length;
    this.#buffer = iterate(rest, this.#budget);
    return total;
  }
}
