import type { z } from "zod";

/** Deep enough for data and schemas that people write, far from where recursion ends a process. */
export const jsonDepthMax = 40;

/** A check that a JSON value is small enough to be kept and worked on: its length as text, and its depth. */
export function jsonBounds({
  charactersMax,
  depthMax,
}: {
  charactersMax: number;
  depthMax: number;
}): (value: unknown, ctx: z.RefinementCtx) => void {
  return (value, ctx) => {
    if (value === undefined) return;
    if (isDeeperThan(value, depthMax)) {
      ctx.addIssue({ code: "custom", message: `nested deeper than ${depthMax} levels` });
      return;
    }
    if (JSON.stringify(value).length > charactersMax)
      ctx.addIssue({ code: "custom", message: `longer than ${charactersMax} characters of JSON` });
  };
}

function isDeeperThan(value: unknown, depthMax: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (depthMax === 0) return true;
  return Object.values(value).some((member) => isDeeperThan(member, depthMax - 1));
}
