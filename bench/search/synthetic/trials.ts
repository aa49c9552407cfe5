/** What every method gets on a synthetic world: a start, trials that are counted, and the same source of edits. */
import { promptParameters } from "#lib/domain/prompt.ts";
import { draw, seedOf } from "#lib/random.ts";
import type { Task } from "../methods/method.ts";
import { proposeRule, withRule } from "./proposer.ts";
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

/** A synthetic world as a method sees it. */
export class SyntheticTask implements Task<string> {
  readonly start = startContent;
  readonly ids: readonly string[];
  used = 0;
  private readonly repeats = new Map<string, number>();

  constructor(
    private readonly world: World,
    readonly seed: number,
    readonly budget: number,
  ) {
    this.ids = world.benchmarks.map(({ id }) => id);
  }

  keyOf(content: string): string {
    return content;
  }

  fits(_: string, ids: readonly string[]): boolean {
    return this.used + ids.length <= this.budget;
  }

  async passes(content: string, ids: readonly string[]): Promise<boolean[]> {
    return ids.map((benchmarkId) => {
      const key = `${content}/${benchmarkId}`;
      const repeat = this.repeats.get(key) ?? 0;
      this.repeats.set(key, repeat + 1);
      this.used++;
      return runTrial(this.world, this.seed, { content, benchmarkId, repeat }).success;
    });
  }

  async edit(content: string, step: number): Promise<string> {
    const seed = seedOf("search-bench", "edit", this.seed, step);
    return withRule(content, proposeRule(this.world, content, seed));
  }

  async cross(mother: string, father: string, step: number): Promise<string> {
    const draws = draw("search-bench", "cross", this.seed, step);
    const own = rulesOf(mother);
    const others = rulesOf(father).filter((rule) => !own.includes(rule));
    const taken = [...own, ...others].filter(() => draws.chance(0.5));
    return taken.reduce((content, rule) => withRule(content, rule), startContent);
  }
}

function rulesOf(content: string): string[] {
  return content.split("\n").flatMap((line) => (line.startsWith("- Rule ") ? [line.slice(2)] : []));
}
