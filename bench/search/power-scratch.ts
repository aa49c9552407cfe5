import { optimizationConfig } from "#lib/domain/optimization.ts";
import { optimizeInWorld } from "./label-world/genepool-method.ts";
import { makePlantedWorld } from "./label-world/planted-world.ts";

const [from = 0.3, gain = 0.3, temperature = 0, calls = 2400, n = 10, size = 240] = process.argv
  .slice(2)
  .map(Number);
let promoted = 0,
  found = 0,
  both = 0,
  cheaper = 0,
  used = 0;
const t0 = performance.now();
const reasons: Record<string, number> = {};
for (let seed = 1; seed <= n; seed++) {
  const world = makePlantedWorld({ seed, from, to: from + gain, temperature, size });
  const { outcome, trials, genomeOf } = await optimizeInWorld(world, {
    config: optimizationConfig.parse({ calls, seed }),
  });
  const start = world.trueRate(world.start);
  const isFound = outcome.finalists.some(
    (f) => world.trueRate(genomeOf(f.promptId)) - start >= gain * 0.7,
  );
  const ok = outcome.candidates.some((c) => c.verdict.kind === "promote-eligible");
  if (isFound) found++;
  if (ok) promoted++;
  if (ok && isFound) both++;
  if (outcome.candidates.some((c) => c.verdict.kind === "cheaper-equal")) cheaper++;
  used += trials.ordered;
  for (const f of outcome.finalists)
    reasons[f.verdict.reason] = (reasons[f.verdict.reason] ?? 0) + 1;
  if (seed <= 1)
    console.log(
      start,
      outcome.finalists.map((f) => [world.trueRate(genomeOf(f.promptId)), f.verdict.sentence]),
    );
}
console.log({
  from,
  gain,
  temperature,
  calls,
  n,
  promoted,
  found,
  both,
  cheaper,
  meanOrdered: used / n,
  reasons,
  s: (performance.now() - t0) / 1000,
});
