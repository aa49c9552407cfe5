import { createHash, timingSafeEqual } from "node:crypto";

export function callbackTokenHash(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** In constant time. */
export function isCallbackToken(token: string, tokenHash: string): boolean {
  return timingSafeEqual(Buffer.from(callbackTokenHash(token)), Buffer.from(tokenHash));
}
