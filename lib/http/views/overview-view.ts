import { dayOf } from "#lib/budget/amounts.ts";
import { type BudgetStatus, budgetStatus } from "#lib/budget/status.ts";
import { listAgentTypes, requireAgentType } from "#lib/db/agent-types.ts";
import type { Executor } from "#lib/db/client.ts";
import { listInsights } from "#lib/db/search-records.ts";
import { insightDetail } from "#lib/domain/insight.ts";
import { type AutomationMode, automationFor } from "#lib/domain/optimization.ts";
import { isSimulatedOnly } from "#lib/optimizations/simulated-only.ts";
import { reviewQueue } from "#lib/registry/reviews.ts";
import { getSettings } from "#lib/settings/settings.ts";
import type { AgentSummary } from "../shapes/agent.ts";
import type { AttentionItem, Overview } from "../shapes/overview.ts";
import { agentSummary } from "./agent-view.ts";

/** What the environment states over the settings, the same for every process. */
export interface StatedAutomation {
  /** Model that runs the agents instead of their own. */
  model: string | null;
  automation: AutomationMode | null;
}

/** The answer to "is anything wrong, is anything waiting, is it getting better?" */
export async function overview(
  db: Executor,
  now: Date,
  stated: StatedAutomation = { model: null, automation: null },
): Promise<Overview> {
  const [agentTypes, queue, budget, settings] = await Promise.all([
    listAgentTypes(db),
    reviewQueue(db),
    budgetStatus(db, dayOf(now)),
    getSettings(db),
  ]);
  const agents = await Promise.all(agentTypes.items.map((agent) => agentSummary(db, agent, now)));
  const automation = stated.automation ?? settings.automation;
  const weak = await Promise.all(
    agents.map((agent) => belowThreshold(db, agent, { model: stated.model, automation })),
  );
  return {
    attention: [
      ...queue.items.map(({ prompt, waitingSince }) =>
        attention(
          "candidate-waiting",
          `The ${prompt.agentType} candidate ${prompt.version} waits for review.`,
          {
            agentType: prompt.agentType,
            promptId: prompt.id,
            since: waitingSince.toISOString(),
          },
        ),
      ),
      ...weak.flat(),
      ...agents.flatMap(({ optimization }) => optimizationTrouble(optimization, now)),
      ...budgetTrouble(budget),
    ],
    agents,
    reviewCount: queue.items.length,
    budget,
    automation,
    simulated: agents.some(
      ({ window, optimization }) => window.simulatedRuns > 0 || optimization?.simulated === true,
    ),
  };
}

async function belowThreshold(
  db: Executor,
  agent: AgentSummary,
  { automation, model }: { automation: AutomationMode; model: string | null },
): Promise<AttentionItem[]> {
  const { name, needsWork, optimization } = agent;
  if (needsWork === null) return [];
  const record = await requireAgentType(db, name);
  const mode = automationFor(automation, await isSimulatedOnly(db, record, model));
  const isSuggested =
    mode === "suggest" && (optimization === null || optimization.finishedAt !== null);
  const [main] = optimization === null ? [] : await listInsights(db, optimization.id);
  const cause =
    main === undefined
      ? ""
      : ` Most often: ${main.statement.replace(/\.$/, "")}${insightDetail(main)} (${Math.round(main.share * 100)} % of failures).`;
  const suggestion = isSuggested ? " An optimization is suggested: a person starts it." : "";
  return [
    attention("agent-below-threshold", `${needsWork}${cause}${suggestion}`, {
      agentType: name,
      // A suggestion leads to the page where it is started.
      optimizationId: isSuggested ? null : (optimization?.id ?? null),
    }),
  ];
}

const silentAfterMs = 60_000;

function optimizationTrouble(
  optimization: AgentSummary["optimization"],
  now: Date,
): AttentionItem[] {
  if (optimization === null) return [];
  const { id: optimizationId, agentType, state, failure, waiting } = optimization;
  const { createdAt, finishedAt } = optimization;
  if (state === "failed") {
    const sentence = `The last optimization of the ${agentType} failed: ${failure ?? "no reason was kept"}`;
    return [
      attention("optimization-failed", sentence, { agentType, optimizationId, since: finishedAt }),
    ];
  }
  if (waiting !== null) {
    const sentence = `The optimization of the ${agentType} waits for Temporal: ${waiting.reason}. It goes on by itself.`;
    const since = waiting.since;
    return [attention("optimization-waiting", sentence, { agentType, optimizationId, since })];
  }
  if (state === "queued" && now.getTime() - Date.parse(createdAt) > silentAfterMs) {
    const sentence = `An optimization of the ${agentType} waits for the optimizer to pick it up. Is the optimizer process running?`;
    return [
      attention("optimizer-silent", sentence, { agentType, optimizationId, since: createdAt }),
    ];
  }
  return [];
}

const nearlyUsedShare = 0.9;

function budgetTrouble({ capUsd, remainingUsd }: BudgetStatus): AttentionItem[] {
  if (remainingUsd > capUsd * (1 - nearlyUsedShare)) return [];
  const sentence = `Of today's $${capUsd.toFixed(2)} only $${remainingUsd.toFixed(2)} is left; optimizations stop at the cap.`;
  return [attention("budget-nearly-used", sentence)];
}

function attention(
  kind: AttentionItem["kind"],
  sentence: string,
  about: Partial<Omit<AttentionItem, "kind" | "sentence">> = {},
): AttentionItem {
  return {
    kind,
    sentence,
    agentType: null,
    promptId: null,
    optimizationId: null,
    since: null,
    ...about,
  };
}
