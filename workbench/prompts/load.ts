import { readFileSync } from "node:fs";

/** Prompts that ship with the workbench: the seeds of its agents, and an engineer written with all good habits. */
export type WorkbenchPromptName = "planner" | "engineer" | "critic" | "engineer-by-hand";

export function loadWorkbenchPrompt(name: WorkbenchPromptName): string {
  return readFileSync(new URL(`./${name}.md`, import.meta.url), "utf8");
}
