import { z } from "zod";

/** The moment of `--since` and `?since=`: an ISO time with its zone, as the header of an export bears one. */
export const exportMoment = z.iso.datetime({
  offset: true,
  error: "is no ISO time with its zone, as 2026-01-31T12:00:00.000Z",
});
