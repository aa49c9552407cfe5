/**
 * The rates of model providers, which workers and optimizers read from one variable: the worker has its queue held to
 * it, and the optimizer sends that provider's trials one by one, since Temporal counts activities. Pure.
 */
import { AppError } from "../errors.ts";
import { providers } from "./queues.ts";

/** Trials a second by provider. Throws AppError("invalid") for a provider that does not exist and for a rate that is none. */
export function providerRates(text: string | undefined): Map<string, number> {
  const rates = new Map(namesIn(text).map(parseRate));
  for (const name of rates.keys()) requireProvider(name);
  return rates;
}

/** The parts of a list with commas. */
export function namesIn(text: string | undefined): string[] {
  return (text ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** Throws AppError("invalid") for a provider that does not exist. */
export function requireProvider(name: string): void {
  if (providers.some((known) => known === name)) return;
  throw new AppError(
    "invalid",
    `There is no provider "${name}" for a worker: ${providers.join(", ")}.`,
  );
}

function parseRate(text: string): [name: string, rate: number] {
  const [, name, number] = /^([a-z-]+)=(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  const rate = Number(number);
  if (name === undefined || !(rate > 0))
    throw new AppError(
      "invalid",
      `GENEPOOL_WORKER_PROVIDER_RATES: "${text}" is not provider=trials a second, as openai=5.`,
    );
  return [name, rate];
}
