import { randomUUID } from "node:crypto";
import {
  type PromptSelector,
  type PromptSources,
  servePrompt,
} from "#lib/registry/serve-prompt.ts";
import { requireAccess, requireAgentTypes } from "./access.ts";
import { fetchPrompt } from "./endpoints/controller.ts";
import { readRequest } from "./read-request.ts";
import { errorResponse } from "./respond.ts";
import type { Services } from "./route.ts";

export type PromptFetchServices = Pick<Services, "log" | "identify"> & { prompts: PromptSources };

/** What an address selects. */
interface Selected {
  agentTypes: readonly string[];
  agentType: string;
  selector: PromptSelector;
}

const access = fetchPrompt.access ?? { role: "viewer" };
const addressForm = /\/agents\/([^/]+)\/prompt\/?$/;
const addressesMax = 1_000;

/**
 * The controller's path as a function of a web Request, for any server to mount below any prefix: it reads the agent type
 * from the address, checks who asks, and answers every failure itself. Never rejects. It does what `createRoute` does in
 * the same order, but reads each address once: controllers ask for the same few all the time.
 */
export function createPromptFetch(
  services: () => PromptFetchServices,
): (request: Request) => Promise<Response> {
  const known = new Map<string, Selected>();
  const select = async (request: Request): Promise<Selected> => {
    const selected = known.get(request.url) ?? (await readAddress(request));
    if (known.size >= addressesMax) known.clear();
    known.set(request.url, selected);
    return selected;
  };
  return async (request) => {
    const requestId = randomUUID();
    const { log, identify, prompts } = services();
    try {
      const principal = requireAccess(await identify(request), access);
      const { agentTypes, agentType, selector } = await select(request);
      requireAgentTypes(principal, access, agentTypes);
      const ifNoneMatch = request.headers.get("if-none-match");
      const response = await servePrompt(prompts, agentType, selector, ifNoneMatch);
      response.headers.set("x-request-id", requestId);
      return response;
    } catch (error) {
      return errorResponse(error, requestId, log);
    }
  };
}

/** Throws AppError("invalid") for an address that does not parse. */
async function readAddress(request: Request): Promise<Selected> {
  // Names of agent types need no escapes, so one that has them is refused as it stands.
  const [, given] = addressForm.exec(new URL(request.url).pathname) ?? [];
  const { params, query, agentTypes } = await readRequest(fetchPrompt, request, {
    agentType: given,
  });
  const { tag = "prod", version } = query;
  const selector = version === undefined ? { tag } : { version };
  return { agentTypes, agentType: params.agentType, selector };
}
