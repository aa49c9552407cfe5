import { z } from "zod";
import { AppError } from "./errors.ts";

/**
 * Parses what a caller sent. Throws AppError("invalid") that begins with `what` and names the first fault; all faults
 * stand in details.issues with their paths.
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  what: string,
): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => ({
    path: z.core.toDotPath(path),
    message,
  }));
  const [first] = issues;
  const place = first === undefined || first.path === "" ? "" : ` at ${first.path}`;
  throw new AppError(
    "invalid",
    `${what} not valid${place}: ${first?.message ?? "unknown fault"}.`,
    {
      details: { issues },
      cause: parsed.error,
    },
  );
}
