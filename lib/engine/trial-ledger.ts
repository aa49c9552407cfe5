/** Trials and their money, written in batches: what several evaluators of one process ask at once goes together. */
import { releaseMany, settleMany, settleReleased } from "#lib/budget/close.ts";
import {
  type ReserveManyRequest,
  type ReserveVerdict,
  reserveMany,
} from "#lib/budget/reserve-many.ts";
import type { Database, Executor } from "#lib/db/client.ts";
import { inTransaction } from "#lib/db/transaction.ts";
import { insertTrials } from "#lib/db/trials.ts";
import { GroupCommit } from "./group-commit.ts";
import type { FinishedTrial } from "./trial-store.ts";

/** The run that trials belong to. */
export interface TrialRun {
  optimizationId: string;
  agentType: string;
  runSeed: number;
  /** False for models of this machine: repeating their trial bills nobody. */
  billable: boolean;
}

export interface TrialLedger {
  /** As `reserveMany`. */
  reserve(request: ReserveManyRequest): Promise<ReserveVerdict[]>;
  /** Stores the trials and settles their reservations, all or none. */
  store(run: TrialRun, trials: readonly FinishedTrial[]): Promise<void>;
}

const batchMax = 400;

export function createTrialLedger(db: Database): TrialLedger {
  type Work = ReserveManyRequest["works"][number];
  const reserving = new Groups<Work, ReserveVerdict>();
  const storing = new Groups<FinishedTrial, true>();
  return {
    reserve: ({ works, ...request }) =>
      reserving.add(JSON.stringify(request), works, (all) =>
        reserveMany(db, { ...request, works: all }),
      ),
    store: async (run, trials) => {
      await storing.add(JSON.stringify(run), trials, async (all) => {
        await inTransaction(db, (tx) => storeAndSettle(tx, run, all));
        return all.map(() => true);
      });
    },
  };
}

/** One group commit for each kind of call, for as long as it has callers. */
class Groups<Item, Answer> {
  private readonly groups = new Map<
    string,
    { commit: GroupCommit<Item, Answer>; callers: number }
  >();

  async add(
    kind: string,
    items: readonly Item[],
    run: (items: readonly Item[]) => Promise<readonly Answer[]>,
  ): Promise<Answer[]> {
    const group = this.groups.get(kind) ?? { commit: new GroupCommit(run, batchMax), callers: 0 };
    this.groups.set(kind, group);
    group.callers += 1;
    try {
      return await group.commit.add(items);
    } finally {
      group.callers -= 1;
      if (group.callers === 0) this.groups.delete(kind);
    }
  }
}

/**
 * What this call stored is booked, also where somebody who took this process for dead had given its money back. What
 * another call had stored before is booked only where somebody bills for the trial.
 */
async function storeAndSettle(
  tx: Executor,
  { optimizationId, agentType, runSeed, billable }: TrialRun,
  trials: readonly FinishedTrial[],
): Promise<void> {
  const inserted = await insertTrials(
    tx,
    trials.map(({ order, key, result }) => ({
      identity: {
        evaluationKey: key,
        experimentId: order.experimentId,
        optimizationId,
        agentType,
        promptId: order.prompt.id,
        benchmarkId: order.benchmark.id,
        arm: order.arm,
        runSeed,
        repeat: order.repeat,
      },
      result,
    })),
  );
  const own: FinishedTrial[] = [];
  const others: FinishedTrial[] = [];
  // Of two of one key the first was stored.
  for (const trial of trials) (inserted.delete(trial.key) ? own : others).push(trial);
  await settleMany(tx, costsOf(billable ? trials : own));
  if (!billable && others.length > 0)
    await releaseMany(
      tx,
      others.map(({ reservationId }) => reservationId),
    );
  await settleReleased(tx, costsOf(own));
}

function costsOf(trials: readonly FinishedTrial[]) {
  return trials.map(({ reservationId, result, earlierUsd = 0 }) => ({
    reservationId,
    actualUsd: result.costUsd + earlierUsd,
  }));
}
