/** Every kind of value is asked for every property name that JavaScript knows. */
import { expect, test } from "vitest";
import { parseTemplate, renderTemplate } from "./template.ts";

/** Own and inherited property names of the objects that a leak would lead to. */
function propertyNames(): string[] {
  const roots: object[] = [
    Object("text"),
    Object(1),
    Object(1n),
    Object(true),
    Object(Symbol("s")),
    [],
    {},
    new Map(),
    new Set(),
    new Date(0),
    /x/,
    new Error("x"),
    Promise.resolve(),
    [].values(),
    new Proxy({}, {}),
    function named() {},
    async () => {},
    (function* generator() {})(),
    class {},
    globalThis,
    process,
    Object,
    Function,
    Reflect,
  ];
  const names = new Set<string>();
  for (const root of roots)
    for (let at: object | null = root; at !== null; at = Object.getPrototypeOf(at))
      for (const name of Object.getOwnPropertyNames(at)) names.add(name);
  for (const field of [
    "items",
    "text",
    "node",
    "call",
    "dict",
    "kind",
    "iterator",
    "attributes",
    "isGroup",
  ])
    names.add(field);
  return [...names].filter((name) => /^[A-Za-z_]\w*$/.test(name)).sort();
}

/** Names that are Python's too, or attributes of Jinja2's own helpers. */
const known = new Set(
  (
    "append clear copy count extend index insert pop remove reverse sort get items keys setdefault update values " +
    "upper lower casefold title capitalize swapcase strip lstrip rstrip center ljust rjust zfill find rfind rindex " +
    "startswith endswith split rsplit splitlines partition rpartition isdigit isdecimal isnumeric isalpha isalnum " +
    "isspace islower isupper isascii join replace removeprefix removesuffix format start stop step grouper list " +
    "index0 revindex revindex0 first last length depth depth0 previtem nextitem cycle changed current next reset " +
    "name arguments catch_varargs catch_kwargs caller own"
  ).split(" "),
);

const valueKinds: Record<string, string> = {
  text: "s",
  int: "n",
  float: "x",
  bool: "true",
  none: "none",
  list: "l",
  tuple: "(1, 2)",
  dict: "{'own': 1}",
  html: "(s|e)",
  undefined: "nothing",
  range: "range(3)",
  view: "d.items()",
  stream: "(l|map('string'))",
  namespace: "namespace(own=1)",
  function: "range",
  method: "s.upper",
  macro: "m",
  cycler: "cycler(1)",
  joiner: "joiner()",
  loop: "loop",
  group: "(users|groupby('a')|first)",
};

const context = JSON.stringify({
  s: "text",
  n: 3,
  x: 1.5,
  l: [1, 2],
  d: { own: 1 },
  users: [{ a: 1 }],
});

test.each(Object.entries(valueKinds))(
  "a %s answers nothing native to any property name of JavaScript",
  (kind, expression) => {
    let rendered = 0;
    for (const name of propertyNames()) {
      if (known.has(name)) continue;
      for (const access of [`v.${name}`, `v['${name}']`, `v|attr('${name}')`]) {
        const source =
          "{% macro m() %}{% endmacro %}{% for one in [1] %}" +
          `{% set v = ${expression} %}[{{ ${access} }}]{% endfor %}`;
        const parsed = parseTemplate(source);
        if (!parsed.ok) continue;
        const result = renderTemplate(parsed.template, context, { undefined: "default" });
        if (!result.ok) continue;
        rendered += 1;
        expect(`${access}: ${result.output}`).toBe(`${access}: []`);
      }
    }
    // Nothing can be read from a missing value; from every other kind most names give an empty text.
    if (kind !== "undefined") expect(rendered).toBeGreaterThan(500);
  },
);

test("what looks like a host object in a context stays plain data", () => {
  const parsed = parseTemplate("{{ v.then }}{{ v.length }}{% for k in v %}{{ k }},{% endfor %}");
  if (!parsed.ok) throw new Error(parsed.refusal.reason);
  const text = '{"v": {"then": "t", "length": 3, "__proto__": {"polluted": 1}}}';
  expect(renderTemplate(parsed.template, text)).toEqual({
    ok: true,
    output: "t3then,length,__proto__,",
  });
});
