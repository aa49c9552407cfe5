import type { Executor } from "#lib/db/client.ts";
import { type PromptRecord, requirePrompt } from "#lib/db/prompts.ts";
import { diffPrompts } from "#lib/registry/diff-prompts.ts";
import type { RunReport } from "../shapes/report.ts";
import { PromptIndex } from "./prompt-refs.ts";

/** Longer than any search goes on; a bound on reading, not on breeding. */
const stepsMax = 200;

/** The way from the incumbent to a prompt by its first parents, oldest first, each with what changed. */
export async function lineageOf(
  db: Executor,
  promptId: string,
  incumbentId: string,
): Promise<RunReport["lineage"]> {
  const chain: PromptRecord[] = [];
  let next: string | undefined = promptId;
  while (next !== undefined && chain.length < stepsMax) {
    const prompt: PromptRecord = await requirePrompt(db, next);
    chain.unshift(prompt);
    next = next === incumbentId ? undefined : firstParent(prompt)?.parentId;
  }
  const others = await PromptIndex.load(
    db,
    chain.flatMap(({ parents }) => parents.map(({ parentId }) => parentId)),
  );
  return chain.map((prompt, k) => stepOf(prompt, chain[k - 1] ?? null, others));
}

function stepOf(
  prompt: PromptRecord,
  before: PromptRecord | null,
  others: PromptIndex,
): RunReport["lineage"][number] {
  const { id, version, contentHash, message, parents } = prompt;
  const made = before === null ? undefined : firstParent(prompt);
  return {
    prompt: { id, version, contentHash },
    operator: made?.operator ?? null,
    generation: made?.generation ?? null,
    message,
    diff: before === null ? null : diffPrompts(before, prompt),
    otherParents:
      before === null
        ? []
        : parents
            .filter(({ parentId }) => parentId !== before.id)
            .map(({ parentId }) => others.ref(parentId)),
  };
}

function firstParent({ parents }: PromptRecord) {
  return parents.toSorted((a, b) => a.position - b.position)[0];
}
