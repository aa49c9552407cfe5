import { type PromptSources, servePrompt } from "#lib/registry/serve-prompt.ts";
import { fetchPrompt } from "./endpoints/controller.ts";
import { createRoute, type Services } from "./route.ts";

export type PromptFetchServices = Omit<Services, "writeLimit"> & { prompts: PromptSources };

const addressForm = /\/agents\/([^/]+)\/prompt\/?$/;

/**
 * The controller's path as a function of a web Request, for any server to mount below any prefix: it reads the agent type
 * from the address, checks who asks, and answers every failure itself. Never rejects.
 */
export function createPromptFetch(
  services: () => PromptFetchServices,
): (request: Request) => Promise<Response> {
  const route = createRoute(() => ({ ...services(), writeLimit: neverChanges }));
  const handler = route(fetchPrompt, ({ params, query, request }) => {
    const { tag = "prod", version } = query;
    const selector = version === undefined ? { tag } : { version };
    const { prompts } = services();
    return servePrompt(prompts, params.agentType, selector, request.headers.get("if-none-match"));
  });
  return (request) => handler(request, { params: Promise.resolve(paramsOf(request)) });
}

function paramsOf(request: Request): Record<string, unknown> {
  const [, agentType] = addressForm.exec(new URL(request.url).pathname) ?? [];
  // Names of agent types need no escapes, so one that has them is refused as it stands.
  return { agentType };
}

/** A fetch changes nothing, so that there is nothing to count. */
async function neverChanges(): Promise<void> {}
