/** The trials of one search in a world, counted as a user would pay for them: a request that was made before is not ordered again. */
import { contentHash } from "#lib/content-hash.ts";
import type { PromptGenome } from "#lib/domain/prompt.ts";
import { evidenceFromTrial } from "#optimizer/adapters/evidence-from-trials.ts";
import type { EvidenceRun } from "#optimizer/evidence.ts";
import type { TrialRecord } from "../agent/arena.ts";
import type { LabelWorld } from "./world.ts";

export class WorldTrials {
  /** Unique requests. */
  ordered = 0;
  /** All requests, those that were made before among them: more than `ordered` where a search asks again for what it knows. */
  asked = 0;
  private readonly hashes = new WeakMap<PromptGenome, string>();
  private readonly requests = new Set<string>();
  private readonly byPrompt = new Map<string, { genome: PromptGenome; trials: TrialRecord[] }>();

  constructor(
    readonly world: LabelWorld,
    readonly seed: number,
  ) {}

  get start(): PromptGenome {
    return this.world.start;
  }

  /** How many of these requests have not been made. */
  newOf(genome: PromptGenome, rowIds: readonly string[]): number {
    return rowIds.filter(
      (rowId) =>
        !this.requests.has(this.world.requestKey(genome, rowId, this.repeatOf(genome, rowId))),
    ).length;
  }

  /** Runs the prompt on each row once more; where a repeat would be a copy, what is known is told again and not counted. */
  run(genome: PromptGenome, rowIds: readonly string[]): TrialRecord[] {
    return rowIds.map((rowId) => this.order(genome, rowId, this.repeatOf(genome, rowId)));
  }

  order(genome: PromptGenome, rowId: string, repeat: number): TrialRecord {
    const key = this.world.requestKey(genome, rowId, repeat);
    const hash = this.hashOf(genome);
    const known = this.byPrompt.get(hash) ?? { genome, trials: [] };
    this.byPrompt.set(hash, known);
    const result = this.world.trial({ genome, rowId, repeat, seed: this.seed });
    const record = { benchmarkId: rowId, repeat, result };
    this.asked++;
    if (this.requests.has(key)) return record;
    this.requests.add(key);
    this.ordered++;
    known.trials.push(record);
    return record;
  }

  /** The trials of a prompt in the order of rows and repeats, each request once. */
  of(genome: PromptGenome): TrialRecord[] {
    return (this.byPrompt.get(this.hashOf(genome))?.trials ?? []).toSorted((a, b) => {
      if (a.benchmarkId !== b.benchmarkId) return a.benchmarkId < b.benchmarkId ? -1 : 1;
      return a.repeat - b.repeat;
    });
  }

  /** Every prompt that was tried, in the order of their first trials. */
  prompts(): PromptGenome[] {
    return [...this.byPrompt.values()].map(({ genome }) => genome);
  }

  /** The runs of a prompt as the optimizer's own operators read them; the start's where it has none. */
  runsOf(genome: PromptGenome): EvidenceRun[] {
    const own = this.of(genome);
    return (own.length > 0 ? own : this.of(this.world.start)).map(
      ({ benchmarkId, repeat, result }) =>
        evidenceFromTrial(`${benchmarkId}/${repeat}`, benchmarkId, result),
    );
  }

  /** Pass rate by row. */
  passRatesOf(genome: PromptGenome): Map<string, number> {
    const groups = new Map<string, TrialRecord[]>();
    for (const trial of this.of(genome))
      groups.set(trial.benchmarkId, [...(groups.get(trial.benchmarkId) ?? []), trial]);
    return new Map([...groups].map(([id, trials]) => [id, rateOf(trials)]));
  }

  private hashOf(genome: PromptGenome): string {
    const known = this.hashes.get(genome);
    if (known !== undefined) return known;
    const hash = contentHash(genome);
    this.hashes.set(genome, hash);
    return hash;
  }

  private repeatOf(genome: PromptGenome, rowId: string): number {
    if (genome.parameters.temperature === 0) return 0;
    const trials = this.byPrompt.get(this.hashOf(genome))?.trials ?? [];
    return trials.filter(({ benchmarkId }) => benchmarkId === rowId).length;
  }
}

function rateOf(trials: readonly TrialRecord[]): number {
  return trials.filter(({ result }) => result.outcome === "success").length / trials.length;
}
