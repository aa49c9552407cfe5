/** What every method of the comparison gets: a start, trials that are counted, and the same source of edits. */
import { promptParameters } from "#lib/domain/prompt.ts";
import { draw } from "#lib/random.ts";
import type { World } from "./world.ts";

export const startContent = `# Role
Answer {{ input }}.

## Rules
- Be brief and say what you assume.
- Name the units of every figure that you give.
- State the result first and the way to it afterwards.
`;

export const startGenome = {
  content: startContent,
  parameters: promptParameters.parse({ temperature: 0.4 }),
  tools: [] as string[],
};

export interface Outcome {
  success: boolean;
  costUsd: number;
  latencyMs: number;
}

/** One trial: a pure function of (world, seed, prompt, benchmark, repeat), so that every method meets the same luck. */
export function runTrial(
  world: World,
  seed: number,
  trial: { content: string; benchmarkId: string; repeat: number },
): Outcome {
  const { content, benchmarkId, repeat } = trial;
  const draws = draw("search-bench", "trial", seed, content, benchmarkId, repeat);
  const success = draws.chance(world.passRate(content, benchmarkId));
  const costUsd = world.costUsd(content) * (0.9 + 0.2 * draws.next());
  return {
    success,
    costUsd,
    latencyMs: 2_000 * (1 + content.length / 2_000) * (0.8 + 0.4 * draws.next()),
  };
}

/** What a method found after so many trials. */
export interface Pick {
  content: string;
  rollouts: number;
}

/** Trials of one baseline within its budget. */
export class Trials {
  used = 0;
  private readonly repeats = new Map<string, number>();

  constructor(
    readonly world: World,
    readonly seed: number,
    readonly budget: number,
  ) {}

  /** Whether so many more trials fit. */
  allows(count: number): boolean {
    return this.used + count <= this.budget;
  }

  /** Passes of a prompt on benchmarks, each in a repeat that it has not had. */
  passes(content: string, benchmarkIds: readonly string[]): boolean[] {
    return benchmarkIds.map((benchmarkId) => {
      const key = `${content}/${benchmarkId}`;
      const repeat = this.repeats.get(key) ?? 0;
      this.repeats.set(key, repeat + 1);
      this.used++;
      return runTrial(this.world, this.seed, { content, benchmarkId, repeat }).success;
    });
  }
}

/** A method that the product is compared with. */
export interface Baseline {
  name: string;
  run(trials: Trials): string;
}

export function share(passes: readonly boolean[]): number {
  return passes.filter(Boolean).length / Math.max(1, passes.length);
}
