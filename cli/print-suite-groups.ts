import type { SuiteGroups } from "#lib/suites/describe-groups.ts";

const idsMax = 8;
const answerMax = 60;

/** Prints what a suite's groups mean: how many are sealed, which inputs repeat, which contradict, what can be proven. */
export function printSuiteGroups(suite: string, described: SuiteGroups): void {
  const { groups, sealed, repeated, contradictions, advice } = described;
  const lines = [
    `${suite} now: ${count(groups, "different input")}, ${sealed} sealed (only a proof runs these).`,
  ];
  if (repeated.groups > 0) {
    lines.push(
      `Repeated: ${count(repeated.rows, "row")} share ${count(repeated.groups, "input")}; rows with the same input count once.`,
      ...repeated.first.map(({ ids, rows }) => `  ${idList(ids, rows)}`),
      ...more(repeated.groups - repeated.first.length),
    );
  }
  if (contradictions.groups > 0) {
    lines.push(
      `Contradictions: ${count(contradictions.groups, "input")} with different expected answers. Fix the wrong rows: no prompt can pass all of them.`,
      ...contradictions.first.map(
        ({ answers }) =>
          `  ${answers.map(({ expected, ids, rows }) => `${shortened(expected)} in ${idList(ids, rows)}`).join(" · ")}`,
      ),
      ...more(contradictions.groups - contradictions.first.length),
    );
  }
  if (advice !== null) lines.push(advice);
  process.stdout.write(`${lines.join("\n")}\n`);
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

function idList(ids: readonly string[], rows: number): string {
  const shown = ids.slice(0, idsMax);
  const rest = rows - shown.length;
  return `${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

function more(rest: number): string[] {
  return rest > 0 ? [`  … and ${rest} more.`] : [];
}

/** In quotes and on one line. */
function shortened(answer: string): string {
  return JSON.stringify(answer.length > answerMax ? `${answer.slice(0, answerMax)}…` : answer);
}
