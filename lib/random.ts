/**
 * Seeded draws without a shared stream: `draw(seed, ...path)` gives a generator that is a pure function of its
 * arguments, so retries, replays and any order of work agree. Only + − × ÷ and integer operations, hence the same on
 * every platform. The path is hashed (MurmurHash3's finaliser over four lanes) into the 128-bit state of
 * xoroshiro128+ (Blackman & Vigna 2018) as pure-rand implements it.
 */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

export interface Draws {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, maxExclusive); throws RangeError unless it is a positive integer. */
  int(maxExclusive: number): number;
  /** One item; throws RangeError for an empty list. */
  pick<T>(items: readonly T[]): T;
  /** A new list in random order (Fisher–Yates). */
  shuffle<T>(items: readonly T[]): T[];
  /** True with probability p. */
  chance(p: number): boolean;
  /** One item with probability proportional to its weight; throws RangeError unless some weight is positive. */
  weighted<T>(items: readonly T[], weights: readonly number[]): T;
  /** Approximately standard normal: the sum of twelve uniforms less six (Irwin–Hall), bounded by ±6. */
  normal(): number;
}

/** A generator for one purpose; equal arguments give equal draws, any difference gives independent ones. */
export function draw(seed: number | string, ...path: readonly (string | number)[]): Draws {
  return new SeededDraws(hashPath([seed, ...path]));
}

/** A class, since hundreds of thousands of generators are made in a run and closures would be made with each. */
class SeededDraws implements Draws {
  private readonly generator: RandomGenerator;

  constructor(state: readonly [number, number, number, number]) {
    this.generator = xoroshiro128plusFromState(state);
  }

  next(): number {
    return uniformFloat64(this.generator);
  }

  int(maxExclusive: number): number {
    if (!Number.isSafeInteger(maxExclusive) || maxExclusive < 1) {
      throw new RangeError(`maxExclusive must be a positive integer, not ${maxExclusive}`);
    }
    return uniformInt(this.generator, 0, maxExclusive - 1);
  }

  pick<T>(items: readonly T[]): T {
    return itemAt(items, items.length === 0 ? 0 : this.int(items.length));
  }

  shuffle<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      const held = itemAt(result, i);
      result[i] = itemAt(result, j);
      result[j] = held;
    }
    return result;
  }

  chance(p: number): boolean {
    return this.next() < p;
  }

  weighted<T>(items: readonly T[], weights: readonly number[]): T {
    const total = weights.reduce((sum, weight) => sum + Math.max(0, weight), 0);
    if (!(total > 0)) throw new RangeError("no weight is positive");
    let rest = this.next() * total;
    const index = weights.findIndex((weight) => {
      rest -= Math.max(0, weight);
      return rest < 0;
    });
    return itemAt(items, index < 0 ? weights.findLastIndex((weight) => weight > 0) : index);
  }

  normal(): number {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += this.next();
    return sum;
  }
}

function itemAt<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined && !(index in items))
    throw new RangeError("cannot draw from an empty list");
  return item as T;
}

/** A 31-bit seed for models and libraries that take a plain number. */
export function seedOf(seed: number | string, ...path: readonly (string | number)[]): number {
  return (hashPath([seed, ...path])[0] ?? 0) >>> 1;
}

/** 128 bits of a path of numbers and texts; the type of each part counts, so 1 and "1" differ. */
function hashPath(path: readonly (string | number)[]): [number, number, number, number] {
  const lanes: [number, number, number, number] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x6a09e667];
  const absorb = (word: number) => {
    for (let lane = 0; lane < 4; lane++) {
      lanes[lane] =
        mix((lanes[lane] ?? 0) ^ Math.imul(word + lane, 0x85ebca6b)) + (lanes[(lane + 1) & 3] ?? 0);
    }
  };
  for (const part of path) {
    const text = typeof part === "number" ? `n${part}` : `s${part}`;
    absorb(text.length);
    for (let i = 0; i < text.length; i++) absorb(text.charCodeAt(i));
  }
  for (let round = 0; round < 4; round++) absorb(round);
  const [a, b, c, d] = lanes.map((lane) => lane | 0);
  return [a ?? 0, b ?? 0, c ?? 0, (d ?? 0) | 1];
}

function mix(word: number): number {
  let h = word ^ (word >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
