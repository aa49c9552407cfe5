import { completeText, highestCostUsd } from "#lib/llm/complete.ts";
import type { ResolvedModel } from "#lib/llm/models.ts";
import type { CompletionModel } from "./kept-completer.ts";

/** A registered model as the completer calls it. */
export function completionModel(resolved: ResolvedModel): CompletionModel {
  return {
    id: resolved.id,
    simulated: resolved.simulated,
    billable: !resolved.local,
    estimateUsd: (request) => highestCostUsd(resolved, request),
    complete: (request) => completeText(resolved, request),
  };
}
