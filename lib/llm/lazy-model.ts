import type { LanguageModelV3 } from "@ai-sdk/provider";

/**
 * A model whose provider is loaded at its first call: a process that only simulates, as every worker thread is, never
 * pays for the packages of the vendors.
 */
export function lazyModel(
  provider: string,
  modelId: string,
  load: () => Promise<LanguageModelV3>,
): LanguageModelV3 {
  let loading: Promise<LanguageModelV3> | null = null;
  const loaded = () => {
    loading ??= load();
    return loading;
  };
  return {
    specificationVersion: "v3",
    provider,
    modelId,
    // Only texts are sent, so no URL is ever handed through.
    supportedUrls: {},
    doGenerate: async (options) => (await loaded()).doGenerate(options),
    doStream: async (options) => (await loaded()).doStream(options),
  };
}
