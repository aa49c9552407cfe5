/** What one worker process serves and how much of it at a time. Pure. */
import { namesIn, providerRates, requireProvider } from "#lib/temporal/provider-rates.ts";
import { providers } from "#lib/temporal/queues.ts";

export interface WorkerSettings {
  /** Activities at a time on each queue. */
  concurrency: number;
  /** Providers served, each with trials a second over all workers; null is no limit. */
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
  const names = namesIn(env.GENEPOOL_WORKER_PROVIDERS);
  const rates = providerRates(env.GENEPOOL_WORKER_PROVIDER_RATES);
  const served = names.length === 0 ? [...providers] : names;
  for (const name of served) requireProvider(name);
  return {
    concurrency: env.GENEPOOL_WORKER_CONCURRENCY,
    providers: served.map((name) => ({ name, ratePerSecond: rates.get(name) ?? null })),
    drainMs: env.GENEPOOL_WORKER_DRAIN_SECONDS * 1_000,
  };
}
