import { expect, test } from "vitest";
import { admitTemplate, messagesOf, variablesOf } from "./admission.ts";

test("a template must read every variable that its agent type requires", () => {
  expect(() => admitTemplate("Solve {{ problem }} by {{ plan }}.", ["problem"])).not.toThrow();
  expect(() => admitTemplate("Solve {{ problem }}.", ["plan", "problem"])).toThrow(
    expect.objectContaining({
      code: "invalid",
      details: { refusals: [expect.objectContaining({ construct: "variable" })] },
    }),
  );
});

test("the variables of a template are sorted and named once", () => {
  expect(variablesOf("{{ b }}{{- a.x | upper }}{{ b }}")).toEqual(["a", "b"]);
});

test("role markers divide the content; text without any is one system message", () => {
  expect(messagesOf("Be brief.")).toEqual([{ role: "system", content: "Be brief." }]);
  expect(messagesOf("Be brief.\nuser:\n2 + 2\nassistant:\n4\nuser:\n{{ input }}\n")).toEqual([
    { role: "system", content: "Be brief." },
    { role: "user", content: "2 + 2" },
    { role: "assistant", content: "4" },
    { role: "user", content: "{{ input }}" },
  ]);
});
