import { Client, Connection } from "@temporalio/client";
import { expect, inject, test } from "vitest";
import { startTemporalServer } from "./temporal-server.ts";

test("the run's server is a real one with the product's search attributes", async () => {
  const connection = await Connection.connect({ address: inject("temporalAddress") });
  try {
    const answer = await connection.operatorService.listSearchAttributes({
      namespace: inject("temporalNamespace"),
    });
    expect(Object.keys(answer.customAttributes ?? {})).toEqual(
      expect.arrayContaining(["GenepoolAgentType", "GenepoolPromptId"]),
    );
  } finally {
    await connection.close();
  }
});

test("a server that is killed comes back with what it knew", async () => {
  const server = await startTemporalServer({ cli: inject("temporalCli") });
  try {
    const connection = await Connection.connect({ address: server.address });
    const client = new Client({ connection, namespace: server.namespace });
    await client.workflow.start("Unheard", { taskQueue: "nobody", workflowId: "kept" });
    await server.kill();
    await server.start();
    const { status } = await client.workflow.getHandle("kept").describe();
    expect(status.name).toBe("RUNNING");
    await connection.close();
  } finally {
    await server.stop();
  }
});
