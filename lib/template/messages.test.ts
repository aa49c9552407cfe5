import { expect, test } from "vitest";
import { checkTemplate } from "./check.ts";
import { renderMessages, splitMessages } from "./messages.ts";

const busyLoop = "{% for a in range(90) %}{% for b in range(90) %}{{ a }}{% endfor %}{% endfor %}";

test("what one message does to a list or a mapping, the next does not see", () => {
  const source =
    "system:\n{{ xs.append(9) }}{{ xs }}{{ d.items[0].update({'k': 2}) }}\nuser:\n{{ xs }} {{ d }}";
  const context = { xs: [1], d: { items: [{ k: 1 }] } };
  for (const given of [context, JSON.stringify(context)]) {
    const result = renderMessages(source.replace("d.items", "d['items']"), given);
    expect(result).toEqual({
      ok: true,
      messages: [
        { role: "system", content: "None[1, 9]None" },
        { role: "user", content: "[1] {'items': [{'k': 1}]}" },
      ],
    });
  }
});

test("the messages of a prompt share one budget, so that many small ones are no way around it", () => {
  const source = `user:\n${busyLoop}\n`;
  expect(renderMessages(source, {})).toMatchObject({ ok: true });
  const refused = { refusal: { construct: "budget" } };
  expect(renderMessages(source.repeat(60), {})).toMatchObject({ ok: false, ...refused });
  const checked = checkTemplate(source.repeat(60));
  expect(checked).toMatchObject({ ok: false, refusals: [{ construct: "budget" }] });
});

test("a large context costs the messages that read it again", () => {
  const context = JSON.stringify({ xs: Array.from({ length: 40_000 }, (_, index) => index) });
  const result = renderMessages("user:\n{{ xs[0] }}\n".repeat(500), context);
  expect(result).toMatchObject({ ok: false, refusal: { construct: "budget" } });
});

test("of many broken messages the first twenty are named", () => {
  const checked = checkTemplate("user:\n{{\n".repeat(5_000));
  expect(checked.ok ? [] : checked.refusals).toHaveLength(20);
});

test("a prompt beyond the size is not divided, and refused for its size", () => {
  const source = "user:\nx\n".repeat(9_000);
  expect(splitMessages(source)).toHaveLength(1);
  expect(checkTemplate(source)).toMatchObject({ ok: false, refusals: [{ construct: "size" }] });
});
