/** The steps of docs/executors.md with an example's executors file, as a user types them. For tests. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { expect } from "vitest";
import { z } from "zod";

export const projectRoot = path.resolve(import.meta.dirname, "..");

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

const timeoutMs = 200_000;

/** The command line in a process of its own. */
async function genepool(env: Record<string, string>, ...args: string[]): Promise<Outcome> {
  const child = spawn(process.execPath, ["--import", "tsx", "cli/main.ts", ...args], {
    cwd: projectRoot,
    env: { ...process.env, ...env },
    timeout: timeoutMs,
  });
  const outcome: Outcome = { code: null, stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    outcome.stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    outcome.stderr += chunk.toString();
  });
  await once(child, "close");
  return { ...outcome, code: child.exitCode };
}

const report = z.object({
  trials: z.number(),
  simulated: z.boolean(),
  generations: z.array(
    z.object({ number: z.number(), individuals: z.array(z.object({ successRate: z.number() })) }),
  ),
});

/** Imports the suite, adds the agent, tries one trial, evolves two generations, and holds the outcome to the promise. */
export async function followGuide(env: Record<string, string>): Promise<void> {
  const steps = [
    ["suites", "import", "examples/reviews/suite.jsonl", "--name", "reviews"],
    [
      ...["agents", "add", "reviewer", "--system", "reviews", "--suite", "reviews"],
      ...["--model", "simulated", "--prompt", "examples/reviews/prompt.j2"],
    ],
    ["executors", "test", "reviews"],
  ];
  for (const step of steps) expect(await genepool(env, ...step)).toMatchObject({ code: 0 });
  const { stdout, stderr } = await genepool(
    env,
    ...["optimize", "--agent", "reviewer", "--seed", "7", "--generations", "2"],
    ...["--calls", "300", "--population", "4", "--offspring", "4", "--json"],
  );
  expect(stdout, stderr).not.toBe("");
  const { trials, simulated, generations } = report.parse(JSON.parse(stdout));
  expect(trials).toBeGreaterThan(50);
  expect(simulated).toBe(true);
  expect(generations.map(({ number }) => number)).toEqual([0, 1, 2]);
  const best = (of: number) =>
    Math.max(...(generations[of]?.individuals ?? []).map(({ successRate }) => successRate));
  // An estimate moves with each trial of its relatives: the best may fall a little, and a search that loses it falls far.
  expect(best(2)).toBeGreaterThan(best(0) - 0.05);
  process.stdout.write(
    `${trials} trials, best of the generations: ${[0, 1, 2].map((number) => best(number).toFixed(2)).join(", ")}\n`,
  );
}
