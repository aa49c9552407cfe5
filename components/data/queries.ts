import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { StageSizes } from "#lib/domain/optimization.ts";
import type { PromptStatus } from "#lib/domain/prompt.ts";
import {
  agentLineage,
  agentSeries,
  agentSummary,
  type SeriesRange,
} from "#lib/http/shapes/agent.ts";
import { me } from "#lib/http/shapes/common.ts";
import { experimentDetail } from "#lib/http/shapes/experiment.ts";
import { judgeStandingShape } from "#lib/http/shapes/judge.ts";
import { loopShape } from "#lib/http/shapes/loop.ts";
import { agentFront, optimizationDetail, optimizationPage } from "#lib/http/shapes/optimization.ts";
import { overview } from "#lib/http/shapes/overview.ts";
import { optimizationPreview } from "#lib/http/shapes/preview.ts";
import {
  promptComparison,
  promptPage,
  publicPrompt,
  templateVerdict,
  transitionPage,
} from "#lib/http/shapes/prompt.ts";
import { reviewPacket, reviewQueue } from "#lib/http/shapes/review.ts";
import { settingsShape } from "#lib/http/shapes/settings.ts";
import { getJson, sendJson } from "./api.ts";

/** How often pages look again: quickly while something runs, calmly else. */
export const pollMs = { running: 2_000, calm: 10_000 } as const;

const runningStates = new Set(["queued", "running", "stopping"]);

export function isRunning(optimization: { state: string } | null | undefined): boolean {
  return (
    optimization !== null && optimization !== undefined && runningStates.has(optimization.state)
  );
}

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => getJson("/me", me, signal),
  staleTime: 60_000,
});

export const overviewQuery = queryOptions({
  queryKey: ["overview"],
  queryFn: ({ signal }) => getJson("/overview", overview, signal),
  refetchInterval: ({ state }) =>
    state.data?.agents.some(({ optimization }) => isRunning(optimization))
      ? pollMs.running
      : pollMs.calm,
});

export const agentQuery = (agentType: string) =>
  queryOptions({
    queryKey: ["agents", agentType],
    queryFn: ({ signal }) => getJson(`/agents/${agentType}`, agentSummary, signal),
    refetchInterval: pollMs.calm,
  });

export const judgeQuery = (suite: string) =>
  queryOptions({
    queryKey: ["suites", suite, "judge"],
    queryFn: ({ signal }) =>
      getJson(`/suites/${encodeURIComponent(suite)}/judge`, judgeStandingShape, signal),
    staleTime: 30_000,
  });

export const loopQuery = (agentType: string) =>
  queryOptions({
    queryKey: ["agents", agentType, "loop"],
    queryFn: ({ signal }) => getJson(`/agents/${agentType}/loop`, loopShape, signal),
    refetchInterval: ({ state }) => (state.data?.configured === false ? false : pollMs.running),
  });

export const seriesQuery = (agentType: string, range: SeriesRange) =>
  queryOptions({
    queryKey: ["agents", agentType, "series", range],
    queryFn: ({ signal }) =>
      getJson(`/agents/${agentType}/series?range=${range}`, agentSeries, signal),
    refetchInterval: pollMs.calm,
    placeholderData: keepPreviousData,
  });

export const frontQuery = (agentType: string) =>
  queryOptions({
    queryKey: ["agents", agentType, "front"],
    queryFn: ({ signal }) => getJson(`/agents/${agentType}/front`, agentFront, signal),
    refetchInterval: ({ state }) =>
      isRunning(state.data?.optimization) ? pollMs.running : pollMs.calm,
  });

export const lineageQuery = (agentType: string) =>
  queryOptions({
    queryKey: ["agents", agentType, "lineage"],
    queryFn: ({ signal }) => getJson(`/agents/${agentType}/lineage`, agentLineage, signal),
    refetchInterval: pollMs.calm,
  });

