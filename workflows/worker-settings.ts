/** What one worker process serves and how much of it at a time. Pure. */
import { AppError } from "#lib/errors.ts";
import { providers } from "#lib/temporal/queues.ts";

export interface WorkerSettings {
  /** Activities at a time on each queue. */
  concurrency: number;
  /** Providers served, each with activities a second over all workers; null is no limit. */
  providers: { name: string; ratePerSecond: number | null }[];
  drainMs: number;
}

/** Throws AppError("invalid") for a provider that does not exist and for a rate that is none. */
export function workerSettings(env: {
  GENEPOOL_WORKER_CONCURRENCY: number;
  GENEPOOL_WORKER_PROVIDERS?: string | undefined;
  GENEPOOL_WORKER_PROVIDER_RATES?: string | undefined;
  GENEPOOL_WORKER_DRAIN_SECONDS: number;
}): WorkerSettings {
  const names = list(env.GENEPOOL_WORKER_PROVIDERS);
  const rates = new Map(list(env.GENEPOOL_WORKER_PROVIDER_RATES).map(parseRate));
  const served = names.length === 0 ? [...providers] : names;
  for (const name of [...served, ...rates.keys()]) requireProvider(name);
  return {
    concurrency: env.GENEPOOL_WORKER_CONCURRENCY,
    providers: served.map((name) => ({ name, ratePerSecond: rates.get(name) ?? null })),
    drainMs: env.GENEPOOL_WORKER_DRAIN_SECONDS * 1_000,
  };
}

function list(text: string | undefined): string[] {
  return (text ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function parseRate(text: string): [name: string, rate: number] {
  const [, name, number] = /^([a-z-]+)=(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  const rate = Number(number);
  if (name === undefined || !(rate > 0))
    throw new AppError(
      "invalid",
      `GENEPOOL_WORKER_PROVIDER_RATES: "${text}" is not provider=activities a second, as openai=5.`,
    );
  return [name, rate];
}

function requireProvider(name: string): void {
  if (providers.some((known) => known === name)) return;
  throw new AppError(
    "invalid",
    `There is no provider "${name}" for a worker: ${providers.join(", ")}.`,
  );
}
