import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { refusalsOf } from "./endpoint.ts";
import { endpointTable } from "./endpoint-table.ts";
import { openApiDocument } from "./openapi.ts";

const root = path.resolve(import.meta.dirname, "../..");
const handlers = path.join(root, "app/api/v1");

/** Every exported method of every handler file: `GET /agents/{agentType}` and the endpoint it is made from. */
function exportedHandlers(): { operation: string; endpoint: string | null }[] {
  return readdirSync(handlers, { recursive: true, encoding: "utf8" })
    .filter((name) => path.basename(name) === "route.ts")
    .flatMap((name) => {
      const source = readFileSync(path.join(handlers, name), "utf8");
      const address = `/${path.dirname(name).replaceAll(path.sep, "/")}`
        .replace(/\[([^\]]+)\]/g, "{$1}")
        .replace(/^\/\.$/, "/");
      const found = source.matchAll(
        /^export (?:const|(?:async )?function) (GET|POST|PUT|PATCH|DELETE)\b(?:[^(]*route\(\s*endpoints\.(\w+))?/gm,
      );
      return [...found].map(([, method, endpoint]) => ({
        operation: `${method} ${address}`,
        endpoint: endpoint ?? null,
      }));
    });
}

test("every handler is in the endpoint table and every endpoint has a handler", () => {
  const described = endpointTable.map(({ method, path: address }) => `${method} ${address}`);
  const handled = exportedHandlers().map(({ operation }) => operation);
  expect(handled.toSorted()).toEqual(described.toSorted());
});

test("every handler is made from the endpoint of its own address and method", () => {
  for (const { operation, endpoint } of exportedHandlers()) {
    if (endpoint === null) continue;
    const spec = endpointTable.find(({ id }) => id === endpoint);
    expect(`${spec?.method} ${spec?.path}`).toBe(operation);
  }
});

test("operation ids are unique and say what they do", () => {
  const ids = endpointTable.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z]+[A-Z]\w+$/);
});

test("the variable parts of an address are the ones that its schema names", () => {
  for (const { id, path: address, params } of endpointTable) {
    const named = [...address.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const known = params instanceof z.ZodObject ? Object.keys(params.shape) : [];
    expect(known.toSorted(), id).toEqual(named.toSorted());
  }
});

test("creating takes an Idempotency-Key", () => {
  for (const spec of endpointTable) {
    if (spec.method === "POST" && 201 in spec.answers) expect(spec.idempotent, spec.id).toBe(true);
  }
});

test("the committed OpenAPI document is the one that the endpoints make", () => {
  const committed: unknown = JSON.parse(readFileSync(path.join(root, "docs/openapi.json"), "utf8"));
  expect(
    JSON.parse(JSON.stringify(openApiDocument(endpointTable))),
    "run: npx tsx scripts/write-openapi.ts",
  ).toEqual(committed);
});

test("every operation documents its refusals", () => {
  const { paths } = openApiDocument(endpointTable);
  for (const spec of endpointTable) {
    const operation = paths?.[`/api/v1${spec.path}`]?.[spec.method === "GET" ? "get" : "post"];
    if (operation === undefined) continue;
    const statuses = Object.keys(operation.responses ?? {}).map(Number);
    expect(statuses.length, spec.id).toBeGreaterThan(refusalsOf(spec).length - 1);
  }
});
