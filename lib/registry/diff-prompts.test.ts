import fc from "fast-check";
import { expect, test } from "vitest";
import { promptParameters } from "#lib/domain/prompt.ts";
import { diffPrompts } from "./diff-prompts.ts";

const genome = (content: string, temperature = 0.7, tools: string[] = []) => ({
  content,
  parameters: promptParameters.parse({ temperature }),
  tools,
});

test("a diff names the changed lines, parameters and tools, and nothing else", () => {
  const before = genome("Be brief.\nCheck units.\n", 0.7, ["calculator"]);
  const after = genome("Be brief.\nCheck all units.\n", 0.3, ["simulate"]);
  expect(diffPrompts(before, after)).toEqual({
    lines: [
      { kind: "same", text: "Be brief.\n" },
      { kind: "removed", text: "Check units.\n" },
      { kind: "added", text: "Check all units.\n" },
    ],
    words: [
      { kind: "same", text: "Be brief.\nCheck " },
      { kind: "added", text: "all " },
      { kind: "same", text: "units.\n" },
    ],
    parameters: [{ name: "temperature", before: 0.7, after: 0.3 }],
    toolsAdded: ["simulate"],
    toolsRemoved: ["calculator"],
  });
});

test("both texts can be read back from the lines of a diff", () => {
  const text = fc
    .array(fc.constantFrom("a", "b", "\n", "\n\n", "Ä "))
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const { lines } = diffPrompts(genome(before), genome(after));
      const without = (kind: string) =>
        lines.flatMap((part) => (part.kind === kind ? [] : part.text)).join("");
      expect([without("added"), without("removed")]).toEqual([before, after]);
    }),
  );
});
