import { contentHash } from "#lib/content-hash.ts";
import type { Verdict } from "#lib/domain/experiment.ts";
import type { Insight } from "#lib/domain/insight.ts";
import { alphaOfTest } from "#lib/stats/online-fallback.ts";
import type {
  ExperimentRecord,
  IndividualRecord,
  NewPrompt,
  OpenedProof,
  RunStore,
  SearchPrompt,
} from "../ports.ts";

export interface MemoryRunStore extends RunStore {
  readonly prompts: ReadonlyMap<string, SearchPrompt>;
  readonly origins: ReadonlyMap<string, NewPrompt>;
  readonly generations: ReadonlyMap<
    number,
    { hypervolume: number; individuals: readonly IndividualRecord[] }
  >;
  readonly nominated: readonly { promptId: string; experimentId: string; verdict: Verdict }[];
  requestStop(): void;
}

/** Proofs against each incumbent, which several runs may share. */
export type MemoryProofLedger = Map<
  string,
  { alpha: number; claimed: boolean; groups: readonly string[] }[]
>;

/** A run store without a database, for tests and benches: the same rules, kept in memory. */
export function createMemoryRunStore(
  incumbent: SearchPrompt,
  ledger: MemoryProofLedger = new Map(),
): MemoryRunStore {
  const prompts = new Map<string, SearchPrompt>([[incumbent.id, incumbent]]);
  const origins = new Map<string, NewPrompt>();
  const steps = new Map<string, string>();
  const experiments = new Map<string, ExperimentRecord & { verdict: Verdict | null }>();
  const generations = new Map<
    number,
    { hypervolume: number; individuals: readonly IndividualRecord[] }
  >();
  const nominated: { promptId: string; experimentId: string; verdict: Verdict }[] = [];
  const insights: Insight[] = [];
  let stopRequested = false;
  let opened: OpenedProof | null = null;
  return {
    prompts,
    origins,
    generations,
    nominated,
    requestStop: () => {
      stopRequested = true;
    },
    readStep: async (generation, step) => {
      const text = steps.get(`${generation}/${step}`);
      return text === undefined ? null : JSON.parse(text);
    },
    writeStep: async (generation, step, output) => {
      steps.set(`${generation}/${step}`, JSON.stringify(output));
    },
    registerPrompt: async (prompt) => {
      const hash = contentHash(prompt.genome);
      const known = [...prompts.values()].find((other) => other.contentHash === hash);
      if (known !== undefined) return { state: "registered", prompt: known, created: false };
      const registered: SearchPrompt = {
        id: `prompt-${prompts.size}`,
        version: `1.0.${prompts.size}`,
        contentHash: hash,
        genome: prompt.genome,
      };
      prompts.set(registered.id, registered);
      origins.set(registered.id, prompt);
      return { state: "registered", prompt: registered, created: true };
    },
    loadPrompts: async (ids) => ids.flatMap((id) => prompts.get(id) ?? []),
    measuredBefore: async () => [],
    markExperimental: async () => {},
    startExperiment: async (experiment) => {
      if (!experiments.has(experiment.id))
        experiments.set(experiment.id, { ...experiment, verdict: null });
    },
    finishExperiment: async (id, _results, verdict) => {
      const experiment = experiments.get(id);
      if (experiment !== undefined) experiments.set(id, { ...experiment, verdict });
    },
    writeGeneration: async (number, hypervolume, individuals) => {
      generations.set(number, { hypervolume, individuals });
    },
    writeInsights: async (found) => {
      insights.splice(0, insights.length, ...found);
    },
    openProof: async (incumbentId) => {
      if (opened !== null) return opened;
      const before = ledger.get(incumbentId) ?? [];
      const uses = new Map<string, number>();
      for (const group of before.flatMap(({ groups }) => groups))
        uses.set(group, (uses.get(group) ?? 0) + 1);
      const alpha = alphaOfTest(
        before.map((proof) => ({ alpha: proof.alpha, rejected: proof.claimed })),
      );
      ledger.set(incumbentId, [...before, { alpha, claimed: false, groups: [] }]);
      opened = { ordinal: before.length + 1, alpha, uses };
      return opened;
    },
    closeProof: async (incumbentId, { groups, claimed }) => {
      const proofs = ledger.get(incumbentId) ?? [];
      const own = proofs.at(-1);
      if (own !== undefined)
        ledger.set(incumbentId, [...proofs.slice(0, -1), { ...own, groups, claimed }]);
    },
    nominate: async (candidates) => {
      nominated.splice(0, nominated.length, ...candidates);
    },
    withdraw: async (unproven) => {
      const out = new Set(unproven.map(({ promptId }) => promptId));
      nominated.splice(0, nominated.length, ...nominated.filter((one) => !out.has(one.promptId)));
    },
    reportProgress: async () => {},
    isStopRequested: async () => stopRequested,
  };
}
