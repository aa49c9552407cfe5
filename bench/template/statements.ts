/** Random templates: text, output and every block that the engine reads, with whitespace control and odd syntax. */
import { type Draws, draw } from "#lib/random.ts";
import { Expressions } from "./expressions.ts";
import { type Kind, randomContext } from "./variables.ts";

const texts = [
  "text",
  " ",
  "\n",
  "\n\n",
  "  indented\n",
  "a { b } c % d # e",
  "é 漢 😀",
  "- item: ",
  "\t",
  "end.\n",
  "\r\n",
];
const listKinds: readonly Kind[] = ["numbers", "texts", "rows", "mapping"];
const noise = [
  " ",
  "|",
  "(",
  ")",
  ",",
  "-",
  "not ",
  "is ",
  ".",
  "'",
  "{{",
  "}}",
  "%}",
  "{%",
  "0",
  "if ",
  "in ",
  "[",
  "]",
  ":",
  "~",
  "**",
  "\n",
  "#}",
  "{#",
  "else ",
  "_",
  "e",
  "=",
  "and ",
  "+",
];

class Writer {
  readonly #draws: Draws;
  readonly #expressions: Expressions;
  #names = 0;

  constructor(draws: Draws) {
    this.#draws = draws;
    this.#expressions = new Expressions(draws);
  }

  body(depth: number): string {
    const count = 1 + this.#draws.int(depth > 1 ? 4 : 3);
    return Array.from({ length: count }, () => this.#statement(depth)).join("");
  }

  #tag(inside: string): string {
    const sign = () => this.#draws.weighted(["", "-", "+"], [10, 2, 0.7]);
    return `{%${sign()} ${inside} ${sign()}%}`;
  }

