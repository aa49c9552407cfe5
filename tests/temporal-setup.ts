/** One Temporal server for the whole run; each test file uses task queues of its own. */
import type { TestProject } from "vitest/node";
import { startTemporalServer } from "#workflows/testing/temporal-server.ts";
import {
  findTemporal,
  findTemporalPython,
  findTimeSkippingServer,
} from "../scripts/lib/temporal.mjs";

declare module "vitest" {
  interface ProvidedContext {
    /** The `temporal` command, for tests that kill servers of their own. */
    temporalCli: string;
    temporalAddress: string;
    temporalNamespace: string;
    timeSkippingServer: string | null;
    /** Python with Temporal's SDK. */
    temporalPython: string | null;
  }
}

/** Fails when there is no server: scripts/test.mjs installs one, or leaves this project out and says so. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const root = project.vitest.config.root;
  const cli = findTemporal(root);
  if (cli === null)
    throw new Error("There is no Temporal server: run npm test once, or set TEMPORAL_CLI_PATH.");
  const server = await startTemporalServer({ cli });
  project.provide("temporalCli", cli);
  project.provide("temporalAddress", server.address);
  project.provide("temporalNamespace", server.namespace);
  project.provide("timeSkippingServer", findTimeSkippingServer(root));
  project.provide("temporalPython", findTemporalPython(root));
  return server.stop;
}
