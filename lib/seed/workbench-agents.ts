import { inTransaction } from "#lib/db/transaction.ts";
import { benchmarkOf } from "#workbench/benchmark.ts";
import { loadWorkbenchPrompt } from "#workbench/prompts/load.ts";
import { workbenchSuite, workbenchSuiteName } from "#workbench/suite.ts";
import { engineerTools } from "#workbench/tools.ts";
import { type AgentTypeInput, saveAgentType } from "../db/agent-types.ts";
import type { Database } from "../db/client.ts";
import { promptGenome } from "../domain/prompt.ts";
import { createPrompt } from "../registry/create-prompt.ts";
import { installProduction, productionPrompt } from "../registry/production.ts";
import { storeBenchmarks } from "../suites/store-benchmarks.ts";

type Role = "planner" | "engineer" | "critic";

const descriptions: Readonly<Record<Role, string>> = {
  planner: "Reads a design task and writes a short plan that names every requirement.",
  engineer:
    "Solves a design task with simulation, cost and consistency tools and hands in a design.",
  critic: "Judges a design before it is handed over and names what fails.",
};
const variables: Readonly<Record<Role, string[]>> = {
  planner: ["problem"],
  engineer: ["problem", "plan", "objection"],
  critic: ["problem", "plan", "design"],
};
const defaultModel = "simulated:standard";

/** Agent types, suite and first production prompts of the workbench; doing it again changes nothing. */
export async function seedWorkbench(db: Database): Promise<void> {
  await inTransaction(db, (tx) =>
    storeBenchmarks(tx, workbenchSuiteName, workbenchSuite().map(benchmarkOf)),
  );
  for (const role of ["planner", "engineer", "critic"] as const) {
    const agent: AgentTypeInput = {
      name: role,
      system: "workbench",
      suite: workbenchSuiteName,
      description: descriptions[role],
      requiredVariables: variables[role],
      protectedTexts: [],
      allowedTools: role === "engineer" ? [...engineerTools] : [],
      defaultModel,
      parameterBounds: { models: ["simulated:small", "simulated:standard", "simulated:large"] },
    };
    await saveAgentType(db, agent);
    if ((await productionPrompt(db, role)) !== null) continue;
    const genome = promptGenome.parse({
      content: loadWorkbenchPrompt(role),
      parameters: { temperature: 0.7, maxSteps: role === "engineer" ? 16 : 1 },
      tools: role === "engineer" ? [...engineerTools] : [],
    });
    const { prompt } = await createPrompt(db, {
      agentType: role,
      genome,
      change: "seed",
      parents: [],
      createdBy: "seed",
      message: "First prompt of the workbench",
    });
    await installProduction(db, {
      promptId: prompt.id,
      actor: "seed",
      reason: "First prompt of the workbench",
    });
  }
}
