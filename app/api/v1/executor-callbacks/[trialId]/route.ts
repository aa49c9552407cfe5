import { randomUUID } from "node:crypto";
import { log } from "#app/services.ts";
import { keepCallbackAnswer, requireOpenCallback } from "#lib/db/executor-callbacks.ts";
import { database } from "#lib/db/instance.ts";
import { boundedText } from "#lib/http/bounded-text.ts";
import { callbackParams } from "#lib/http/endpoints/executors.ts";
import { errorResponse } from "#lib/http/respond.ts";
import { parseInput } from "#lib/parse-input.ts";

const answerMaxBytes = 10 * 1024 * 1024;

/** The token is the caller's only identity, so it is checked before anything of the body is read. */
export async function POST(
  request: Request,
  context: { params: Promise<Record<string, string>> },
): Promise<Response> {
  try {
    const { trialId } = parseInput(callbackParams, await context.params, "The address is");
    const token = request.headers.get("genepool-callback-token") ?? "";
    await requireOpenCallback(database(), { trialId, token });
    const answer = await boundedText(request, answerMaxBytes);
    await keepCallbackAnswer(database(), { trialId, answer });
    return new Response(null, { status: 204 });
  } catch (error) {
    return errorResponse(error, randomUUID(), log());
  }
}
