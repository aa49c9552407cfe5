import type { Payload } from "@temporalio/common";
import { AppError } from "../errors.ts";
import { encryptionCodec } from "./codec.ts";
import type { CodecKeys } from "./codec-keys.ts";

/** A payload in JSON: bytes in base64. */
interface JsonPayload {
  metadata?: Record<string, string> | undefined;
  data?: string | undefined;
}

/**
 * Decrypts what Temporal's web pages show. Throws AppError("not-found") where nothing is encrypted, and what the codec
 * throws for a key that is not here.
 */
export async function decodePayloads(
  keys: CodecKeys | null,
  payloads: readonly JsonPayload[],
): Promise<JsonPayload[]> {
  if (keys === null)
    throw new AppError(
      "not-found",
      "Payloads are not encrypted here: GENEPOOL_TEMPORAL_CODEC_KEY is not set.",
    );
  const decoded = await encryptionCodec(keys).decode(payloads.map(fromJson));
  return decoded.map(toJson);
}

function fromJson({ metadata = {}, data = "" }: JsonPayload): Payload {
  return {
    metadata: Object.fromEntries(
      Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value, "base64")]),
    ),
    data: Buffer.from(data, "base64"),
  };
}

function toJson({ metadata, data }: Payload): JsonPayload {
  return {
    metadata: Object.fromEntries(
      Object.entries(metadata ?? {}).map(([name, value]) => [
        name,
        Buffer.from(value ?? []).toString("base64"),
      ]),
    ),
    data: Buffer.from(data ?? []).toString("base64"),
  };
}
