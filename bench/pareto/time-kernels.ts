/**
 * Times the Pareto kernels alone: `npx tsx bench/pareto/time-kernels.ts [largest N]`. Prints the median and the
 * fastest of the repeats in milliseconds. Kinds of points: uniform in the unit cube; layers, five spherical fronts;
 * grid, one decimal, so many points are equal.
 */
import { type Draws, draw } from "#lib/random.ts";
import { quantile } from "#lib/stats/quantile.ts";
import { crowding, hypervolume, ranks, survivors } from "./genepool.ts";

const largest = Number(process.argv[2] ?? 100_000);
const sizes = [20, 200, 2_000, 10_000, 100_000].filter((n) => n <= largest);
const budgetMs = 500;

const kinds: Record<string, (m: number, draws: Draws) => number[]> = {
  uniform: (m, draws) => Array.from({ length: m }, () => draws.next()),
  layers: (m, draws) => {
    const direction = Array.from({ length: m }, () => draws.next());
    const norm = Math.sqrt(direction.reduce((sum, x) => sum + x * x, 0));
    const radius = 1 + draws.int(5) / 10;
    return direction.map((x) => (x / norm) * radius);
  },
  grid: (m, draws) => Array.from({ length: m }, () => draws.int(10) / 10),
};

function time(label: string, run: () => unknown): void {
  const times: number[] = [];
  for (let spent = 0; times.length < 5 || (spent < budgetMs && times.length < 500); ) {
    const start = process.hrtime.bigint();
    run();
    const ms = Number(process.hrtime.bigint() - start) / 1e6;
    times.push(ms);
    spent += ms;
  }
  times.sort((a, b) => a - b);
  const [median, fastest] = [quantile(times, 0.5), quantile(times, 0)];
  console.log(
    `${label.padEnd(36)}${median.toFixed(4).padStart(11)}${fastest.toFixed(4).padStart(11)}`,
  );
}

console.log(`${"case".padEnd(36)}${"median ms".padStart(11)}${"best ms".padStart(11)}`);
for (const [kind, point] of Object.entries(kinds)) {
  for (const m of [2, 3]) {
    for (const n of sizes) {
      const draws = draw(1, kind, m, n);
      const F = Float64Array.from(Array.from({ length: n }, () => point(m, draws)).flat());
      const label = (kernel: string) => `${kernel} ${kind} M=${m} N=${n}`;
      time(label("ranks"), () => ranks(F, n, m));
      time(label("crowding"), () => crowding(F, n, m));
      time(label("survivors"), () => survivors(F, n, m, n >> 1));
      time(label("hypervolume"), () => hypervolume(F, n, m, new Array<number>(m).fill(1.6)));
    }
  }
}
