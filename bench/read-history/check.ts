/**
 * Judges a history of reads against a history of moves. Times are milliseconds on one clock. A move takes effect at some
 * moment between its beginning and its acknowledgement, so a read is wrong only when no such moments make it right.
 */
export interface Move {
  generation: number;
  promptId: string;
  beganAt: number;
  acknowledgedAt: number;
}

export interface Read {
  reader: number;
  beganAt: number;
  endedAt: number;
  generation: number;
  /** Null for an answer without a body. */
  promptId: string | null;
  /** True when the answer itself says that it may be out of date. */
  stale: boolean;
}

/** What is wrong with the history, a sentence for each fault; empty when nothing is. */
export function faultsOf(moves: readonly Move[], reads: readonly Read[]): string[] {
  const byGeneration = new Map(moves.map((move) => [move.generation, move]));
  const last = new Map<number, number>();
  const faults: string[] = [];
  for (const read of reads) {
    const { reader, generation, promptId, beganAt, endedAt, stale } = read;
    const where = `reader ${reader} at ${beganAt.toFixed(1)} ms, generation ${generation}`;
    const move = byGeneration.get(generation);
    const next = byGeneration.get(generation + 1);
    if (stale) faults.push(`${where}: called stale`);
    if (move === undefined) faults.push(`${where}: there was no such generation`);
    else if (move.beganAt > endedAt) faults.push(`${where}: read before the move began`);
    else if (promptId !== null && promptId !== move.promptId)
      faults.push(`${where}: another prompt than the one moved to`);
    if (next !== undefined && next.acknowledgedAt < beganAt)
      faults.push(
        `${where}: the next move was acknowledged ${(beganAt - next.acknowledgedAt).toFixed(1)} ms before the read began`,
      );
    if (generation < (last.get(reader) ?? 0)) faults.push(`${where}: went back`);
    last.set(reader, generation);
  }
  return faults;
}
