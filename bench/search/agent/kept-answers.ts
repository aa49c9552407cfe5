import { appendFile } from "node:fs/promises";
import { z } from "zod";
import { type TrialResult, trialResult } from "#lib/domain/trial.ts";
import { linesOf } from "./kept-runs.ts";

const keptAnswer = z.object({ key: z.string(), result: trialResult });

/** Answers of a real model in a JSONL file: a comparison takes hours, and no call need be made twice. */
export async function keptAnswers(file: string) {
  const known = new Map<string, TrialResult>();
  for (const line of await linesOf(file)) {
    const { key, result } = keptAnswer.parse(JSON.parse(line));
    known.set(key, result);
  }
  return {
    async answer(key: string, ask: () => Promise<TrialResult>): Promise<TrialResult> {
      const kept = known.get(key);
      if (kept !== undefined) return kept;
      const result = await ask();
      known.set(key, result);
      await appendFile(file, `${JSON.stringify({ key, result })}\n`);
      return result;
    },
  };
}
