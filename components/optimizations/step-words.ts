import type { OptimizationSummary } from "#lib/http/shapes/optimization.ts";

const words: Readonly<Record<string, string>> = {
  observe: "looks at the last runs",
  calibrate: "measures today's prompt",
  hypothesize: "groups failures and states their causes",
  mutate: "writes new prompts",
  experiment: "runs them against the benchmarks",
  evaluate: "ranks the population",
  confirm: "proves the finalists on sealed rows",
  promote: "queues what was proven",
};

/** What an optimization does now, in words; its generation where there is one. */
export function stepWords(
  run: Pick<OptimizationSummary, "state" | "step" | "generation" | "waiting">,
): string {
  if (run.state === "queued") return "waits for the optimizer";
  if (run.state === "stopping") return "stops with what it has";
  if (run.state !== "running") return run.state;
  const what = run.step === null ? "starts" : (words[run.step] ?? run.step);
  if (run.waiting !== null) return `${what}: waits for Temporal`;
  const inSearch = run.step === "mutate" || run.step === "experiment" || run.step === "evaluate";
  return inSearch ? `generation ${run.generation}: ${what}` : what;
}

/** What a run without a search is: the prompts that it proves; null for a search. */
export function proofWords({ proves }: Pick<OptimizationSummary, "proves">): string | null {
  if (proves.length === 0) return null;
  return `proof of ${proves.length} prompt${proves.length === 1 ? "" : "s"}`;
}