/** Prompts of an agent, newest first, page by page. */
export const promptsQuery = (agentType: string, status: PromptStatus | null) =>
  infiniteQueryOptions({
    queryKey: ["prompts", { agentType, status }],
    queryFn: ({ pageParam, signal }) => {
      const search = new URLSearchParams({ agentType, limit: "25" });
      if (status !== null) search.set("status", status);
      if (pageParam !== "") search.set("cursor", pageParam);
      return getJson(`/prompts?${search}`, promptPage, signal);
    },
    // The first page has no cursor.
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: pollMs.calm,
    placeholderData: keepPreviousData,
  });

export const settingsQuery = queryOptions({
  queryKey: ["settings"],
  queryFn: ({ signal }) => getJson("/settings", settingsShape, signal),
});

export const promptQuery = (promptId: string) =>
  queryOptions({
    queryKey: ["prompts", promptId],
    queryFn: ({ signal }) => getJson(`/prompts/${promptId}`, publicPrompt, signal),
  });

/** A prompt's way through its lifecycle, newest first. */
export const transitionsQuery = (promptId: string) =>
  queryOptions({
    queryKey: ["prompts", promptId, "transitions"],
    queryFn: ({ signal }) => getJson(`/prompts/${promptId}/transitions`, transitionPage, signal),
  });

export const diffQuery = (promptId: string, against: string) =>
  queryOptions({
    queryKey: ["prompts", promptId, "diff", against],
    queryFn: ({ signal }) =>
      getJson(`/prompts/${promptId}/diff?against=${against}`, promptComparison, signal),
    // Both prompts are immutable.
    staleTime: Number.POSITIVE_INFINITY,
  });

/** What a save would say of a text. The server answers: one rule, one message, wherever it is shown. */
export const templateCheckQuery = (agentType: string, content: string) =>
  queryOptions({
    queryKey: ["template-check", agentType, content],
    queryFn: () => sendJson("POST", "/templates/check", { agentType, content }, templateVerdict),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  });

export const reviewsQuery = queryOptions({
  queryKey: ["reviews"],
  queryFn: ({ signal }) => getJson("/reviews?limit=500", reviewQueue, signal),
  refetchInterval: pollMs.calm,
});

export const reviewQuery = (promptId: string) =>
  queryOptions({
    queryKey: ["reviews", promptId],
    queryFn: ({ signal }) => getJson(`/reviews/${promptId}`, reviewPacket, signal),
    refetchInterval: pollMs.calm,
  });

export const optimizationsQuery = queryOptions({
  queryKey: ["optimizations"],
  queryFn: ({ signal }) => getJson("/optimizations", optimizationPage, signal),
  refetchInterval: ({ state }) =>
    state.data?.items.some(isRunning) ? pollMs.running : pollMs.calm,
});

export const optimizationQuery = (optimizationId: string) =>
  queryOptions({
    queryKey: ["optimizations", optimizationId],
    queryFn: ({ signal }) =>
      getJson(`/optimizations/${optimizationId}`, optimizationDetail, signal),
    refetchInterval: ({ state }) => (isRunning(state.data) ? pollMs.running : pollMs.calm),
  });

export const experimentQuery = (experimentId: string) =>
  queryOptions({
    queryKey: ["experiments", experimentId],
    queryFn: ({ signal }) => getJson(`/experiments/${experimentId}`, experimentDetail, signal),
  });

/** What the start dialogue lets a person choose; sizes that nobody set follow from the calls. */
export interface StartSettings {
  calls: number;
  seed: number;
  runCapUsd: number;
  sizes: StageSizes;
  /** Ids of prompts to prove without a search; empty for a search. */
  prove: readonly string[];
}

/** The settings as the API takes them. */
export function configOf({ calls, seed, runCapUsd, sizes, prove }: StartSettings) {
  return { calls, seed, prove, budget: { runCapUsd }, experiment: sizes };
}

/** What an optimization with these settings would take; nothing is asked while they are not complete. */
export const previewQuery = (agentType: string, settings: StartSettings | null) =>
  queryOptions({
    queryKey: ["optimizations", "preview", agentType, settings],
    queryFn: () => {
      const config = settings === null ? {} : configOf(settings);
      return sendJson("POST", "/optimizations/preview", { agentType, config }, optimizationPreview);
    },
    enabled: settings !== null,
    placeholderData: keepPreviousData,
    retry: false,
  });
