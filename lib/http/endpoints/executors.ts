import { z } from "zod";
import { executorAnswer } from "#lib/executors/contract.ts";
import { listedExecutor } from "#lib/executors/list-executors.ts";
import { endpoint } from "../endpoint.ts";

const group = "Executors";

export const listExecutors = endpoint({
  id: "listExecutors",
  method: "GET",
  path: "/executors",
  group,
  summary: "What runs the agent systems, without addresses, command lines and secrets",
  description:
    "The operator names executors in a file (GENEPOOL_EXECUTORS_FILE); none can be added here.",
  access: { role: "engineer", scope: "experiments:run" },
  answers: {
    200: {
      description: "The built-in executor, then those of the file.",
      schema: z.object({ items: z.array(listedExecutor.meta({ id: "Executor" })) }),
    },
  },
});

export const callbackParams = z.strictObject({ trialId: z.string().regex(/^[0-9a-f]{64}$/) });

export const answerTrial = endpoint({
  id: "answerTrial",
  method: "POST",
  path: "/executor-callbacks/{trialId}",
  group,
  summary: "The later answer of an executor that said 202",
  description:
    "For executors alone. The header genepool-callback-token holds the callback_token of the request. The first answer counts, up to 10 MB; one that is not as the contract says fails the trial with the reason.",
  access: null,
  params: callbackParams,
  body: executorAnswer,
  answers: { 204: { description: "It is kept." } },
  refusals: ["not-found", "conflict"],
});
