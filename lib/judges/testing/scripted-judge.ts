/** A judge that decides by rule, at a price, for tests. */
import type { LanguageModelV3 } from "@ai-sdk/provider";
import { z } from "zod";
import type { ResolvedModel } from "#lib/llm/models.ts";

const data = z.object({ expected: z.string(), answer: z.string(), rubric: z.string() });
export type Judged = z.infer<typeof data>;

export interface ScriptedJudge {
  resolved: ResolvedModel;
  /** Answers that it was asked about, in their order. */
  asked: string[];
}

/** Replies with what `decide` says: a score of 10 or 0, or this text. Each call costs 0.002 USD. */
export function scriptedJudge(decide: (judged: Judged) => boolean | string | Error): ScriptedJudge {
  const asked: string[] = [];
  const model: LanguageModelV3 = {
    specificationVersion: "v3",
    provider: "test",
    modelId: "judge",
    supportedUrls: {},
    doGenerate: async ({ prompt }) => {
      const text = JSON.stringify(prompt.find(({ role }) => role === "user")?.content);
      const line = /BEGIN \w+\\n(.*)\\nEND /.exec(text)?.[1] ?? "";
      const judged = data.parse(JSON.parse(JSON.parse(`"${line}"`)));
      asked.push(judged.answer);
      const said = decide(judged);
      if (said instanceof Error) throw said;
      const verdict = JSON.stringify({ reason: "By rule.", score: said === true ? 10 : 0 });
      return {
        content: [{ type: "text", text: typeof said === "string" ? said : verdict }],
        finishReason: { unified: "stop", raw: "stop" },
        usage: {
          inputTokens: { total: 1_000, noCache: 1_000, cacheRead: 0, cacheWrite: undefined },
          outputTokens: { total: 100, text: 100, reasoning: undefined },
        },
        warnings: [],
      };
    },
    doStream: () => Promise.reject(new Error("not used")),
  };
  const price = { inputUsdPerMTok: 1, outputUsdPerMTok: 10 };
  return {
    asked,
    resolved: { id: "compatible:judge", model, price, simulated: false, local: false },
  };
}
