import fc from "fast-check";
import { expect, test } from "vitest";
import { checkTemplate } from "./check.ts";
import { renderJsonLine } from "./render-json-line.ts";
import { parseTemplate, renderTemplate } from "./template.ts";

const fragment = fc.constantFrom(
  ..."{{ }} {% %} {# #} {%- -%} if else elif endif for in endfor set endset macro endmacro with endwith raw endraw filter endfilter"
    .split(" ")
    .concat(
      "call endcall not and or is defined a b loop range ( ) [ ] { } , : . | = == < + - * / // % ** ~ ' \"".split(
        " ",
      ),
    )
    .concat(
      "1 0 2.5 1e9 'x' \"y\" upper join sort map select batch replace tojson format groupby slice items".split(
        " ",
      ),
    )
    .concat([
      " ",
      "\n",
      "{{ a }}",
      "{% for x in l %}",
      "{% endfor %}",
      "{% if a %}",
      "{% endif %}",
      "\\",
      "é",
      "😀",
    ]),
);

const garbage = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.array(fragment, { maxLength: 40 }).map((parts) => parts.join(" ")),
  fc.array(fragment, { maxLength: 40 }).map((parts) => parts.join("")),
  fc.array(fragment, { maxLength: 25 }).map((parts) => `{{ ${parts.join(" ")} }}`),
);

const context = JSON.stringify({ a: "text", b: 3, l: [1, 2, "x"], d: { k: [1] } });
const budget = { steps: 20_000, outputCharacters: 20_000 };

test("random text renders or is refused with a place, and never throws", () => {
  fc.assert(
    fc.property(garbage, (source) => {
      const parsed = parseTemplate(source);
      const result = parsed.ok
        ? renderTemplate(parsed.template, context, { undefined: "default", budget })
        : parsed;
      if (result.ok) {
        expect(result.output.length).toBeLessThanOrEqual(budget.outputCharacters);
        expect(result.output).not.toMatch(/native code|\[object /);
      } else {
        expect(result.refusal.reason).toMatch(/[.;]/);
        expect(result.refusal.line).toBeGreaterThan(0);
        expect(result.refusal.column).toBeGreaterThan(0);
      }
    }),
    { numRuns: 5_000, seed: 7 },
  );
});

test("text without braces renders as it is, but for one final newline", () => {
  fc.assert(
    fc.property(
      fc.string().filter((text) => !/[{\r]/.test(text)),
      (text) => {
        const parsed = parseTemplate(text);
        if (!parsed.ok) throw new Error(parsed.refusal.reason);
        const expected = text.endsWith("\n") ? text.slice(0, -1) : text;
        expect(renderTemplate(parsed.template, {})).toEqual({ ok: true, output: expected });
      },
    ),
    { seed: 7 },
  );
});

test("the check and the line renderer answer any text without throwing", () => {
  fc.assert(
    fc.property(garbage, (source) => {
      const check = checkTemplate(source);
      expect(check.ok ? check.variables : check.refusals.length > 0).toBeTruthy();
      expect(JSON.parse(renderJsonLine(source))).toHaveProperty("id", null);
      const line = JSON.stringify({ id: 1, template: source, context: {} });
      expect(JSON.parse(renderJsonLine(line))).toHaveProperty("id", 1);
    }),
    { numRuns: 1_000, seed: 7 },
  );
});
