import { randomUUID } from "node:crypto";
import { requireAgentType } from "#lib/db/agent-types.ts";
import type { Database, Executor } from "#lib/db/client.ts";
import { toJson } from "#lib/db/json.ts";
import { getPromptByHash } from "#lib/db/prompts.ts";
import { inTransaction } from "#lib/db/transaction.ts";
import { parseVersion } from "#lib/domain/version.ts";
import { appendAudit } from "../../audit/append-audit.ts";
import { AppError, invariant } from "../../errors.ts";
import { lockPrompts } from "../../registry/create-prompt.ts";
import { startLifecycle } from "../../registry/lifecycle.ts";
import { installInTransaction, productionPrompt } from "../../registry/production.ts";
import type { FilePrompt } from "./file-prompt.ts";
import { agentTypesOf, type PlannedPrompt, planImport } from "./plan-import.ts";

/** What became of a wish to be in production. */
export interface Promotion {
  agentType: string;
  version: string;
  done: boolean;
  /** In words, for a person. */
  outcome: string;
}

export interface ImportedPrompts {
  planned: PlannedPrompt[];
  promotions: Promotion[];
}

/**
 * Imports prompts in one transaction, all or none; doing it again changes nothing. With `promote`, the prompt that a
 * file calls the production one goes there if its agent type has none yet. Throws AppError("invalid") with
 * details.refused when any prompt is refused.
 */
export async function importPrompts(
  db: Database,
  prompts: readonly FilePrompt[],
  { actor, promote }: { actor: string; promote: boolean },
): Promise<ImportedPrompts> {
  return inTransaction(db, async (tx) => {
    for (const agentType of agentTypesOf(prompts)) await lockPrompts(tx, agentType);
    const planned = await planImport(tx, prompts, actor);
    const refused = planned.filter(({ action }) => action === "refused");
    if (refused.length > 0) {
      const details = { refused };
      throw new AppError("invalid", `Nothing was imported: ${refused.length} refused.`, {
        details,
      });
    }
    for (const prompt of planned) if (prompt.action === "create") await keep(tx, prompt);
    return { planned, promotions: promote ? await promoteAll(tx, planned, actor) : [] };
  });
}

/** As a save does, but under the version that the file gives. */
async function keep(
  tx: Executor,
  { admitted, version, parent }: Extract<PlannedPrompt, { action: "create" }>,
): Promise<void> {
  const { agentType, genome, contentHash, createdBy, message } = admitted;
  const parts = parseVersion(version);
  invariant(parts !== null, "a plan has only versions that can be read");
  const id = randomUUID();
  await tx.prompt.create({
    data: {
      id,
      agentType,
      version,
      versionMajor: parts.major,
      versionMinor: parts.minor,
      versionPatch: parts.patch,
      content: genome.content,
      parameters: toJson(genome.parameters),
      tools: genome.tools,
      contentHash,
      createdBy,
      message,
    },
  });
  if (parent !== null) {
    const before = await getPromptByHash(tx, agentType, parent.contentHash);
    invariant(before !== null, "the version before is kept first");
    const edge = { childId: id, parentId: before.id, position: 0 };
    await tx.promptParent.create({ data: { ...edge, operator: "person", operatorArguments: {} } });
  }
  await startLifecycle(tx, id, { actor: createdBy, reason: message });
  await appendAudit(tx, {
    actor: createdBy,
    action: "prompt.create",
    subject: `prompt:${id}`,
    after: { agentType, version, contentHash, message },
  });
}

async function promoteAll(
  tx: Executor,
  planned: readonly PlannedPrompt[],
  actor: string,
): Promise<Promotion[]> {
  const promotions: Promotion[] = [];
  for (const agentType of new Set(planned.map((prompt) => prompt.agentType))) {
    const own = planned.filter((prompt) => prompt.agentType === agentType && prompt.production);
    const [only, second] = own;
    if (only === undefined || only.action === "refused") continue;
    const { version } = only;
    const outcome =
      second === undefined
        ? await promote(tx, { agentType, version, actor })
        : { done: false, outcome: "the files call several prompts the production one" };
    promotions.push({ agentType, version, ...outcome });
  }
  return promotions;
}

async function promote(
  tx: Executor,
  { agentType, version, actor }: { agentType: string; version: string; actor: string },
): Promise<Pick<Promotion, "done" | "outcome">> {
  const { name } = await requireAgentType(tx, agentType);
  const row = await tx.prompt.findUnique({
    where: { agentType_version: { agentType: name, version } },
    include: { status: true },
  });
  invariant(row?.status, "what was planned is there");
  const inProduction = await productionPrompt(tx, name);
  if (inProduction?.prompt.id === row.id) return { done: true, outcome: "is in production" };
  if (inProduction !== null) {
    const outcome = `stays ${row.status.status}: ${inProduction.prompt.version} is in production, and a review decides what follows it`;
    return { done: false, outcome };
  }
  if (row.status.status !== "draft")
    return { done: false, outcome: `stays ${row.status.status}: only a draft can be the first` };
  await installInTransaction(tx, { promptId: row.id, actor, reason: "Imported as production" });
  return { done: true, outcome: "goes into production" };
}
