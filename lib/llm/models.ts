/** The model registry: the one place that knows which providers exist, the simulated one among them. */
import type { LanguageModelV3 } from "@ai-sdk/provider";
import { AppError } from "../errors.ts";
import { lazyModel } from "./lazy-model.ts";
import { listPrices, type ModelPrice, type PriceTable } from "./prices.ts";
import { createSimulatedModel, simulatedModelNames, simulatedPrices } from "./simulated/model.ts";

// The SDK would print to standard output, which belongs to the command line's answers, at every call with a setting
// that a vendor does not take (a seed at Anthropic, a temperature at OpenAI's reasoning models).
globalThis.AI_SDK_LOG_WARNINGS = false;

export interface ProviderKeys {
  openai?: string | undefined;
  anthropic?: string | undefined;
  google?: string | undefined;
  /** Any server that speaks OpenAI's protocol: Ollama, vLLM, llama.cpp. */
  compatible?: { url: string; apiKey?: string | undefined } | undefined;
}

export interface ModelOptions {
  keys: ProviderKeys;
  /** Prices that override and complete the list. */
  prices?: PriceTable;
}

export interface ResolvedModel {
  /** `provider:name`, aliases resolved. */
  id: string;
  model: LanguageModelV3;
  price: ModelPrice;
  /** Its results are those of a simulation and must be called so wherever they show. */
  simulated: boolean;
  /** It runs in this process and is deterministic in its seed: repeating a call bills nobody. */
  local: boolean;
}

/** The full id of a model name: `simulated` is `simulated:standard`. */
export function canonicalModelId(id: string): string {
  return id === "simulated" ? "simulated:standard" : id;
}

/** True for ids whose results are a simulation's. */
export function isSimulatedModel(id: string): boolean {
  return id === "simulated" || id.startsWith("simulated:");
}

/**
 * Finds a model. Throws AppError("invalid") for an unknown provider, a missing key or a model without a price, and
 * says how to mend it.
 */
export function resolveModel(name: string, options: ModelOptions): ResolvedModel {
  const id = canonicalModelId(name);
  const at = id.indexOf(":");
  const provider = id.slice(0, at);
  const modelName = id.slice(at + 1);
  if (at < 1 || modelName === "")
    throw new AppError(
      "invalid",
      `"${name}" is no model: write provider:name, as openai:gpt-4.1-mini or simulated.`,
    );
  if (provider === "simulated") return simulatedModel(id, modelName);
  return {
    id,
    model: remoteModel(provider, modelName, options.keys),
    price: priceOf(id, options),
    simulated: false,
    local: false,
  };
}

function simulatedModel(id: string, name: string): ResolvedModel {
  const known = simulatedModelNames.find((candidate) => candidate === name);
  if (known === undefined) {
    throw new AppError(
      "invalid",
      `There is no simulated model "${name}": ${simulatedModelNames.join(", ")}.`,
    );
  }
  return {
    id,
    model: createSimulatedModel(known),
    price: simulatedPrices[known],
    simulated: true,
    local: true,
  };
}

function remoteModel(provider: string, name: string, keys: ProviderKeys): LanguageModelV3 {
  switch (provider) {
    case "openai": {
      const apiKey = requireKey(keys.openai, {
        model: `${provider}:${name}`,
        variable: "OPENAI_API_KEY",
      });
      return lazyModel(provider, name, async () =>
        (await import("@ai-sdk/openai")).createOpenAI({ apiKey }).chat(name),
      );
    }
    case "anthropic": {
      const apiKey = requireKey(keys.anthropic, {
        model: `${provider}:${name}`,
        variable: "ANTHROPIC_API_KEY",
      });
      return lazyModel(provider, name, async () =>
        (await import("@ai-sdk/anthropic")).createAnthropic({ apiKey })(name),
      );
    }
    case "google": {
      const apiKey = requireKey(keys.google, {
        model: `${provider}:${name}`,
        variable: "GOOGLE_GENERATIVE_AI_API_KEY",
      });
      return lazyModel(provider, name, async () =>
        (await import("@ai-sdk/google")).createGoogleGenerativeAI({ apiKey })(name),
      );
    }
    case "compatible": {
      const { url, apiKey } = requireKey(keys.compatible, {
        model: `${provider}:${name}`,
        variable: "OPENAI_COMPATIBLE_URL",
      });
      const settings = {
        name: provider,
        baseURL: url,
        supportsStructuredOutputs: true,
        ...(apiKey === undefined ? {} : { apiKey }),
      };
      return lazyModel(provider, name, async () =>
        (await import("@ai-sdk/openai-compatible")).createOpenAICompatible(settings)(name),
      );
    }
    default:
      throw new AppError(
        "invalid",
        `There is no provider "${provider}": openai, anthropic, google, compatible or simulated.`,
      );
  }
}

function requireKey<T>(
  value: T | undefined,
  { model, variable }: { model: string; variable: string },
): T {
  if (value !== undefined) return value;
  throw new AppError("invalid", `The model ${model} needs ${variable} to be set.`);
}

/** The price of a model without its key, for estimates; null when there is none. */
export function findPrice(name: string, prices: PriceTable): ModelPrice | null {
  const id = canonicalModelId(name);
  const simulated = simulatedModelNames.find((known) => id === `simulated:${known}`);
  if (simulated !== undefined) return simulatedPrices[simulated];
  return prices[id] ?? listPrices[id] ?? null;
}

function priceOf(id: string, options: ModelOptions): ModelPrice {
  const price = findPrice(id, options.prices ?? {});
  if (price !== null) return price;
  throw new AppError(
    "invalid",
    `The model ${id} has no price, so its spending could not be kept within the budget. Give it one in GENEPOOL_PRICES_FILE, for example {"${id}": {"inputUsdPerMTok": 0, "outputUsdPerMTok": 0}} for a model of your own.`,
  );
}

/** Resolves each model once. */
export function rememberingResolver(options: ModelOptions): (id: string) => ResolvedModel {
  const known = new Map<string, ResolvedModel>();
  return (id) => {
    const found = known.get(id) ?? resolveModel(id, options);
    known.set(id, found);
    return found;
  };
}
