/** Keys of the payload codec. Pure: everything comes in as text. */
import { AppError } from "../errors.ts";

export interface CodecKeys {
  /** Encrypts whatever is written. */
  current: { id: string; key: Buffer };
  /** Every key that can be read, by id; the current one among them. */
  byId: ReadonlyMap<string, Buffer>;
}

const keyBytes = 32;

/**
 * Reads `id:base64` and a comma-separated list of such; null without a current key. Throws AppError("invalid") that never
 * repeats a key.
 */
export function parseCodecKeys(
  current: string | undefined,
  old: string | undefined,
): CodecKeys | null {
  if (current === undefined) {
    if (old !== undefined)
      throw new AppError(
        "invalid",
        "GENEPOOL_TEMPORAL_OLD_CODEC_KEYS is set without GENEPOOL_TEMPORAL_CODEC_KEY: set both.",
      );
    return null;
  }
  const first = parseKey(current, "GENEPOOL_TEMPORAL_CODEC_KEY");
  const byId = new Map([[first.id, first.key]]);
  for (const text of (old ?? "").split(",").filter((part) => part.trim() !== "")) {
    const { id, key } = parseKey(text.trim(), "GENEPOOL_TEMPORAL_OLD_CODEC_KEYS");
    if (byId.has(id))
      throw new AppError("invalid", `Two keys of Temporal's codec bear the id ${id}: rename one.`);
    byId.set(id, key);
  }
  return { current: first, byId };
}

function parseKey(text: string, variable: string): { id: string; key: Buffer } {
  const match = /^([A-Za-z0-9_.-]{1,64}):([A-Za-z0-9+/_-]+={0,2})$/.exec(text);
  const [, id, encoded] = match ?? [];
  const key = Buffer.from(encoded ?? "", "base64");
  if (id === undefined || key.length !== keyBytes)
    throw new AppError(
      "invalid",
      `${variable} must be id:base64 of ${keyBytes} bytes; make one with: echo "key1:$(openssl rand -base64 32)"`,
    );
  return { id, key };
}