  #output(inside: string): string {
    const sign = () => this.#draws.weighted(["", "-"], [10, 1.5]);
    return `{{${sign()} ${inside} ${sign()}}}`;
  }

  #statement(depth: number): string {
    const draws = this.#draws;
    if (depth <= 0) return draws.chance(0.3) ? draws.pick(texts) : this.#print();
    return draws.weighted(
      [
        () => draws.pick(texts),
        () => this.#print(),
        () => this.#if(depth - 1),
        () => this.#for(depth - 1),
        () => this.#set(depth - 1),
        () => this.#with(depth - 1),
        () => this.#macro(depth - 1),
        () => this.#callBlock(depth - 1),
        () => this.#filterBlock(depth - 1),
        () => this.#namespace(depth - 1),
        () => this.#helper(depth - 1),
        () => this.#verbatim(),
        () => this.#recursive(),
        () =>
          `${this.#tag(`autoescape ${draws.pick(["true", "false"])}`)}${this.body(depth - 1)}${this.#tag("endautoescape")}`,
      ],
      [5, 9, 4, 5, 3, 1, 1.5, 1, 1.5, 1, 1, 1, 0.5, 0.7],
    )();
  }

  #print(): string {
    return this.#output(this.#expressions.any(1 + this.#draws.int(3)));
  }

  /** Run `work` with a name bound, which is forgotten after it. */
  #bound(name: string, kind: Kind, work: () => string): string {
    this.#expressions.locals.push({ name, kind });
    const made = work();
    this.#expressions.locals.pop();
    return made;
  }

  #name(): string {
    this.#names += 1;
    return this.#draws.pick([`v${this.#names}`, `v${this.#names}`, "name", "n", "item"]);
  }

  #if(depth: number): string {
    const draws = this.#draws;
    const condition = () =>
      this.#expressions.of(draws.pick(["bool", "bool", "text", "numbers"]), 2);
    const elif = draws.chance(0.3) ? `${this.#tag(`elif ${condition()}`)}${this.body(depth)}` : "";
    const otherwise = draws.chance(0.5) ? `${this.#tag("else")}${this.body(depth)}` : "";
    return `${this.#tag(`if ${condition()}`)}${this.body(depth)}${elif}${otherwise}${this.#tag("endif")}`;
  }

  #for(depth: number): string {
    const draws = this.#draws;
    const kind = draws.pick(listKinds);
    const items = this.#expressions.of(kind, 2);
    const isPairs = kind === "mapping" && draws.chance(0.7);
    const name = this.#name();
    const target = isPairs ? `key, ${name}` : name;
    const itemKind: Kind =
      kind === "numbers" ? "int" : kind === "rows" ? "mapping" : isPairs ? "int" : "text";
    return this.#bound(name, itemKind, () => {
      const filter = draws.chance(0.2) ? ` if ${this.#expressions.of("bool", 1)}` : "";
      const loop = this.#output(
        `loop.${draws.pick(["index", "index0", "revindex", "first", "last", "length", "previtem", "nextitem", "depth", "cycle('a', 'b')", `changed(${name})`, "revindex0"])}`,
      );
      const body = `${draws.chance(0.5) ? loop : ""}${this.#output(name)}${this.body(depth)}`;
      const otherwise = draws.chance(0.2) ? `${this.#tag("else")}none` : "";
      return `${this.#tag(`for ${target} in ${isPairs ? `(${items}).items()` : items}${filter}`)}${body}${otherwise}${this.#tag("endfor")}`;
    });
  }

  #set(depth: number): string {
    const draws = this.#draws;
    const name = this.#name();
    const kind = draws.pick<Kind>(["text", "int", "numbers", "texts", "mapping", "float", "bool"]);
    const made = draws.pick([
      () => this.#tag(`set ${name} = ${this.#expressions.of(kind, 2)}`),
      () => this.#tag(`set ${name} = ${this.#expressions.of(kind, 2)}`),
      () => `${this.#tag(`set ${name}`)}${this.body(depth)}${this.#tag("endset")}`,
      () =>
        `${this.#tag(`set ${name} | ${draws.pick(["upper", "trim", "replace('a', 'b')|title"])}`)}${this.body(depth)}${this.#tag("endset")}`,
      () =>
        this.#tag(`set ${name}, other = ${this.#expressions.any(1)}, ${this.#expressions.any(1)}`),
    ])();
    this.#expressions.locals.push({ name, kind });
    return `${made}${this.#draws.chance(0.6) ? this.#output(name) : ""}`;
  }

  #with(depth: number): string {
    const name = this.#name();
    const value = this.#expressions.of("text", 1);
    return this.#bound(name, "text", () => {
      const second = this.#draws.chance(0.3) ? `, w = ${this.#expressions.any(1)}` : "";
      return `${this.#tag(`with ${name} = ${value}${second}`)}${this.#output(name)}${this.body(depth)}${this.#tag("endwith")}`;
    });
  }

  #macro(depth: number): string {
    const draws = this.#draws;
    this.#names += 1;
    const name = `macro_${this.#names}`;
    const parameters = draws.pick(["", "p", "p, q='z'", "p=1, q=name", "p, q=p"]);
    const extra = draws.pick(["", "", "{{ varargs }}", "{{ kwargs }}", "{{ caller is defined }}"]);
    const readsParameter = parameters !== "" && draws.chance(0.7);
    const body = this.#bound(
      "p",
      "text",
      () => `${readsParameter ? "{{ p }}" : ""}${extra}${this.body(depth)}`,
    );
    const given = this.#given(parameters, extra);
    return `${this.#tag(`macro ${name}(${parameters})`)}${body}${this.#tag("endmacro")}${this.#output(`${name}(${given()})`)}${draws.chance(0.3) ? this.#output(`${name}(${given()})|upper`) : ""}`;
  }

  /** Arguments that mostly fit the parameters. */
  #given(parameters: string, extra: string): () => string {
    const draws = this.#draws;
    const any = () => this.#expressions.any(1);
    const fitting = [
      ...(parameters === "" ? [() => ""] : [any, () => `p=${any()}`]),
      ...(parameters.includes("q")
        ? [() => `${any()}, ${any()}`, () => `${any()}, q=${any()}`]
        : []),
      ...(extra.includes("varargs") ? [() => "1, 2, 3"] : []),
      ...(extra.includes("kwargs") && parameters !== "" ? [() => `${any()}, k=${any()}`] : []),
    ];
    const odd = [() => "", () => "1, 2, 3, k=4", () => `q=${any()}`];
    return draws.pick(draws.chance(0.85) ? fitting : odd);
  }

  #callBlock(depth: number): string {
    this.#names += 1;
    const name = `around_${this.#names}`;
    const { parameters, given } = this.#draws.pick([
      { parameters: "", given: "" },
      { parameters: "(c)", given: "'x'" },
      { parameters: "(c, e=2)", given: "name" },
      { parameters: "(c)", given: "" },
    ]);
    return `${this.#tag(`macro ${name}()`)}[{{ caller(${given}) }}]${this.#tag("endmacro")}${this.#tag(`call${parameters} ${name}()`)}${parameters === "" ? "" : "{{ c }}"}${this.body(depth)}${this.#tag("endcall")}`;
  }

  #filterBlock(depth: number): string {
    const filter = this.#draws.pick([
      "upper",
      "trim",
      "indent(2)",
      "replace('a', 'b')",
      "title|trim",
      "wordwrap(10)",
      "escape",
      "truncate(15)",
      "length",
      "tojson",
    ]);
    return `${this.#tag(`filter ${filter}`)}${this.body(depth)}${this.#tag("endfilter")}`;
  }

  #namespace(depth: number): string {
    const items = this.#expressions.of("numbers", 1);
    const body = this.#draws.pick([
      "{% set ns.total = ns.total + 1 %}",
      "{% set ns.total = ns.total + item %}",
      "{% set ns.other = item %}{{ ns.other }}",
      "{% if item %}{% set ns.total = item %}{% endif %}",
    ]);
    return `{% set ns = namespace(total=${this.#expressions.of("int", 1)}) %}{% for item in ${items} %}${body}${this.body(depth - 1)}{% endfor %}{{ ns.total }}`;
  }

  #helper(depth: number): string {
    const inner = this.body(depth - 1);
    return this.#draws.pick([
      `{% set c = cycler('odd', 'even', 3) %}{% for x in range(4) %}{{ c.next() }}${inner}{% endfor %}{{ c.current }}`,
      `{% set j = joiner('; ') %}{% for x in tags %}{{ j() }}{{ x }}{% endfor %}`,
      `{% set a = [] %}{% for x in xs %}{% set _ = a.append(x) %}{% endfor %}{{ a }}${inner}`,
      `{% set a = {'k': 1} %}{% set _ = a.update({'z': n}) %}{{ a }}{{ a.get('k') }}{{ a.pop('z') }}${inner}`,
      `{% set a = ['q'] %}{{ a.insert(0, n) }}{{ a.extend(xs) }}{{ a.pop() }}{{ a.reverse() }}{{ a }}`,
      `{% for x in xs %}{% set _ = xs.append(x) if xs|length < 7 %}{{ x }}${inner}{% endfor %}`,
      `{% for x in xs if x %}{{ loop.last }}{% set _ = xs.pop() if xs|length > 1 %}{{ loop.length }}{% endfor %}`,
      `{% for k in counts %}{{ k }}{% if flag %}{% set _ = counts.update({k ~ 'x': 1}) %}{% endif %}{% endfor %}`,
      `{% for k in counts %}{{ loop.last }}{% set _ = counts.pop(k) %}{% set _ = counts.update({k: 2}) %}{% endfor %}`,
      `{% set mark = (name|e) %}{{ mark + note }}{{ [mark|first, mark|last, mark|list, mark[1:3]] }}${inner}`,
      `{{ counts.setdefault('new', []) }}{{ counts }}{{ counts|length }}`,
    ]);
  }

  #verbatim(): string {
    return this.#draws.pick([
      "{# comment #}",
      "{#- trimmed -#}\n",
      "  {# {{ x }} #}\n",
      "{% raw %}{{ kept }} {% x %}{% endraw %}",
      "{%- raw -%} a {{ {%- endraw -%} b",
      "{{ '{{' }}",
      '{{ "%}" }}',
    ]);
  }

  #recursive(): string {
    const inner = this.#output(
      this.#draws.pick(["loop.depth", "loop.index", "loop.depth0", "item.name"]),
    );
    return `{%- for item in [{'name': n, 'kids': [{'name': 'k', 'kids': []}, {'name': name}]}] recursive %}${inner}{% if item.kids %}({{ loop(item.kids) }}){% endif %}{% endfor %}`;
  }
}

