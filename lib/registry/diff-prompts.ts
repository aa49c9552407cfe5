import { diffLines, diffWordsWithSpace } from "diff";
import type { PromptGenome } from "#lib/domain/prompt.ts";
import { canonicalJson } from "../canonical-json.ts";

export interface DiffPart {
  kind: "same" | "added" | "removed";
  text: string;
}

/** What changed beside the text. */
export interface SettingsDiff {
  parameters: { name: string; before: unknown; after: unknown }[];
  toolsAdded: string[];
  toolsRemoved: string[];
}

export interface PromptDiff extends SettingsDiff {
  /** Whole lines; joined without the added ones they are the first text, without the removed ones the second. */
  lines: DiffPart[];
  /** The same change word by word. */
  words: DiffPart[];
}

/** What changed from one prompt to another: text, parameters and tools. */
export function diffPrompts(before: PromptGenome, after: PromptGenome): PromptDiff {
  return {
    lines: parts(diffLines(before.content, after.content)),
    words: parts(diffWordsWithSpace(before.content, after.content)),
    ...diffSettings(before, after),
  };
}

/** What changed from one prompt to another beside its text. */
export function diffSettings(before: PromptGenome, after: PromptGenome): SettingsDiff {
  const earlier = new Map<string, unknown>(Object.entries(before.parameters));
  const later = new Map<string, unknown>(Object.entries(after.parameters));
  const names = [...new Set([...earlier.keys(), ...later.keys()])].sort();
  return {
    parameters: names
      .map((name) => ({
        name,
        before: earlier.get(name) ?? null,
        after: later.get(name) ?? null,
      }))
      .filter((change) => canonicalJson(change.before) !== canonicalJson(change.after)),
    toolsAdded: after.tools.filter((tool) => !before.tools.includes(tool)),
    toolsRemoved: before.tools.filter((tool) => !after.tools.includes(tool)),
  };
}

function parts(
  changes: readonly { value: string; added: boolean; removed: boolean }[],
): DiffPart[] {
  return changes.map(({ value, added, removed }) => ({
    kind: added ? "added" : removed ? "removed" : "same",
    text: value,
  }));
}
