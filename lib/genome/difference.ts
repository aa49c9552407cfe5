import { z } from "zod";
import type { PromptGenome } from "../domain/prompt.ts";

/** What a child changed of its parent: lines of the text, and each setting that differs. */
export const genomeDifference = z.object({
  added: z.array(z.string()),
  removed: z.array(z.string()),
  settings: z.array(z.object({ name: z.string(), from: z.string(), to: z.string() })),
});
export type GenomeDifference = z.infer<typeof genomeDifference>;

/**
 * The difference of two genomes as lines that only one of them has, in their order. A line that merely moved is on
 * neither list.
 */
export function differenceOf(parent: PromptGenome, child: PromptGenome): GenomeDifference {
  const before = linesOf(parent.content);
  const after = linesOf(child.content);
  const settings = Object.entries({ ...parent.parameters, ...child.parameters }).flatMap(([name]) =>
    changeOf(name, settingOf(parent, name), settingOf(child, name)),
  );
  return {
    added: without(after, before),
    removed: without(before, after),
    settings: [...settings, ...changeOf("tools", parent.tools.join(", "), child.tools.join(", "))],
  };
}

function settingOf({ parameters }: PromptGenome, name: string): string {
  const value = Object.entries(parameters).find(([key]) => key === name)?.[1];
  return value === undefined ? "default" : String(value);
}

function changeOf(name: string, from: string, to: string) {
  return from === to ? [] : [{ name, from, to }];
}

function linesOf(content: string): string[] {
  return content
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** Lines of `own` beyond those that `other` has too, each counted as often as it occurs. */
function without(own: readonly string[], other: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of other) left.set(line, (left.get(line) ?? 0) + 1);
  return own.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}
