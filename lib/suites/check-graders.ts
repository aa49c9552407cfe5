/** What only a look into a grader shows: whether its pattern, path, schema, command or model can be used at all. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Grader, type SingleGrader, singleGraders } from "#lib/domain/grader.ts";
import type { CommandList } from "../graders/command-list.ts";
import { findNumber } from "../graders/numbers.ts";
import { isPatternGrader, patternFault } from "../graders/patterns.ts";

/** A function that answers what is wrong with a grader, or null; equal graders are looked into once. */
export function graderChecker(commands: CommandList): (grader: Grader) => Promise<string | null> {
  const known = new Map<string, string | null>();
  return async (grader) => {
    for (const own of singleGraders(grader)) {
      const key = JSON.stringify(own);
      let fault = known.get(key);
      if (fault === undefined) {
        // Compiling takes milliseconds: others have their turn between two of them.
        if (isPatternGrader(own)) await nextTurn();
        fault = faultOf(own, commands);
        known.set(key, fault);
      }
      if (fault !== null) return fault;
    }
    return null;
  };
}

function faultOf(grader: SingleGrader, commands: CommandList): string | null {
  if (isPatternGrader(grader)) return patternFault(grader);
  if (grader.kind === "command" && !commands.has(grader.command)) {
    const known = commands.size === 0 ? "none" : [...commands.keys()].join(", ");
    return `this installation has no command "${grader.command}" (it has ${known}); the operator adds it to GENEPOOL_GRADER_COMMANDS_FILE`;
  }
  if (grader.kind === "judge" && !/^(simulated|[a-z]+:\S+)$/.test(grader.model))
    return `a judge's model is provider:name, as openai:gpt-4.1-mini, not "${grader.model}"`;
  return null;
}

/** What a grader misses in its benchmark, or null. */
export function missingFor(
  grader: Grader,
  { expected, labels }: { expected: string | null; labels: readonly string[] | null },
): string | null {
  for (const own of singleGraders(grader)) {
    if (expected === null && comparesWithExpected(own))
      return `the ${own.kind} grader needs "expected"`;
    if (own.kind === "label" && !(labels ?? []).includes(expected ?? ""))
      return `the label grader needs "expected" to be one of "labels"`;
    if (own.kind === "numeric" && findNumber(expected ?? "") === null)
      return `the numeric grader needs a number in "expected"`;
  }
  return null;
}

function comparesWithExpected(grader: SingleGrader): boolean {
  switch (grader.kind) {
    case "exact":
    case "label":
    case "numeric":
    case "levenshtein":
      return true;
    case "contains":
      return [grader.all, grader.any, grader.none].every((words) => words === undefined);
    case "regex":
      return grader.group !== undefined;
    case "json-path":
      return grader.value === undefined;
    case "json-schema":
    case "command":
    case "judge":
      return false;
  }
}
