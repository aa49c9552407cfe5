/**
 * Encrypts what Temporal keeps with AES-256-GCM. A payload is encrypted whole, its metadata included, under a fresh
 * nonce; the id of the key stands beside it in clear text, so that keys can change while old histories stay readable.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { Payload, PayloadCodec } from "@temporalio/common";
import proto from "@temporalio/proto";
import { AppError } from "../errors.ts";
import type { CodecKeys } from "./codec-keys.ts";

const encoding = "binary/encrypted";
const cipher = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;

/** The codec of a set of keys. `decode` leaves what is not encrypted as it is: histories from before the key stay readable. */
export function encryptionCodec(keys: CodecKeys): PayloadCodec {
  return {
    encode: async (payloads) => payloads.map((payload) => encrypt(payload, keys.current)),
    decode: async (payloads) => payloads.map((payload) => decrypt(payload, keys.byId)),
  };
}

function encrypt(payload: Payload, { id, key }: CodecKeys["current"]): Payload {
  const nonce = randomBytes(nonceBytes);
  const sealing = createCipheriv(cipher, key, nonce);
  // The id is part of what the tag vouches for.
  sealing.setAAD(Buffer.from(id));
  const plain = proto.temporal.api.common.v1.Payload.encode(payload).finish();
  const sealed = Buffer.concat([sealing.update(plain), sealing.final()]);
  return {
    metadata: {
      encoding: Buffer.from(encoding),
      "encryption-cipher": Buffer.from(cipher),
      "encryption-key-id": Buffer.from(id),
    },
    data: Buffer.concat([nonce, sealed, sealing.getAuthTag()]),
  };
}

function decrypt(payload: Payload, byId: CodecKeys["byId"]): Payload {
  if (textOf(payload, "encoding") !== encoding) return payload;
  const id = textOf(payload, "encryption-key-id");
  const key = byId.get(id);
  if (key === undefined)
    throw new AppError(
      "unavailable",
      `A payload of Temporal is encrypted with the key "${id.slice(0, 64)}", which is not here: add it to GENEPOOL_TEMPORAL_OLD_CODEC_KEYS.`,
    );
  const data = Buffer.from(payload.data ?? []);
  try {
    const opening = createDecipheriv(cipher, key, data.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    });
    opening.setAAD(Buffer.from(id));
    opening.setAuthTag(data.subarray(-tagBytes));
    const sealed = data.subarray(nonceBytes, -tagBytes);
    const plain = Buffer.concat([opening.update(sealed), opening.final()]);
    return proto.temporal.api.common.v1.Payload.decode(plain);
  } catch (cause) {
    throw new AppError(
      "invalid",
      `A payload of Temporal cannot be decrypted with the key "${id}": the key is another one, or the payload was altered.`,
      { cause },
    );
  }
}

function textOf(payload: Payload, name: string): string {
  const value = payload.metadata?.[name];
  return value === undefined || value === null ? "" : Buffer.from(value).toString("utf8");
}
