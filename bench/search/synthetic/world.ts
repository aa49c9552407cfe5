/**
 * A synthetic agent whose pass rates are known: each sentence of a prompt that is one of the world's rules changes the
 * rates of some benchmarks. So what a search promotes can be compared with the truth, and nothing costs time.
 */
import type { Benchmark } from "#lib/domain/benchmark.ts";
import { type Draws, draw } from "#lib/random.ts";
import { sealSuite } from "#lib/suites/seal-suite.ts";

export interface WorldShape {
  /** Planted rules: each raises the mean pass rate over all benchmarks by `gain`, and lowers a share of those that pass to 0.3. */
  planted: { count: number; gain: number; brokenShare: number };
  neutral: number;
  /** Rules that lower the pass rate of a third of all benchmarks to six tenths of what it is. */
  harmful: number;
}

export interface Rule {
  /** The sentence that puts it into a prompt. */
  sentence: string;
  kind: "planted" | "neutral" | "harmful";
  /** Benchmarks whose rate it sets, with the rate. */
  sets: ReadonlyMap<string, number>;
  /** Benchmarks whose rate it multiplies by 0.6. */
  harms: ReadonlySet<string>;
}

export interface World {
  benchmarks: Benchmark[];
  rules: Rule[];
  /** Chance that a prompt with this text passes a benchmark, 0..1. */
  passRate(content: string, benchmarkId: string): number;
  /** Mean of the pass rates over all benchmarks: the truth about a prompt. */
  trueRate(content: string): number;
  /** USD a trial takes; longer prompts cost more. */
  costUsd(content: string): number;
}

/** Benchmarks of a world, and those of a small one, as many as the workbench has. */
export const worldSizes = { usual: 240, small: 88 } as const;
/** Of them mostly fail. */
const failingShare = 0.75;
const words =
  "angle area beam bound bracket carry chart check clamp clear count cover depth draft drain edge error field figure final flow force frame gauge grade guess guide hinge index input joint label layer level limit list load margin mark mass measure mode model motor note order panel part pass path piece pitch plan plate point press proof range ratio reach relay report reserve result rope round rule scale scope seal shape shear shift sketch slope span speed spring stage steel step stress table taper tension test thread tool torque trace travel unit value valve verify wall weld wheel width wire yield zone".split(
    " ",
  );

/** Makes the world of one seed, with so many benchmarks. Failing benchmarks pass about one time in five, passing ones almost always. */
export function makeWorld(shape: WorldShape, seed: number, size: number = worldSizes.usual): World {
  const failing = Math.round(size * failingShare);
  const draws = draw("search-bench", "world", seed);
  const base = new Map<string, number>();
  for (let i = 0; i < failing; i++) base.set(`f${i}`, failingRate(draws));
  for (let i = 0; i < size - failing; i++) base.set(`p${i}`, 0.97 + 0.03 * draws.next());
  const rules = makeRules(shape, base, draws);
  // Where an edit breaks what passes, people have marked what must not break.
  const isRequired = (id: string) => shape.planted.brokenShare > 0 && id.startsWith("p");
  const benchmarks = sealSuite(
    [...base.keys()].map((id) => ({ ...benchmarkOf(id), required: isRequired(id) })),
  );
  const present = memo((content: string) =>
    rules.filter(({ sentence }) => content.includes(sentence)),
  );
  const passRate = (content: string, id: string) => {
    let rate = base.get(id) ?? 0;
    for (const rule of present(content)) {
      const set = rule.sets.get(id);
      if (set !== undefined) rate = id.startsWith("f") ? Math.max(rate, set) : Math.min(rate, set);
    }
    for (const rule of present(content)) if (rule.harms.has(id)) rate *= 0.6;
    return rate;
  };
  const trueRate = memo(
    (content: string) =>
      benchmarks.reduce((sum, { id }) => sum + passRate(content, id), 0) / benchmarks.length,
  );
  return {
    benchmarks,
    rules,
    passRate,
    trueRate,
    costUsd: (content) => 0.001 * (1 + content.length / 2_000),
  };
}

/** About Beta(0.6, 2.4), whose mean is 0.2: most of the failing benchmarks hardly ever pass, some often. */
function failingRate(draws: Draws): number {
  return 0.7 * draws.next() ** 2.5;
}

function makeRules(
  { planted, neutral, harmful }: WorldShape,
  base: ReadonlyMap<string, number>,
  draws: Draws,
): Rule[] {
  const kinds = [
    ...Array<Rule["kind"]>(planted.count).fill("planted"),
    ...Array<Rule["kind"]>(neutral).fill("neutral"),
    ...Array<Rule["kind"]>(harmful).fill("harmful"),
  ];
  const ids = [...base.keys()];
  return kinds.map((kind, index) => {
    const text = Array.from({ length: 7 }, () => draws.pick(words)).join(" ");
    const rule = { sentence: `Rule ${index}: ${text}.`, kind };
    if (kind === "planted")
      return { ...rule, sets: plantedRates(planted, base, draws), harms: new Set() };
    const harms = kind === "harmful" ? ids.filter(() => draws.chance(1 / 3)) : [];
    return { ...rule, sets: new Map(), harms: new Set(harms) };
  });
}

/** Raises failing benchmarks to 0.9, in random order, until the mean over all benchmarks has grown by the gain. */
function plantedRates(
  { gain, brokenShare }: WorldShape["planted"],
  base: ReadonlyMap<string, number>,
  draws: Draws,
): Map<string, number> {
  const failed = draws.shuffle([...base].filter(([id]) => id.startsWith("f")));
  const sets = new Map<string, number>();
  let grown = 0;
  for (const [id, rate] of failed) {
    const missing = gain * base.size - grown;
    if (missing <= 0) break;
    const raised = Math.min(0.9, rate + missing);
    grown += Math.max(0, raised - rate);
    sets.set(id, raised);
  }
  const held = draws.shuffle([...base.keys()].filter((id) => id.startsWith("p")));
  for (const id of held.slice(0, Math.round(brokenShare * held.length))) sets.set(id, 0.3);
  return sets;
}

function benchmarkOf(id: string): Omit<Benchmark, "group" | "sealed" | "required"> {
  return {
    id,
    suite: "synthetic",
    externalId: id,
    input: `question ${id}`,
    expected: "yes",
    labels: null,
    grader: { kind: "exact", ignoreCase: true },
    weight: 1,
    contentHash: id,
    family: `family-${Number(id.slice(1)) % 5}`,
  };
}

function memo<Value>(compute: (key: string) => Value): (key: string) => Value {
  const known = new Map<string, Value>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const value = compute(key);
    known.set(key, value);
    return value;
  };
}
