import { Connection } from "@temporalio/client";
import { expect, inject, test } from "vitest";
import { startTemporalServer } from "#workflows/testing/temporal-server.ts";
import { registerSearchAttributes } from "./register-search-attributes.ts";

test("search attributes are registered on a server that nobody prepared, by two workers at once", async () => {
  const server = await startTemporalServer({ cli: inject("temporalCli"), bare: true });
  const connection = await Connection.connect({ address: server.address });
  try {
    await Promise.all([
      registerSearchAttributes(connection, server.namespace),
      registerSearchAttributes(connection, server.namespace),
    ]);
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace: server.namespace,
    });
    expect(Object.keys(customAttributes ?? {})).toContain("GenepoolAgentType");
  } finally {
    await connection.close();
    await server.stop();
  }
});

test("where they cannot be registered the message gives the commands", async () => {
  const refused = {
    withDeadline: <T>(_: number | Date, call: () => Promise<T>) => call(),
    operatorService: {
      listSearchAttributes: async () => ({ customAttributes: { GenepoolStatus: 2 } }),
      addSearchAttributes: async () => {
        throw new Error("PERMISSION_DENIED");
      },
    },
  };
  // Only these calls are made: the real service has a dozen more.
  await expect(registerSearchAttributes(refused as unknown as Connection, "prod")).rejects.toThrow(
    /search-attribute create --namespace prod --name GenepoolAgentType/,
  );
});
