import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { compare, figuresOf } from "./compare.ts";

const run = promisify(execFile);
const load = path.join(import.meta.dirname, "load.mjs");

async function startServer(status: number) {
  const seen = { requests: 0, sockets: 0, key: "" };
  const server = createServer((request, response) => {
    seen.requests++;
    seen.key = request.headers.authorization ?? "";
    response.writeHead(status).end(status === 200 ? "body" : undefined);
  });
  server.on("connection", () => seen.sockets++);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { seen, url: `http://127.0.0.1:${port}/` };
}

const options = { headers: { authorization: "Bearer x" }, connections: 3, ms: 100 };

test("the load generator counts each answer once and keeps its connections", async () => {
  const { seen, url } = await startServer(304);
  const { stdout } = await run(process.execPath, [
    load,
    JSON.stringify({ ...options, url, status: 304 }),
  ]);
  const { latencies, ms } = z
    .object({ ms: z.number(), latencies: z.array(z.number().positive()) })
    .parse(JSON.parse(stdout));
  expect(latencies).toHaveLength(seen.requests);
  expect(latencies.length).toBeGreaterThanOrEqual(3);
  expect(ms).toBeGreaterThanOrEqual(100);
  expect(seen).toMatchObject({ sockets: 3, key: "Bearer x" });
});

test("an answer of another status ends the measurement", async () => {
  const { url } = await startServer(200);
  const wrong = run(process.execPath, [load, JSON.stringify({ ...options, url, status: 304 })]);
  await expect(wrong).rejects.toThrow("answered 200 instead of 304");
});

const latencies = Array.from({ length: 100 }, (_, i) => (i + 1) * 1_000);

test("the figures of several rounds are those of all their requests together", () => {
  const half = { ms: 500, latencies: latencies.slice(0, 50) };
  const rest = { ms: 500, latencies: latencies.slice(50) };
  expect(figuresOf([rest, half])).toEqual({ requests: 100, perSecond: 100, p50Ms: 50, p99Ms: 99 });
});

test("the target is met at nine tenths of the throughput and one and a half times the p99, not beyond", () => {
  const bare = [{ ms: 900, latencies }];
  const slower = (ms: number, factor: number) =>
    compare([{ ms, latencies: latencies.map((one) => one * factor) }], bare);
  expect(slower(1_000, 1.5).isMet).toBe(true);
  expect(slower(1_001, 1).isMet).toBe(false);
  expect(slower(900, 1.51).isMet).toBe(false);
});
