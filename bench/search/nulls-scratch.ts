import { optimizationConfig } from "#lib/domain/optimization.ts";
import { optimizeInWorld } from "./label-world/genepool-method.ts";
import { makeNullWorld } from "./label-world/null-world.ts";

const [share, temperature, rate, calls, n] = process.argv.slice(2).map(Number);
let promoted = 0,
  cheaper = 0,
  finalists = 0,
  used = 0,
  none = 0;
const t0 = performance.now();
const reasons: Record<string, number> = {};
for (let seed = 1; seed <= n; seed++) {
  const world = makeNullWorld({ seed, share, temperature, rate });
  const { outcome, trials } = await optimizeInWorld(world, {
    config: optimizationConfig.parse({ calls, seed }),
  });
  const kinds = outcome.candidates.map((c) => c.verdict.kind);
  if (kinds.includes("promote-eligible")) promoted++;
  else if (kinds.length > 0) cheaper++;
  finalists += outcome.finalists.length;
  used += trials.ordered;
  if (outcome.finalists.length === 0) none++;
  for (const f of outcome.finalists)
    reasons[f.verdict.reason] = (reasons[f.verdict.reason] ?? 0) + 1;
  if (trials.ordered > calls) console.log("OVER", seed, trials.ordered);
  if (seed === 1) console.log(outcome.summary, outcome.finalists[0]?.verdict.sentence);
}
console.log({
  share,
  temperature,
  rate,
  calls,
  n,
  promoted,
  cheaper,
  none,
  finalists,
  meanOrdered: used / n,
  reasons,
  s: (performance.now() - t0) / 1000,
});
