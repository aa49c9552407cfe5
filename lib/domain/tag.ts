import { z } from "zod";

/** Name of a movable pointer to one prompt of an agent type. */
export const tagName = z
  .string()
  .regex(
    /^[a-z][a-z0-9._-]{0,35}$/,
    "A tag has 1 to 36 lower-case letters, digits, dots, dashes or underscores, a letter first.",
  );
