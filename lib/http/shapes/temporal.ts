import { z } from "zod";

const payload = z.object({
  metadata: z.record(z.string().max(200), z.base64()).optional(),
  data: z.base64().max(4_000_000).optional(),
});

/** Payloads as Temporal's web pages send and take them, bytes in base64. */
export const codecPayloads = z
  .object({ payloads: z.array(payload).max(1_000) })
  .meta({ id: "TemporalPayloads" });
