/**
 * Size and power of the proof by simulation, in worlds whose truth is known:
 * npm run bench -- gate [--runs 4000] [--rows 20,40,44,120] [--alpha 0.05] [--looks 4] [--seed 1] [--json].
 * Everything is simulated; no prompt and no model takes part.
 */
import { parseArgs } from "node:util";
import { type Cell, measure, rules } from "./measure.ts";
import { worlds } from "./worlds.ts";

const { values: options } = parseArgs({
  options: {
    runs: { type: "string", default: "4000" },
    rows: { type: "string", default: "20,40,44,120" },
    alpha: { type: "string", default: "0.05" },
    looks: { type: "string", default: "4" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
  },
});
const rows = options.rows.split(",").map(Number);
const [runs, looks, seed] = [Number(options.runs), Number(options.looks), Number(options.seed)];
const alpha = Number(options.alpha);
const whole = [...rows, runs, looks, seed].every((n) => Number.isSafeInteger(n) && n > 0);
if (!whole || !(alpha > 0 && alpha < 1) || rows.some((n) => n < 2 * looks)) {
  console.error("--runs N --rows 20,40 (at least two a look) --alpha 0.05 --looks N --seed N");
  process.exit(2);
}

const cells: Cell[] = [];
for (const world of worlds)
  for (const count of rows) cells.push(measure(world, { rows: count, runs, alpha, looks, seed }));

if (options.json) console.log(JSON.stringify({ simulated: true, alpha, looks, seed, cells }));
else {
  console.log(`Share of ${runs} runs called better, in %, alpha ${alpha}, ${looks} looks.`);
  console.log(`| world | rows | ${rules.join(" | ")} | mean rows |`);
  console.log(`|---|---|${rules.map(() => "---|").join("")}---|`);
  for (const cell of cells) {
    const shares = cell.proven.map(({ rate }) => (rate * 100).toFixed(1));
    console.log(
      `| ${cell.world} | ${cell.rows} | ${shares.join(" | ")} | ${cell.meanRows.toFixed(1)} |`,
    );
  }
}
