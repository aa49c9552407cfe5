import type { Command } from "commander";
import { z } from "zod";
import { systemClock } from "#lib/clock.ts";
import type { Database } from "#lib/db/client.ts";
import type { PromptRecord } from "#lib/db/prompts.ts";
import { type OptimizationConfig, optimizationConfig } from "#lib/domain/optimization.ts";
import { AppError } from "#lib/errors.ts";
import { canonicalModelId } from "#lib/llm/models.ts";
import { openFinalists } from "#lib/optimizations/open-finalists.ts";
import { previewOptimization } from "#lib/optimizations/preview.ts";
import { queueOptimization } from "#lib/optimizations/queue-optimization.ts";
import { addNumberOptions, numbersFrom, proofNumberPaths } from "../config-options.ts";
import { withDatabase } from "../database.ts";
import { findPrompt } from "../find-prompt.ts";
import { positiveAmount } from "../input.ts";
import { modelOptionsFromEnv } from "../models.ts";
import { printJson } from "../output.ts";
import { printPreview } from "../print-preview.ts";
import { runHere } from "../run-here.ts";

interface ProveOptions {
  finalistsOf?: string;
  model?: string;
  concurrency: number;
  capUsd: string;
  trialCapUsd: string;
  preview?: boolean;
  json?: boolean;
}

/** `genepool prompts prove`: measures prompts against production, here and now, by the gate of an optimization. */
export function addProvePrompts(prompts: Command): void {
  const command = prompts.command("prove [prompts...]");
  addNumberOptions(command, proofNumberPaths);
  command
    .description(
      "measure drafts, imports or finalists against production; who is better becomes a candidate",
    )
    .option("--finalists-of <run>", "the finalists of a run that production has left behind")
    .option("--model <id>", "model that runs the agents: provider:name, or simulated")
    .option("--cap-usd <amount>", "budget of this run", "25")
    .option(
      "--trial-cap-usd <amount>",
      "most that one trial may cost; a more expensive one fails",
      "0.5",
    )
    .option("--preview", "print what it would take in calls, dollars and time, and start nothing")
    .option("--json", "machine-readable output")
    .addHelpText(
      "after",
      `
All of them are measured in one run, beside one arm of the production prompt. The verdict is that of an optimization;
what is confirmed waits for review. Ends with 0 when there is a candidate, else with 6. A run that was interrupted goes
on with: genepool optimize --resume <run>

Examples:
  genepool prompts prove engineer@1.1.0
  genepool prompts prove engineer@1.1.0 engineer@1.2.0 --seed 7 --preview
  genepool prompts prove --finalists-of 3f0a2f6e-9a44-4c0e-8b5e-5f5d7f0c7f10`,
    )
    .action(prove);
}

async function prove(names: string[], options: ProveOptions): Promise<void> {
  const began = performance.now();
  await withDatabase(async (db) => {
    const prompts = await entrantsOf(db, names, options);
    const models = await modelOptionsFromEnv();
    const request = { agentType: agentTypeOf(prompts), config: configOf(prompts, options) };
    if (options.preview) {
      const { prices = {} } = models;
      const preview = await previewOptimization(db, { ...request, prices, now: systemClock.now() });
      if (options.json) printJson(preview);
      else printPreview(preview);
      return;
    }
    const { id } = await queueOptimization(db, {
      ...request,
      trigger: "command-line",
      createdBy: "command line",
    });
    const json = options.json === true;
    await runHere(db, id, { models, concurrency: options.concurrency, json, began });
  });
}

async function entrantsOf(
  db: Database,
  names: readonly string[],
  { finalistsOf }: ProveOptions,
): Promise<PromptRecord[]> {
  const named: PromptRecord[] = [];
  for (const name of names) named.push(await findPrompt(db, name));
  if (finalistsOf === undefined) {
    if (named.length > 0) return named;
    throw new AppError(
      "invalid",
      "Name the prompts, as engineer@1.1.0, or give --finalists-of <run>.",
    );
  }
  if (!z.uuid().safeParse(finalistsOf).success)
    throw new AppError(
      "invalid",
      `--finalists-of takes the id of a run, not "${finalistsOf}". genepool runs shows them.`,
    );
  const left = await openFinalists(db, finalistsOf);
  const entrants = [...named, ...left.filter(({ id }) => named.every((one) => one.id !== id))];
  if (entrants.length > 0) return entrants;
  throw new AppError(
    "conflict",
    "This run has no finalist to prove again: production has not moved since, or none is left.",
  );
}

function agentTypeOf(prompts: readonly PromptRecord[]): string {
  const [first = "", ...others] = new Set(prompts.map(({ agentType }) => agentType));
  if (others.length === 0) return first;
  throw new AppError(
    "invalid",
    `One run proves prompts of one agent type: these are of ${[first, ...others].join(", ")}.`,
  );
}

function configOf(prompts: readonly PromptRecord[], options: ProveOptions): OptimizationConfig {
  const parsed = optimizationConfig.safeParse({
    ...numbersFrom({ ...options }),
    prove: prompts.map(({ id }) => id),
    model: options.model === undefined ? null : canonicalModelId(options.model),
    budget: {
      runCapUsd: positiveAmount("--cap-usd", options.capUsd),
      trialCapUsd: positiveAmount("--trial-cap-usd", options.trialCapUsd),
    },
  });
  if (parsed.success) return parsed.data;
  throw new AppError("invalid", `This run is not valid: ${z.prettifyError(parsed.error)}`, {
    cause: parsed.error,
  });
}
