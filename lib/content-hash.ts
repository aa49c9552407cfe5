import { createHash } from "node:crypto";
import { canonicalJson } from "./canonical-json.ts";

/** sha-256 of the value's canonical JSON, as 64 hex digits. */
export function contentHash(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}
