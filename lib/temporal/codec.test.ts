import { randomBytes } from "node:crypto";
import { defaultPayloadConverter, type Payload } from "@temporalio/common";
import { expect, test } from "vitest";
import { encryptionCodec } from "./codec.ts";
import { type CodecKeys, parseCodecKeys } from "./codec-keys.ts";

const key = (id: string) => `${id}:${randomBytes(32).toString("base64")}`;

function keysOf(current: string, old?: string): CodecKeys {
  const keys = parseCodecKeys(current, old);
  if (keys === null) throw new Error("a key was given");
  return keys;
}

const sample = (): Payload => defaultPayloadConverter.toPayload({ prompt_id: "p1", count: 3 });
const read = (payload: Payload | undefined) =>
  payload === undefined ? null : defaultPayloadConverter.fromPayload(payload);

test("what is encrypted holds nothing of the text and comes back the same", async () => {
  const codec = encryptionCodec(keysOf(key("a")));
  const sealed = await codec.encode([sample(), sample()]);
  expect(
    JSON.stringify(sealed.map(({ data }) => Buffer.from(data ?? []).toString("latin1"))),
  ).not.toContain("prompt_id");
  expect(sealed[0]?.data).not.toEqual(sealed[1]?.data);
  expect((await codec.decode(sealed)).map(read)).toEqual([
    { prompt_id: "p1", count: 3 },
    { prompt_id: "p1", count: 3 },
  ]);
});

test("payloads from before the encryption and of earlier keys stay readable", async () => {
  const old = key("old");
  const sealed = await encryptionCodec(keysOf(old)).encode([sample()]);
  const codec = encryptionCodec(keysOf(key("new"), old));
  const decoded = await codec.decode([...sealed, sample()]);
  expect(decoded.map(read)).toEqual([
    { prompt_id: "p1", count: 3 },
    { prompt_id: "p1", count: 3 },
  ]);
});

test("a key that is not here and a payload that was altered are told apart", async () => {
  const codec = encryptionCodec(keysOf(key("a")));
  const [sealed] = await encryptionCodec(keysOf(key("b"))).encode([sample()]);
  await expect(codec.decode(sealed === undefined ? [] : [sealed])).rejects.toThrow(
    /encrypted with the key "b".*GENEPOOL_TEMPORAL_OLD_CODEC_KEYS/,
  );
  const [own] = await codec.encode([sample()]);
  const bytes = Buffer.from(own?.data ?? []);
  bytes[20] = (bytes[20] ?? 0) ^ 1;
  await expect(codec.decode([{ ...own, data: bytes }])).rejects.toThrow(/altered/);
  await expect(codec.decode([{ ...own, data: bytes.subarray(0, 5) }])).rejects.toThrow(/altered/);
});

test("keys are refused by variable, never repeated in the message", () => {
  const secret = randomBytes(16).toString("base64");
  expect(() => parseCodecKeys(`a:${secret}`, undefined)).toThrow(
    /GENEPOOL_TEMPORAL_CODEC_KEY must be/,
  );
  try {
    parseCodecKeys(`a:${secret}`, undefined);
  } catch (error) {
    expect(String(error)).not.toContain(secret);
  }
  expect(() => parseCodecKeys(undefined, key("a"))).toThrow(/set both/);
  expect(() => parseCodecKeys(key("a"), key("a"))).toThrow(/Two keys/);
});
