import { route, temporalUiOrigin } from "#app/services.ts";
import { env } from "#lib/env.ts";
import { allowOrigin, preflight } from "#lib/http/cors.ts";
import * as endpoints from "#lib/http/endpoints/temporal.ts";
import { parseCodecKeys } from "#lib/temporal/codec-keys.ts";
import { decodePayloads } from "#lib/temporal/decode-payloads.ts";

const decode = route(endpoints.decodePayloads, async ({ body }) => {
  const { GENEPOOL_TEMPORAL_CODEC_KEY: key, GENEPOOL_TEMPORAL_OLD_CODEC_KEYS: old } = env();
  return { payloads: await decodePayloads(parseCodecKeys(key, old), body.payloads) };
});

/** Decrypts payloads for Temporal's web pages, for whom we know. */
export const POST = allowOrigin(decode, temporalUiOrigin);

export const OPTIONS = preflight(temporalUiOrigin);
