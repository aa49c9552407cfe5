/**
 * npm run chaos [-- --rounds 3 --seed 1 --only worker,server --json]: kills the parts of the product on real servers at
 * moments that the seed chooses, and counts what is left. One row a round, a table at the end; exit code 1 when a check
 * failed. The same checks, once each and at fixed moments, are in workflows/chaos.temporal.test.ts.
 */
import { parseArgs } from "node:util";
import { deployMigrations } from "#lib/db/migrate/migrate.ts";
import { draw } from "#lib/random.ts";
import { findTemporal } from "../../scripts/lib/temporal.mjs";
import { type ChaosKind, chaosKinds } from "./chaos-kinds.ts";
import { ChaosRig } from "./chaos-rig.ts";
import type { Round, RoundResult } from "./chaos-round.ts";
import { type KillablePostgres, startKillablePostgres } from "./killable-postgres.ts";
import { projectRoot, quietRuntime } from "./test-worker.ts";

type Row = RoundResult & { kind: ChaosKind; round: number; tookMs: number };

const roundTimeoutMs = 120_000;
const names = Object.keys(chaosKinds).filter(isKind);

function isKind(name: string): name is ChaosKind {
  return name in chaosKinds;
}

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    seed: { type: "string", default: "1" },
    only: { type: "string", default: names.join(",") },
    json: { type: "boolean", default: false },
  },
});
const kinds = options.only.split(",").map((name) => {
  if (!isKind(name)) return refuse(`--only takes some of ${names.join(",")}, not "${name}".`);
  return name;
});
const rounds = wholeNumber("--rounds", options.rounds);
const seed = wholeNumber("--seed", options.seed);

process.exit(await runAll());

function refuse(words: string): never {
  console.error(words);
  process.exit(2);
}

function wholeNumber(option: string, text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : refuse(`${option} takes a number, not "${text}".`);
}

async function runAll(): Promise<number> {
  const cli = findTemporal(projectRoot);
  if (cli === null) refuse("There is no Temporal server: run npm test once.");
  quietRuntime();
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const one of closers.splice(0).reverse()) await one();
  };
  // Whoever loses patience leaves no server behind.
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void close().finally(() => process.exit(130)));
  try {
    const postgres = await startKillablePostgres();
    closers.push(postgres.stop);
    await deployMigrations(postgres.url, projectRoot);
    const rig = await ChaosRig.start({ cli, databaseUrl: postgres.url });
    closers.push(() => rig.close());
    return await runRounds(rig, postgres);
  } finally {
    await close();
  }
}

async function runRounds(rig: ChaosRig, postgres: KillablePostgres): Promise<number> {
  const rows: Row[] = [];
  for (let round = 1; round <= rounds; round++)
    for (const kind of kinds) {
      const draws = draw(seed, kind, round);
      const row = await once({ kind, round }, { rig, postgres, draws });
      rows.push(row);
      if (!options.json) print(cellsOf(row));
    }
  if (options.json) process.stdout.write(`${JSON.stringify({ seed, rounds, rows }, null, 2)}\n`);
  else summarize(rows);
  return rows.every(({ faults }) => faults.length === 0) ? 0 : 1;
}

async function once(
  { kind, round }: { kind: ChaosKind; round: number },
  parts: Round,
): Promise<Row> {
  const began = performance.now();
  const result = await within(roundTimeoutMs, chaosKinds[kind](parts)).catch(
    (error: unknown): RoundResult => ({
      what: "broke off",
      wanted: 0,
      counts: null,
      recoveryMs: null,
      faults: [error instanceof Error ? error.message : String(error)],
    }),
  );
  return { kind, round, tookMs: Math.round(performance.now() - began), ...result };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${ms} ms`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function cellsOf({ kind, round, what, wanted, counts, recoveryMs, faults }: Row): string[] {
  const numbers =
    counts === null
      ? [`wanted ${wanted}`]
      : [
          `calls ${counts.calls}`,
          `stored ${counts.trials} of ${wanted}`,
          `booked ${counts.ledger.settled}`,
          `given back ${counts.ledger.released}`,
        ];
  return [
    `${kind} ${round}`,
    what,
    ...numbers,
    recoveryMs === null ? "" : `${recoveryMs} ms`,
    faults.length === 0 ? "sound" : `FAILED: ${faults.join("; ")}`,
  ];
}

function summarize(rows: readonly Row[]): void {
  process.stdout.write("\n");
  print(["kind", "rounds", "calls", "stored", "booked", "given back", "took at most", "failed"]);
  for (const kind of kinds) {
    const own = rows.filter((row) => row.kind === kind);
    const sum = (of: (row: Row) => number) => String(own.reduce((all, row) => all + of(row), 0));
    const slowest = Math.max(0, ...own.map(({ recoveryMs }) => recoveryMs ?? 0));
    print([
      kind,
      String(own.length),
      sum(({ counts }) => counts?.calls ?? 0),
      sum(({ counts }) => counts?.trials ?? 0),
      sum(({ counts }) => counts?.ledger.settled ?? 0),
      sum(({ counts }) => counts?.ledger.released ?? 0),
      `${slowest} ms`,
      sum(({ faults }) => Math.min(1, faults.length)),
    ]);
  }
}

function print(cells: readonly string[]): void {
  process.stdout.write(`| ${cells.filter((cell) => cell !== "").join(" | ")} |\n`);
}
