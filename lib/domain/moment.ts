import { z } from "zod";

/** A moment as ISO 8601 text with its offset (`2026-11-23T10:00:00Z`), or as a Date within the process. */
export const moment = z
  .union([z.iso.datetime({ offset: true }).transform((text) => new Date(text)), z.date()])
  // What callers outside can send is text alone.
  .meta({
    override: ({ jsonSchema }: { jsonSchema: Record<string, unknown> }) => {
      delete jsonSchema.anyOf;
      jsonSchema.type = "string";
      jsonSchema.format = "date-time";
    },
  });
