import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { parseEnv } from "../env.ts";
import { isLoopback, temporalSettings } from "./settings.ts";

const settingsOf = (variables: Record<string, string>) => temporalSettings(parseEnv(variables));

test("without an address or a profile Temporal is not configured, whatever empty variables say", () => {
  expect(settingsOf({})).toBeNull();
  expect(settingsOf({ TEMPORAL_ADDRESS: "", TEMPORAL_TLS: "", TEMPORAL_API_KEY: "" })).toBeNull();
});

test("this machine may be spoken to in clear text", () => {
  expect(settingsOf({ TEMPORAL_ADDRESS: "localhost:7233" })).toMatchObject({
    address: "localhost:7233",
    namespace: "default",
    tls: false,
    codecKeys: null,
  });
});

test.each([
  ["127.0.0.1:7233", true],
  ["127.8.9.1:1", true],
  ["[::1]:7233", true],
  ["LOCALHOST:7233", true],
  ["localhost.example.com:7233", false],
  ["127.0.0.1.example.com:7233", false],
  ["10.0.0.1:7233", false],
  ["temporal:7233", false],
])("%s is loopback: %s", (address, expected) => {
  expect(isLoopback(address)).toBe(expected);
});

test("clear text to another host is refused, unless it is allowed in so many words", () => {
  const there = { TEMPORAL_ADDRESS: "temporal.example.com:7233" };
  expect(() => settingsOf(there)).toThrow(/clear text.*GENEPOOL_TEMPORAL_ALLOW_PLAINTEXT/);
  expect(settingsOf({ ...there, TEMPORAL_TLS: "true" })?.tls).toEqual({});
  expect(settingsOf({ ...there, GENEPOOL_TEMPORAL_ALLOW_PLAINTEXT: "on" })?.tls).toBe(false);
});

test("a key means TLS, and never travels to another host without it", () => {
  const keyed = { TEMPORAL_ADDRESS: "ns.tmprl.cloud:7233", TEMPORAL_API_KEY: "secret" };
  expect(settingsOf(keyed)).toMatchObject({ tls: true, apiKey: "secret" });
  const bare = { ...keyed, TEMPORAL_TLS: "false", GENEPOOL_TEMPORAL_ALLOW_PLAINTEXT: "on" };
  expect(() => settingsOf(bare)).toThrow(/TEMPORAL_API_KEY is not sent/);
});

test("a word for TLS that Temporal would take for false is refused", () => {
  expect(() => parseEnv({ TEMPORAL_TLS: "yes" })).toThrow(/TEMPORAL_TLS/);
});

test("a certificate file that is missing, and half a pair, are named at the start", () => {
  const there = { TEMPORAL_ADDRESS: "temporal.example.com:7233" };
  expect(() =>
    settingsOf({ ...there, TEMPORAL_TLS_SERVER_CA_CERT_PATH: "/nowhere/ca.pem" }),
  ).toThrow(/connection settings cannot be used.*ca\.pem/);
  expect(() => settingsOf({ ...there, TEMPORAL_TLS_CLIENT_CERT_DATA: "x" })).toThrow(
    /TEMPORAL_TLS_CLIENT_KEY_PATH/,
  );
});

test("a profile of Temporal's file is read when it is named", async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), "genepool-profile-"));
  const file = path.join(folder, "temporal.toml");
  try {
    writeFileSync(
      file,
      '[profile.default]\naddress = "localhost:1"\n[profile.prod]\naddress = "prod.tmprl.cloud:7233"\nnamespace = "prod.a1"\napi_key = "k"\n',
    );
    const prod = settingsOf({ TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: "prod" });
    expect(prod).toMatchObject({
      address: "prod.tmprl.cloud:7233",
      namespace: "prod.a1",
      tls: true,
    });
    expect(() => settingsOf({ TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: "other" })).toThrow(
      /other/,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
