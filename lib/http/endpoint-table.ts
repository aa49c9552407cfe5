/** Every operation of the HTTP API. What is not here does not exist; what is here has a handler: tests hold both. */
import type { Endpoint } from "./endpoint.ts";
import * as agents from "./endpoints/agents.ts";
import * as audit from "./endpoints/audit.ts";
import * as benchmarks from "./endpoints/benchmarks.ts";
import * as budget from "./endpoints/budget.ts";
import * as controller from "./endpoints/controller.ts";
import * as executors from "./endpoints/executors.ts";
import * as experiments from "./endpoints/experiments.ts";
import * as judges from "./endpoints/judges.ts";
import * as keys from "./endpoints/keys.ts";
import * as optimizations from "./endpoints/optimizations.ts";
import * as prompts from "./endpoints/prompts.ts";
import * as reviews from "./endpoints/reviews.ts";
import * as runs from "./endpoints/runs.ts";
import * as settings from "./endpoints/settings.ts";
import * as system from "./endpoints/system.ts";
import * as tags from "./endpoints/tags.ts";
import * as temporal from "./endpoints/temporal.ts";
import * as transfer from "./endpoints/transfer.ts";
import * as users from "./endpoints/users.ts";
import * as webhooks from "./endpoints/webhooks.ts";

const modules = [
  controller,
  agents,
  prompts,
  tags,
  reviews,
  runs,
  benchmarks,
  judges,
  experiments,
  executors,
  optimizations,
  budget,
  settings,
  users,
  keys,
  webhooks,
  audit,
  transfer,
  temporal,
  system,
];

export const endpointTable: readonly Endpoint[] = modules.flatMap((module) =>
  Object.values(module).filter(isEndpoint),
);

function isEndpoint(value: unknown): value is Endpoint {
  return typeof value === "object" && value !== null && "method" in value && "answers" in value;
}
