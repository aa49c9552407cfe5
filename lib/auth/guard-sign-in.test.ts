import { expect, test } from "vitest";
import { createLogger } from "#lib/log.ts";
import { createSignInGuard } from "./guard-sign-in.ts";

const log = createLogger({ level: "silent", name: "test" });
const host = { host: "genepool.test", origin: "http://genepool.test" };
const form = "application/x-www-form-urlencoded";

function attempt(
  options: {
    name?: string;
    address?: string;
    path?: string;
    headers?: Record<string, string>;
  } = {},
): Request {
  const { name = "anna", address = "192.0.2.1", path = "callback/credentials" } = options;
  return new Request(`http://genepool.test/api/auth/${path}`, {
    method: "POST",
    headers: {
      ...(options.headers ?? host),
      "content-type": form,
      "x-forwarded-for": address,
    },
    body: new URLSearchParams({ name, password: "guess" }),
  });
}

function guardOf(points: { name: number; address: number }) {
  return createSignInGuard(() => log, {
    name: { points: points.name, seconds: 60 },
    address: { points: points.address, seconds: 60 },
  });
}

test("sign-ins of one name are limited wherever they come from, and other names go on", async () => {
  const guard = guardOf({ name: 2, address: 100 });
  expect(await guard(attempt({ address: "192.0.2.1" }))).toBeNull();
  expect(await guard(attempt({ address: "192.0.2.2", name: " ANNA " }))).toBeNull();
  const refused = await guard(attempt({ address: "192.0.2.3" }));
  expect(refused?.status).toBe(429);
  expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0);
  // next-auth's client in the browser reads the error out of this address.
  expect(await refused?.json()).toMatchObject({
    error: { code: "too-many-requests" },
    url: "http://genepool.test/sign-in?error=too-many-requests",
  });
  expect(await guard(attempt({ name: "berta" }))).toBeNull();
});

test("sign-ins from one address are limited whatever name they give", async () => {
  const guard = guardOf({ name: 100, address: 2 });
  expect(await guard(attempt({ name: "a" }))).toBeNull();
  // What a client writes before the address that the proxy saw does not make it another client.
  expect(await guard(attempt({ name: "b", address: "203.0.113.9, 192.0.2.1" }))).toBeNull();
  expect((await guard(attempt({ name: "c" })))?.status).toBe(429);
  expect((await guard(attempt({ name: "c", path: "signin/oidc" })))?.status).toBe(429);
  expect(await guard(attempt({ name: "c", address: "192.0.2.7" }))).toBeNull();
  expect(await guard(attempt({ path: "signout" }))).toBeNull();
});

test("a request that passes keeps its body for the handler", async () => {
  const request = attempt();
  expect(await guardOf({ name: 1, address: 1 })(request)).toBeNull();
  expect(await request.text()).toContain("password=guess");
});

test("sign-in and sign-out are taken from our own pages only", async () => {
  const guard = guardOf({ name: 100, address: 100 });
  const foreign: Record<string, string>[] = [
    { ...host, origin: "https://evil.example" },
    { ...host, origin: "null" },
    { ...host, "sec-fetch-site": "same-site" },
    { ...host, "sec-fetch-site": "cross-site" },
    { host: "genepool.test" },
  ];
  for (const path of ["callback/credentials", "signin/oidc", "signout", "_log"]) {
    for (const headers of foreign)
      expect((await guard(attempt({ path, headers })))?.status, path).toBe(403);
  }
});

test("a refusal behind a proxy leads back to the address that the browser knows", async () => {
  const proxied = {
    host: "10.0.0.7:3000",
    origin: "https://genepool.example",
    "x-forwarded-host": "genepool.example",
    "x-forwarded-proto": "https",
  };
  const refused = await guardOf({ name: 0, address: 100 })(attempt({ headers: proxied }));
  expect(await refused?.json()).toMatchObject({
    url: "https://genepool.example/sign-in?error=too-many-requests",
  });
});

test("a large body, or one that is no JSON, is refused before anybody parses it", async () => {
  const guard = guardOf({ name: 100, address: 100 });
  expect((await guard(attempt({ name: "x".repeat(20_000) })))?.status).toBe(400);
  const request = new Request("http://genepool.test/api/auth/callback/credentials", {
    method: "POST",
    headers: { ...host, "content-type": "application/json" },
    body: "{",
  });
  expect((await guard(request))?.status).toBe(400);
});
