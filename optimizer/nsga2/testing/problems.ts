import { draw } from "#lib/random.ts";

/** A problem with variables in 0..1 and objectives to minimise. */
export interface RealProblem {
  variables: number;
  evaluate(x: readonly number[]): number[];
}

const tail = (x: readonly number[]) => x.slice(1).reduce((sum, v) => sum + v, 0);

/** ZDT1–3 and 6 (Zitzler, Deb & Thiele 2000), DTLZ2 (Deb et al. 2002). */
export const realProblems: Readonly<Record<string, RealProblem>> = {
  zdt1: {
    variables: 30,
    evaluate: (x) => {
      const g = 1 + (9 * tail(x)) / (x.length - 1);
      const f = x[0] as number;
      return [f, g * (1 - Math.sqrt(f / g))];
    },
  },
  zdt2: {
    variables: 30,
    evaluate: (x) => {
      const g = 1 + (9 * tail(x)) / (x.length - 1);
      const f = x[0] as number;
      return [f, g * (1 - (f / g) ** 2)];
    },
  },
  zdt3: {
    variables: 30,
    evaluate: (x) => {
      const g = 1 + (9 * tail(x)) / (x.length - 1);
      const f = x[0] as number;
      return [f, g * (1 - Math.sqrt(f / g) - (f / g) * Math.sin(10 * Math.PI * f))];
    },
  },
  zdt6: {
    variables: 10,
    evaluate: (x) => {
      const first = x[0] as number;
      const f = 1 - Math.exp(-4 * first) * Math.sin(6 * Math.PI * first) ** 6;
      const g = 1 + 9 * (tail(x) / 9) ** 0.25;
      return [f, g * (1 - (f / g) ** 2)];
    },
  },
  dtlz2: {
    variables: 12,
    evaluate: (x) => {
      const g = x.slice(2).reduce((sum, v) => sum + (v - 0.5) ** 2, 0);
      const [a, b] = [((x[0] as number) * Math.PI) / 2, ((x[1] as number) * Math.PI) / 2];
      return [
        (1 + g) * Math.cos(a) * Math.cos(b),
        (1 + g) * Math.cos(a) * Math.sin(b),
        (1 + g) * Math.sin(a),
      ];
    },
  },
};

/** Simulated binary crossover, bounded (Deb & Agrawal 1995; Deb & Kumar 1995). */
export function sbx(
  a: readonly number[],
  b: readonly number[],
  next: () => number,
  eta = 15,
  p = 0.9,
): [number[], number[]] {
  const c = [...a];
  const d = [...b];
  if (next() > p) return [c, d];
  for (let i = 0; i < a.length; i++) {
    const low = Math.min(a[i] as number, b[i] as number);
    const high = Math.max(a[i] as number, b[i] as number);
    if (next() > 0.5 || high - low < 1e-14) continue;
    const u = next();
    const child = (beta: number) => {
      const alpha = 2 - beta ** -(eta + 1);
      return u <= 1 / alpha
        ? (u * alpha) ** (1 / (eta + 1))
        : (1 / (2 - u * alpha)) ** (1 / (eta + 1));
    };
    const first = 0.5 * (low + high - child(1 + (2 * low) / (high - low)) * (high - low));
    const second = 0.5 * (low + high + child(1 + (2 * (1 - high)) / (high - low)) * (high - low));
    const swap = next() < 0.5;
    c[i] = clamp(swap ? second : first);
    d[i] = clamp(swap ? first : second);
  }
  return [c, d];
}

/** Polynomial mutation, bounded (Deb & Goyal 1996), with probability 1/n a variable. */
export function polynomialMutation(x: readonly number[], next: () => number, eta = 20): number[] {
  return x.map((value) => {
    if (next() > 1 / x.length) return value;
    const u = next();
    const power = 1 / (eta + 1);
    const delta =
      u < 0.5
        ? (2 * u + (1 - 2 * u) * (1 - value) ** (eta + 1)) ** power - 1
        : 1 - (2 * (1 - u) + 2 * (u - 0.5) * value ** (eta + 1)) ** power;
    return clamp(value + delta);
  });
}

const clamp = (value: number) => Math.min(1, Math.max(0, value));

/** Three-objective knapsack on 60 bits: two profits to maximise, weight to minimise, items from a fixed seed. */
export function knapsack3(): { variables: number; evaluate(bits: readonly number[]): number[] } {
  const next = mulberry32(4242);
  const items = Array.from(
    { length: 60 },
    () => [0, 0, 0].map(() => 1 + Math.floor(100 * next())) as [number, number, number],
  );
  const total = (k: number) => items.reduce((sum, item) => sum + (item[k] as number), 0);
  const totals = [total(0), total(1), total(2)] as const;
  return {
    variables: 60,
    evaluate: (bits) => {
      const taken = (k: number) =>
        items.reduce((sum, item, i) => sum + (bits[i] === 1 ? (item[k] as number) : 0), 0);
      return [1 - taken(0) / totals[0], 1 - taken(1) / totals[1], taken(2) / totals[2]];
    },
  };
}

/** Uniform crossover with probability 0.9 and bit flips with probability 1/n. */
export function varyBits(
  a: readonly number[],
  b: readonly number[],
  next: () => number,
): number[][] {
  const cross = next() <= 0.9;
  const mask = a.map(() => cross && next() < 0.5);
  const children = [
    a.map((v, i) => (mask[i] ? (b[i] as number) : v)),
    b.map((v, i) => (mask[i] ? (a[i] as number) : v)),
  ];
  return children.map((child) => child.map((bit) => (next() < 1 / child.length ? 1 - bit : bit)));
}

/** Uniform first genomes. */
export function randomGenomes(
  seed: number,
  count: number,
  variables: number,
  bits: boolean,
): number[][] {
  const draws = draw(seed, "initial");
  return Array.from({ length: count }, () =>
    Array.from({ length: variables }, () => (bits ? draws.int(2) : draws.next())),
  );
}

function mulberry32(seed: number): () => number {
  let a = seed | 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
