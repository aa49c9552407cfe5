/**
 * Parse and render of a 3 KB prompt, ours against nunjucks, alternating in one process:
 * `npx tsx bench/template/speed.ts --nunjucks <folder with node_modules/nunjucks> [--rounds 400]`. Prints the medians in
 * milliseconds and ours as a multiple of nunjucks', first for reading and rendering, then with the template kept.
 */
import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { quantile } from "#lib/stats/quantile.ts";
import { parseTemplate, renderTemplate } from "#lib/template/template.ts";

const { values } = parseArgs({
  options: {
    nunjucks: { type: "string", default: "." },
    rounds: { type: "string", default: "400" },
  },
});
const rounds = Number(values.rounds);

const section = `## {{ loop.index }}. {{ rule.title | upper }}{% if rule.required %} (required){% endif %}

{{ rule.text | trim }} Give at least {{ rule.count }} reasons, and say which of
{%- for tool in tools %} {{ tool.name | lower }}{% if not loop.last %},{% endif %}{% endfor %} you used.
{# Authors may note things here. #}
`;
const preface = `You are {{ agent }}, an agent that {{ purpose }}. You work on "{{ task.title }}" for {{ task.customer | default("nobody") }}.
{% set limit = task.limit * 2 %}{% macro note(text, level="must") %}You {{ level }} {{ text }}.{% endmacro %}
{{ note("state every unit") }} {{ note("estimate first", level="may") }} Spend at most {{ limit }} USD, so {{ limit - 1 }} is fine.
`;
const prose =
  "Read the whole statement before you choose numbers, since requirements are named late and units are mixed. ";
const ending = `{% if history %}Earlier attempts:
{% for attempt in history %}- {{ attempt.result }} ({{ attempt.score }}): {{ attempt.note | replace("_", " ") }}
{% else %}none
{% endfor %}{% endif %}{% if task.limit > 10 and tools | length > 1 %}Compare {{ tools | join(", ", "name") }}.{% endif %}
`;
const source = `${preface}${prose.repeat(19)}\n{% for rule in rules %}${section}{% endfor %}${ending}`;
const context = {
  agent: "the engineer",
  purpose: "designs parts",
  task: { title: "A bracket", limit: 12 },
  tools: ["Simulate", "Evaluate", "Calculator", "Submit"].map((name) => ({ name })),
  rules: Array.from({ length: 8 }, (_, index) => ({
    title: `Rule ${index}`,
    text: `  Keep reserve ${index}.  `,
    count: index + 1,
    required: index % 2 === 0,
  })),
  history: Array.from({ length: 5 }, (_, index) => ({
    result: "failed",
    score: index,
    note: "too_heavy",
  })),
};

const moduleSchema = z.object({
  Environment: z.custom<
    new (
      loader: null,
      options: { autoescape: boolean; throwOnUndefined: boolean },
    ) => object
  >((value) => typeof value === "function"),
  Template: z.custom<
    new (
      source: string,
      environment: object,
      name: string,
      eager: boolean,
    ) => { render(context: object): string }
  >((value) => typeof value === "function"),
});
const load = createRequire(path.join(path.resolve(values.nunjucks), "package.json"));
const nunjucks = moduleSchema.parse(load("nunjucks"));
const environment = new nunjucks.Environment(null, { autoescape: false, throwOnUndefined: false });

function ours(): () => string {
  const parsed = parseTemplate(source);
  if (!parsed.ok) throw new Error(parsed.refusal.reason);
  return () => {
    const result = renderTemplate(parsed.template, context);
    if (!result.ok) throw new Error(result.refusal.reason);
    return result.output;
  };
}

function theirs(): () => string {
  const template = new nunjucks.Template(source, environment, "prompt", true);
  return () => template.render(context);
}

function time(work: () => unknown): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/** Run both by turns, who begins alternating, and print their medians and the ratio. */
function compare(label: string, pair: readonly [() => unknown, () => unknown]): void {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
    for (const which of order) times[which].push(time(pair[which]));
  }
  // The first half warms both up.
  const [mine, other] = times.map((found) =>
    quantile(
      found.slice(rounds / 2).sort((a, b) => a - b),
      0.5,
    ),
  );
  if (mine === undefined || other === undefined) return;
  console.log(
    `| ${label} | ${mine.toFixed(3)} | ${other.toFixed(3)} | ${(mine / other).toFixed(2)} |`,
  );
}

const [our, their] = [ours(), theirs()];
console.log(
  `prompt of ${source.length} characters, output of ${our().length}, same text: ${our().trim() === their().trim()}`,
);
console.log("\n| | ours, ms | nunjucks, ms | ratio |\n| --- | --- | --- | --- |");
compare("read and render", [() => ours()(), () => theirs()()]);
compare("render, template kept", [our, their]);
