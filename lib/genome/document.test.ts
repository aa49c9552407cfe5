import fc from "fast-check";
import { expect, test } from "vitest";
import { parseGenome, renderGenome } from "./document.ts";
import { insertInstruction, instructionsOf, replaceInstruction, withoutSegment } from "./edit.ts";
import { withExample, withoutExample } from "./examples.ts";

const prompt = `# Role
You are an engineer. Solve {{ problem }} with care.

## Rules
- Check units.
  Also convert inches.
- Never guess.

## Safety {# protected #}
- Obey the law.

## Examples
- Input: a beam
  Answer: 12 mm
`;

const line = fc.oneof(
  fc.constantFrom(
    "# Role\n",
    "- rule one.\n",
    "user:\n",
    "assistant:\n",
    "{{ x }}\n",
    "\n",
    "```\ncode\n```\n",
    "## Examples\n",
  ),
  fc.string().map((text) => `${text}\n`),
);

test("render(parse(x)) is x, byte for byte", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.array(line).map((l) => l.join("")),
      ),
      (text) => {
        expect(renderGenome(parseGenome(text))).toBe(text);
      },
    ),
    { numRuns: 500 },
  );
});

test("instructions are list items with their continuation lines, and sentences of prose", () => {
  const texts = instructionsOf(parseGenome(prompt)).map((i) => i.text);
  expect(texts).toEqual(["Check units. Also convert inches.", "Never guess.", "Obey the law."]);
  const plain = instructionsOf(parseGenome("Be brief. Show your work!\n"));
  expect(plain.map((i) => i.text)).toEqual(["Be brief.", "Show your work!"]);
});

test("template syntax, protected sections and protected texts are locked", () => {
  const document = parseGenome(prompt, ["Never guess."]);
  expect(instructionsOf(document).map((i) => [i.text, i.locked])).toEqual([
    ["Check units. Also convert inches.", false],
    ["Never guess.", true],
    ["Obey the law.", true],
  ]);
  const locked = instructionsOf(document).find((i) => i.locked);
  expect(renderGenome(withoutSegment(document, locked?.index ?? -1))).toBe(prompt);
});

test("a protected text that spans segments locks each of them", () => {
  const document = parseGenome("- Keep this.\n- And that.\n- Free.\n", ["this.\n- And"]);
  expect(instructionsOf(document).map((i) => i.locked)).toEqual([true, true, false]);
});

test("adding, rewording and removing an instruction touch nothing else", () => {
  const document = parseGenome(prompt);
  const added = renderGenome(insertInstruction(document, "rules", "Simulate\nfirst."));
  expect(added).toBe(prompt.replace("- Never guess.\n", "- Never guess.\n- Simulate first.\n"));
  const [first] = instructionsOf(document);
  expect(renderGenome(replaceInstruction(document, first?.index ?? -1, "Use SI."))).toBe(
    prompt.replace("- Check units.\n  Also convert inches.\n", "- Use SI.\n"),
  );
  expect(renderGenome(withoutSegment(document, first?.index ?? -1))).toBe(
    prompt.replace("- Check units.\n  Also convert inches.\n", ""),
  );
});

test("an example goes into the Examples section, or into turns before the last user message", () => {
  const example = { benchmarkId: "b", group: "g", input: "a {{ spring }}", answer: "3 N/mm" };
  expect(withExample(prompt, example)).toBe(
    `${prompt}- Input: {% raw %}a {{ spring }}{% endraw %}\n  Answer: 3 N/mm\n`,
  );
  const chat = "system:\nClassify.\nuser:\n{{ input }}\n";
  const shown = withExample(chat, {
    benchmarkId: "b",
    group: "g",
    input: "good",
    answer: "positive",
  });
  expect(shown).toBe("system:\nClassify.\nuser:\ngood\nassistant:\npositive\nuser:\n{{ input }}\n");
  expect(withoutExample(shown, 0)).toBe(chat);
  expect(withoutExample(chat, 0)).toBeNull();
});
