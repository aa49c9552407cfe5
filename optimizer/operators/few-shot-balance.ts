import {
  type FewShotExample,
  isUsableExample,
  shownAnswers,
  withExample,
  withLastExample,
  withoutExample,
} from "#lib/genome/examples.ts";
import { missedAnswer } from "#lib/graders/judgement.ts";
import type { FailureCluster } from "../evidence.ts";
import { type Operator, oneChild, skipped } from "./operator.ts";

const examplesMax = 5;
/** So many times as often as any other answer one must be missed, before the examples are blamed for it. */
const lean = 1.5;
const missesMin = 2;

interface Change {
  content: string | null;
  message: string;
  benchmarkIds: readonly string[];
}

/**
 * Turns the examples towards the answer that the parent misses most: shows one more of it, last, or instead of another, or
 * moves one to the end. A model leans to the answers that its examples hold most often and last (Zhao et al. 2021, arXiv 2102.09690);
 * the failures tell which way it leans. When it misses all answers alike, one example is exchanged for another of the same answer.
 */
export const fewShotBalance: Operator = {
  name: "few-shot-balance",
  parents: 1,
  async apply([parent], { draws, examples, clusters }) {
    if (parent === undefined) return skipped("no parent");
    const { content } = parent.genome;
    const shown = shownAnswers(content);
    if (shown.length === 0) return skipped("the prompt shows no example");
    const missed = mostMissed(clusters);
    const unshown = examples.filter(
      (example) => isUsableExample(example) && !content.includes(example.input.trim()),
    );
    const offered = (answer: string) =>
      unshown.filter((example) => example.answer.trim() === answer);
    const replaced = (index: number, example: FewShotExample, message: string): Change => {
      const rest = withoutExample(content, index);
      return {
        content: rest === null ? null : withExample(rest, example),
        message,
        benchmarkIds: [example.benchmarkId],
      };
    };
    const changes: (() => Change)[] = [];
    if (missed === null) {
      const index = draws.int(shown.length);
      const same = offered(shown[index] ?? "");
      if (same.length > 0)
        changes.push(() =>
          replaced(index, draws.pick(same), "Exchange an example for one of the same answer"),
        );
    } else {
      const more = offered(missed);
      const other = shown.findLastIndex((answer) => answer !== missed);
      const own = shown.flatMap((answer, index) => (answer === missed ? [index] : []));
      if (more.length > 0 && shown.length < examplesMax)
        changes.push(() => {
          const example = draws.pick(more);
          const { benchmarkId } = example;
          const message = "Show one more example of the answer that is missed most";
          return { content: withExample(content, example), message, benchmarkIds: [benchmarkId] };
        });
      // The last one of its answer stays: without it the model leans the other way.
      if (more.length > 0 && shown.filter((answer) => answer !== missed).length > 1)
        changes.push(() =>
          replaced(
            other,
            draws.pick(more),
            "Show the answer that is missed most instead of another",
          ),
        );
      if (own.length > 0 && shown.at(-1) !== missed)
        changes.push(() => ({
          content: withLastExample(content, draws.pick(own)),
          message: "Show an example of the answer that is missed most last",
          benchmarkIds: [],
        }));
    }
    if (changes.length === 0) return skipped("no example is left that would shift the balance");
    const { content: changed, ...why } = draws.pick(changes)();
    if (changed === null) return skipped("the prompt's own examples may not be changed");
    return oneChild("few-shot-balance", parent, { content: changed }, { ...why, missed });
  },
};

/** The answer that failed runs should have given far more often than any other; null when none stands out. */
function mostMissed(clusters: readonly FailureCluster[]): string | null {
  const missed = clusters
    .flatMap((cluster) => {
      const answer = missedAnswer(cluster);
      return answer === null ? [] : [{ answer, misses: cluster.runs.length }];
    })
    .toSorted((a, b) => b.misses - a.misses);
  const [first, second] = missed;
  if (first === undefined || first.misses < missesMin) return null;
  return first.misses >= lean * (second?.misses ?? 0) ? first.answer : null;
}
