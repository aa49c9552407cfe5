import { access, constants } from "node:fs/promises";
import path from "node:path";
import type { Command } from "commander";
import { dayOf } from "#lib/budget/amounts.ts";
import { budgetStatus } from "#lib/budget/status.ts";
import { listAgentTypes } from "#lib/db/agent-types.ts";
import { migrationStatus } from "#lib/db/migrate/migrate.ts";
import { env } from "#lib/env.ts";
import { resolveModel } from "#lib/llm/models.ts";
import { findPostgresBinaries } from "#lib/postgres/binaries.ts";
import { projectRoot, withDatabase } from "../database.ts";
import { exitCodes } from "../exit.ts";
import { modelOptionsFromEnv } from "../models.ts";
import { printJson, usd } from "../output.ts";

interface Finding {
  check: string;
  ok: boolean;
  detail: string;
}

/** `genepool doctor`: what works on this machine and what does not. */
export function addDoctorCommand(program: Command): void {
  program
    .command("doctor")
    .description("check this installation: Node, data directory, database, schema, models")
    .option("--json", "machine-readable output")
    .action(async (options: { json?: boolean }) => {
      const findings = await examine();
      if (options.json) printJson({ findings });
      else
        for (const { check, ok, detail } of findings)
          process.stdout.write(`${ok ? "ok  " : "FAIL"} ${check}: ${detail}\n`);
      if (findings.some((finding) => !finding.ok)) process.exitCode = exitCodes.failed;
    });
}

async function examine(): Promise<Finding[]> {
  const settings = env();
  const dataDir = path.resolve(projectRoot, settings.GENEPOOL_DATA_DIR);
  const findings = [
    { check: "node", ok: true, detail: process.versions.node },
    await tried("data directory", async () => {
      await access(path.dirname(dataDir), constants.W_OK);
      return dataDir;
    }),
    await tried("postgres", async () =>
      settings.DATABASE_URL === undefined ? findPostgresBinaries() : "DATABASE_URL",
    ),
  ];
  const database = await tried("database", () =>
    withDatabase(async (db, url) => {
      const status = await migrationStatus(url, projectRoot);
      const { items } = await listAgentTypes(db);
      const budget = await budgetStatus(db, dayOf(new Date()));
      return `${status.applied.length} migrations, ${items.length} agent types, ${usd(budget.spentUsd)} of ${usd(budget.capUsd)} spent today`;
    }),
  );
  const model = settings.GENEPOOL_MODEL ?? "simulated";
  const models = await tried(`model ${model}`, async () => {
    const resolved = resolveModel(model, await modelOptionsFromEnv());
    return resolved.simulated
      ? `${resolved.id}, simulated: needs no key and no network`
      : resolved.id;
  });
  return [...findings, database, models];
}

async function tried(check: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { check, ok: true, detail: await look() };
  } catch (error) {
    return { check, ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}