/** A small damage anywhere: what the grammar then accepts or refuses must still agree. */
function damaged(source: string, draws: Draws): string {
  const at = draws.int(source.length + 1);
  return draws.pick([
    () => source.slice(0, at) + draws.pick(noise) + source.slice(at),
    () => source.slice(0, at) + source.slice(at + 1 + draws.int(3)),
    () => source.slice(0, at) + source.slice(at).replace(/\w+|[^\w\s]/, draws.pick(noise)),
  ])();
}

/** Case `index` of a seed as one JSON line {id, template, context, options}; a pure function of both. */
export function randomCase(seed: number, index: number): string {
  const draws = draw(seed, "template-fuzz", index);
  const context = randomContext(draws);
  let template = new Writer(draws).body(1 + draws.int(3));
  if (draws.chance(0.12)) template = damaged(template, draws);
  const options = {
    undefined: draws.chance(0.5) ? "strict" : "default",
    trim_blocks: draws.chance(0.2),
    lstrip_blocks: draws.chance(0.2),
    keep_trailing_newline: draws.chance(0.2),
    autoescape: draws.chance(0.1),
  };
  return `{"id": "${seed}-${index}", "template": ${JSON.stringify(template)}, "context": ${context}, "options": ${JSON.stringify(options)}}`;
}
