import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { type PostOptions, postEvent } from "./post-event.ts";
import { isPrivateAddress } from "./private-address.ts";
import { parseWebhookUrl } from "./webhook-url.ts";

const servers: http.Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
});

/** A receiver on loopback; answers its port and the requests that reached it. */
async function receiver(handler: http.RequestListener): Promise<{ port: number; seen: string[] }> {
  const seen: string[] = [];
  const server = http.createServer((request, response) => {
    seen.push(request.url ?? "");
    handler(request, response);
  });
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address() as AddressInfo;
  return { port: address.port, seen };
}

const open: PostOptions = { allowPrivate: true, timeoutMs: 5_000 };
const closed: PostOptions = { ...open, allowPrivate: false };
const post = (url: string, options: PostOptions) =>
  postEvent({ url, headers: { "webhook-id": "evt_1" }, body: '{"type":"test"}' }, options);

test("the answer's status and the beginning of its body are kept, and no more than that is read", async () => {
  const { port } = await receiver((_, response) => {
    response.writeHead(202);
    // Far beyond what is read, and it never ends.
    response.write("ok\0".padEnd(500_000, "x"));
  });
  const result = await post(`http://127.0.0.1:${port}/`, open);
  expect(result).toMatchObject({ responseStatus: 202, error: null });
  expect(result.responseExcerpt).toHaveLength(1_000);
  expect(result.responseExcerpt?.slice(0, 4)).toBe("ok\uFFFDx");
});

test("a status counts although the body behind it never comes", async () => {
  const { port } = await receiver((_, response) => {
    response.writeHead(200);
    response.flushHeaders();
  });
  const result = await post(`http://127.0.0.1:${port}/`, open);
  expect(result).toEqual({ responseStatus: 200, responseExcerpt: "", error: null });
});

test("a receiver that hangs is left after the time-out", async () => {
  const { port } = await receiver(() => undefined);
  const result = await post(`http://127.0.0.1:${port}/`, { ...open, timeoutMs: 100 });
  expect(result).toEqual({
    responseStatus: null,
    responseExcerpt: null,
    error: "No answer within 100 ms.",
  });
});

test("a resolver that hangs is left after the time-out", async () => {
  const resolve = () => new Promise<never>(() => undefined);
  const result = await post("http://hook.example/", { ...open, timeoutMs: 100, resolve });
  expect(result.error).toBe("No answer within 100 ms.");
});

test("redirects are not followed", async () => {
  const { port, seen } = await receiver((_, response) => {
    response.writeHead(307, { location: "/elsewhere" }).end();
  });
  const result = await post(`http://127.0.0.1:${port}/first`, open);
  expect(result).toMatchObject({ responseStatus: 307, error: expect.stringContaining("redirect") });
  expect(seen).toEqual(["/first"]);
});

test("a connection that is refused or closed without an answer is an error in words", async () => {
  const { port } = await receiver((request) => request.socket.destroy());
  expect((await post(`http://127.0.0.1:${port}/`, open)).error).toContain("hang up");
  const free = await receiver(() => undefined);
  const server = servers.pop();
  await new Promise((done) => server?.close(done));
  expect((await post(`http://127.0.0.1:${free.port}/`, open)).error).toContain("ECONNREFUSED");
});

const privateHosts = [
  "127.1",
  "2130706433",
  "0x7f.0.0.1",
  "0177.0.0.1",
  "10.0.0.1",
  "169.254.169.254",
  "2852039166",
  "100.100.100.200",
  "168.63.129.16",
  "0.0.0.0",
  "255.255.255.255",
  "[::1]",
  "[::]",
  "[::ffff:127.0.0.1]",
  "[::ffff:8.8.8.8]",
  "[64:ff9b::7f00:1]",
  "[fe80::1]",
  "[fd00:ec2::254]",
  "[2002:7f00:1::]",
  "[ff02::1]",
];

test.each(privateHosts)("%s is refused as an address and nothing is sent there", async (host) => {
  expect(() => parseWebhookUrl(`http://${host}/hook`, { allowPrivate: false })).toThrow(/private/);
  expect(parseWebhookUrl(`http://${host}/hook`, { allowPrivate: true })).toMatch(/^http:/);
  const result = await post(`http://${host}/hook`, closed);
  expect(result.error).toContain("private address");
});

test("a loopback receiver is not reached by number, by name, or by a name with one private address of several", async () => {
  const { port, seen } = await receiver((_, response) => response.end());
  await post(`http://127.0.0.1:${port}/`, closed);
  await post(`http://localhost:${port}/`, closed);
  const both = async () => [
    { address: "93.184.216.34", family: 4 },
    { address: "127.0.0.1", family: 4 },
  ];
  const result = await post(`http://hook.example:${port}/`, { ...closed, resolve: both });
  expect(result.error).toContain("private address");
  expect(seen).toEqual([]);
});

test("the connection goes to the address that was checked, and the name is asked for once", async () => {
  const { port, seen } = await receiver((_, response) => response.end());
  let asked = 0;
  const resolve = async () => {
    asked++;
    return [{ address: "127.0.0.1", family: 4 }];
  };
  const result = await post(`http://rebinding.example:${port}/`, { ...open, resolve });
  expect(result.responseStatus).toBe(200);
  expect(asked).toBe(1);
  expect(seen).toHaveLength(1);
});

test("public addresses are not private", () => {
  for (const address of ["8.8.8.8", "172.15.0.1", "172.32.0.1", "100.63.0.1", "2606:4700::1111"])
    expect(isPrivateAddress(address), address).toBe(false);
});

test("an address with credentials, a fragment or another protocol is refused", () => {
  const bad = ["ftp://a.example/", "http://u:p@a.example/", "https://a.example/#x", "nothing", ""];
  for (const url of [...bad, `https://a.example/${"x".repeat(2_000)}`])
    expect(() => parseWebhookUrl(url, { allowPrivate: true }), url).toThrow(/The url of the/);
  for (const url of ["http://localhost/", "http://api.localhost:3000/", "http://LOCALHOST./"])
    expect(() => parseWebhookUrl(url, { allowPrivate: false }), url).toThrow(/private/);
  expect(parseWebhookUrl("https://a.example", { allowPrivate: false })).toBe("https://a.example/");
});
