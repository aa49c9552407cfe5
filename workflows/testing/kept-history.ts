/** A history as it lies in workflows/histories: with the workflow's id, without which child ids would not be the same. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { WorkflowHandle } from "@temporalio/client";
import { historyToJSON } from "@temporalio/common/lib/proto-utils.js";
import { z } from "zod";
import { projectRoot } from "./test-worker.ts";

const folder = path.join(projectRoot, "workflows/histories");
const keptHistory = z.object({
  workflow_id: z.string(),
  history: z.object({ events: z.array(z.unknown()).min(1) }),
});

/** Writes the history of an execution under `name`. */
export async function keepHistory(name: string, handle: WorkflowHandle): Promise<void> {
  const history = historyToJSON(await handle.fetchHistory());
  const kept = { workflow_id: handle.workflowId, history: JSON.parse(history) };
  writeFileSync(path.join(folder, `${name}.json`), `${JSON.stringify(kept)}\n`);
}

/** Every kept history. */
export function keptHistories(): { name: string; workflowId: string; history: unknown }[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => {
      const kept = keptHistory.parse(JSON.parse(readFileSync(path.join(folder, file), "utf8")));
      return {
        name: path.basename(file, ".json"),
        workflowId: kept.workflow_id,
        history: kept.history,
      };
    });
}
