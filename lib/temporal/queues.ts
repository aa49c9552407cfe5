/** Task queues. Importable by anyone, workflows too. */

/** Workflows, and activities that only touch the database. */
export const workflowQueue = "genepool";

/** Trials of one model provider: a queue of its own, because its rate limit holds for all workers together. */
export function providerQueue(provider: string): string {
  return `genepool-trials-${provider}`;
}

/** The providers of the model registry that a worker serves unless it is told which. */
export const providers = ["simulated", "openai", "anthropic", "google", "compatible"] as const;
