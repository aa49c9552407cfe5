import { z } from "zod";
import { benchmarkMetadata } from "#lib/domain/benchmark.ts";
import { grader } from "#lib/domain/grader.ts";
import { pageOf } from "./common.ts";

/** One task of a suite, as it stands in the registry. */
export const benchmarkShape = z
  .object({
    id: z.uuid(),
    suite: z.string(),
    externalId: z.string(),
    input: z.string(),
    expected: z.string().nullable(),
    labels: z.array(z.string()).nullable(),
    grader,
    weight: z.number(),
    contentHash: z.string(),
    family: z.string().nullable(),
    /** Hash of the normalized input; benchmarks of a suite with the same one ask the same. */
    group: z.string(),
    /** A confirmed loss of it rejects a prompt. */
    required: z.boolean(),
    /** Kept for proofs: no search, proposer or example sees it. */
    sealed: z.boolean(),
    metadata: benchmarkMetadata.optional(),
  })
  .meta({ id: "Benchmark" });

export const suitePage = pageOf(
  z.object({
    suite: z.string(),
    benchmarks: z.int(),
    /** Different inputs, each a group of its own. */
    groups: z.int(),
    /** Groups that only a proof opens. */
    sealed: z.int(),
  }),
);

const ids = z.array(z.string());

export const importedSuite = z.object({
  suite: z.string(),
  /** True when nothing was written: the figures say what would be. */
  checked: z.boolean(),
  created: z.int(),
  /** Already there with the same content. */
  unchanged: z.int(),
  /** Earlier versions of changed ones. */
  retired: z.int(),
  /** Different inputs of the whole suite; benchmarks with the same one are one group. */
  groups: z.int(),
  /** Groups that only a proof opens. */
  sealed: z.int(),
  /** Groups of several rows, which count once; `first` holds 20 groups of 20 ids at most. */
  repeated: z.object({
    groups: z.int(),
    rows: z.int(),
    first: z.array(z.object({ rows: z.int(), ids })),
  }),
  /** Groups whose rows expect different answers; `first` holds 20 at most. */
  contradictions: z.object({
    groups: z.int(),
    first: z.array(
      z.object({ answers: z.array(z.object({ expected: z.string(), rows: z.int(), ids })) }),
    ),
  }),
  /** Why nothing can be proven on this suite and what to do; null when a proof is possible. */
  advice: z.string().nullable(),
});
