/** Random expressions of Jinja2, mostly of the kind asked for, so that more of each template is reached. */
import type { Draws } from "#lib/random.ts";
import { type Kind, namesOf } from "./variables.ts";
import {
  anyFilters,
  braceSpecs,
  comparisons,
  floats,
  integers,
  joinFilters,
  percentSpecs,
  strings,
  tests,
  textCalls,
  textChecks,
  textFilters,
} from "./vocabulary.ts";

const kinds: readonly Kind[] = [
  "text",
  "int",
  "float",
  "bool",
  "numbers",
  "texts",
  "rows",
  "mapping",
];

export class Expressions {
  readonly #draws: Draws;
  /** Names bound by the blocks around, each with its likely kind. */
  readonly locals: { name: string; kind: Kind | "loop" | "macro" }[] = [];

  constructor(draws: Draws) {
    this.#draws = draws;
  }

  /** An expression of any kind. */
  any(depth: number): string {
    return this.of(this.#draws.pick(kinds), depth);
  }

  /** An expression that is likely of this kind. */
  of(kind: Kind, depth: number): string {
    const draws = this.#draws;
    if (draws.chance(0.012))
      return draws.pick(["missing", "none", "nothing", "mixed", "mixed", "d.absent"]);
    if (draws.chance(0.025)) return this.of(draws.pick(kinds), depth - 1);
    if (depth <= 0 || draws.chance(0.2)) return this.#leaf(kind);
    if (draws.chance(0.08)) return this.#choice(kind, depth);
    if (draws.chance(0.08)) return `(${this.of(kind, depth - 1)})`;
    return this.#compound(kind, depth - 1);
  }

  #leaf(kind: Kind): string {
    const draws = this.#draws;
    const local = this.locals.filter((found) => found.kind === kind);
    if (local.length > 0 && draws.chance(0.5)) return draws.pick(local).name;
    if (draws.chance(0.5)) return draws.pick(namesOf[kind]);
    switch (kind) {
      case "text":
        return draws.pick(strings);
      case "int":
        return draws.pick(integers);
      case "float":
        return draws.pick(floats);
      case "bool":
        return draws.pick(["true", "false", "True", "False"]);
      case "numbers":
        return draws.pick(["[3, 1, 2]", "range(4)", "(1, 2.5, 3)", "[]", "range(5, 0, -2)"]);
      case "texts":
        return draws.pick(["['b', 'A', 'c']", "('x', 'y')", "'a b c'.split()", "['a', 'a', 'B']"]);
      default:
        return draws.pick(namesOf[kind]);
    }
  }

  #choice(kind: Kind, depth: number): string {
    const draws = this.#draws;
    const [a, b] = [this.of(kind, depth - 1), this.of(kind, depth - 1)];
    return draws.pick([
      () => `(${a} if ${this.of("bool", depth - 1)} else ${b})`,
      () => `(${a} if ${this.of("bool", depth - 1)})`,
      () => `${a} or ${b}`,
      () => `${a} and ${b}`,
      () => `[${a}, ${b}][${this.#leaf("bool")}]`,
      () => `{'k': ${a}, 2: ${b}}['k']`,
      () => `${a}|default(${b})`,
      () => `${a}|d(${b}, true)`,
    ])();
  }

  #compound(kind: Kind, depth: number): string {
    switch (kind) {
      case "text":
        return this.#draws.chance(0.6) ? this.#textByFilter(depth) : this.#text(depth);
      case "int":
        return this.#int(depth);
      case "float":
        return this.#float(depth);
      case "bool":
        return this.#bool(depth);
      case "numbers":
        return this.#numbers(depth);
      case "texts":
        return this.#texts(depth);
      case "rows":
        return this.#rows(depth);
      default:
        return this.#mapping(depth);
    }
  }

  #text(depth: number): string {
    const draws = this.#draws;
    const text = () => this.of("text", depth);
    const int = () => this.of("int", Math.min(depth, 1));
    const method = draws.pick(textCalls);
    return draws.pick([
      () => `${this.#held(text())}.${method}`,
      () => `${text()} ~ ${this.any(depth)}`,
      () => `${text()} + ${text()}`,
      () => `${text()} * ${draws.pick(["0", "2", "3"])}`,
      () => `${this.#held(text())}[${this.#slice()}]`,
      () => `${this.#held(text())}[${draws.pick(["0", "-1", "1"])}]`,
      () => `'%${draws.pick(percentSpecs)}' % ${this.#held(this.any(depth))}`,
      () => `'%${draws.pick(percentSpecs)} %s' % (${int()}, ${this.any(depth)})`,
      () => `'{${draws.pick(braceSpecs)}}'.format(${this.any(depth)})`,
      () => `'%s-%s'|format(${this.any(depth)}, ${int()})`,
      () => `${this.any(depth)} ~ ''`,
    ])();
  }

  #textByFilter(depth: number): string {
    const draws = this.#draws;
    return draws.pick([
      () => `${this.#held(this.of("text", depth))}|${draws.pick(textFilters)}`,
      () =>
        `${this.#held(this.of("text", depth))}|${draws.pick(textFilters)}|${draws.pick(textFilters)}`,
      () => `${this.#held(this.any(depth))}|${draws.pick(anyFilters)}`,
      () => `${this.#held(this.of("texts", depth))}|${draws.pick(joinFilters)}`,
      () => `${this.#held(this.of("numbers", depth))}|${draws.pick(joinFilters)}`,
      () => `${this.#held(this.of("rows", depth))}|join(', ', attribute='name')`,
      () =>
        `${this.#held(this.of("mapping", depth))}|${draws.pick(["xmlattr", "urlencode", "join('/')"])}`,
      () => `${this.#held(this.of("float", depth))}|filesizeformat`,
      () => `${this.#held(this.of("int", depth))}|filesizeformat(true)`,
    ])();
  }

  #int(depth: number): string {
    const draws = this.#draws;
    const int = () => this.of("int", depth);
    return draws.pick([
      () => `${int()} ${draws.pick(["+", "-", "*", "//", "%"])} ${int()}`,
      () => `${int()} ** ${draws.pick(["0", "1", "2", "3"])}`,
      () => `-${this.#held(int())}`,
      () => `${this.#held(this.any(depth))}|${draws.pick(["length", "count", "int", "int(7)"])}`,
      () =>
        `${this.#held(this.of("text", depth))}|${draws.pick(["wordcount", "int", "int(default=3)", "int(0, 16)"])}`,
      () =>
        `${this.#held(this.of("numbers", depth))}|${draws.pick(["sum", "max", "min", "first", "sum(start=10)"])}`,
      () => `${this.#held(this.of("rows", depth))}|sum(attribute='size')`,
      () => `${this.#held(int())}|abs`,
      () =>
        `${this.#held(this.of("text", depth))}.${draws.pick(["count('a')", "find('e')", "index('a')", "rfind(' ')"])}`,
      () => `${this.#held(this.of("texts", depth))}.${draws.pick(["count('a')", "index('b')"])}`,
      () => `${this.#held(this.of("numbers", depth))}[${draws.pick(["0", "-1", "2"])}]`,
    ])();
  }

  #float(depth: number): string {
    const draws = this.#draws;
    const float = () => this.of("float", depth);
    const number = () => this.of(draws.pick(["int", "float"]), depth);
    return draws.pick([
      () => `${number()} ${draws.pick(["+", "-", "*", "/", "//", "%"])} ${number()}`,
      () => `${number()} / ${number()}`,
      () =>
        `${this.#held(float())}|round(${draws.pick(["", "1", "2", "0, 'floor'", "1, 'ceil'", "-1"])})`,
      () => `${this.#held(this.any(depth))}|float`,
      () => `${this.#held(this.of("text", depth))}|float(1.5)`,
      () => `${this.#held(float())}|abs`,
      () => `${float()} ** ${draws.pick(["2", "0.5", "0"])}`,
    ])();
  }

  #bool(depth: number): string {
    const draws = this.#draws;
    const number = () => this.of(draws.pick(["int", "float"]), depth);
    return draws.pick([
      () => `${number()} ${draws.pick(comparisons)} ${number()}`,
      () => `${this.of("text", depth)} ${draws.pick(comparisons)} ${this.of("text", depth)}`,
      () => `${this.any(depth)} ${draws.pick(["==", "!="])} ${this.any(depth)}`,
      () => `${number()} < ${number()} <= ${number()}`,
      () => `${this.any(depth)} is ${draws.pick(["", "not "])}${draws.pick(tests)}`,
      () => `not ${this.of("bool", depth)}`,
      () => `${this.of("bool", depth)} ${draws.pick(["and", "or"])} ${this.of("bool", depth)}`,
      () =>
        `${this.of("text", depth)} ${draws.pick(["in", "not in"])} ${this.of(draws.pick(["text", "texts", "mapping"]), depth)}`,
      () => `${number()} in ${this.of("numbers", depth)}`,
      () => `${this.#held(this.of("text", depth))}.${draws.pick(textChecks)}`,
    ])();
  }

  #numbers(depth: number): string {
    const draws = this.#draws;
    const list = () => this.#held(this.of("numbers", depth));
    const item = () => this.of(draws.pick(["int", "float"]), depth - 1);
    return draws.pick([
      () => `[${item()}, ${item()}, ${item()}]`,
      () =>
        `${list()}|${draws.pick(["sort", "sort(reverse=true)", "reverse|list", "unique|list", "list"])}`,
      () =>
        `${list()}|${draws.pick(["select('odd')|list", "reject('gt', 1)|list", "select|list", "map('abs')|list", "map('string')|list"])}`,
      () => `${list()}[${this.#slice()}]`,
      () => `${list()} + ${list()}`,
      () => `range(${draws.pick(["3", "n % 5", "1, 6", "0, 10, 3"])})`,
      () =>
        `${this.#held(this.of("rows", depth))}|map(attribute='${draws.pick(["size", "price", "name", "absent"])}')|list`,
      () =>
        `${list()}|${draws.pick(["batch(2)|list", "batch(2, 0)|list", "slice(2)|list", "slice(3, '-')|list"])}`,
    ])();
  }

  #texts(depth: number): string {
    const draws = this.#draws;
    const list = () => this.#held(this.of("texts", depth));
    return draws.pick([
      () => `[${this.of("text", depth - 1)}, ${this.of("text", depth - 1)}]`,
      () =>
        `${list()}|${draws.pick(["sort", "sort(case_sensitive=true)", "unique|list", "reverse|list", "map('upper')|list", "map('length')|list", "select('string')|list", "reject('in', ['a'])|list", "map('default', 'x')|list", "map('replace', 'a', 'z')|list"])}`,
      () =>
        `${this.#held(this.of("text", depth))}.${draws.pick(["split()", "split(',')", "split(' ', 1)", "rsplit(' ', 1)", "splitlines()", "partition('a')"])}`,
      () => `${list()}[${this.#slice()}]`,
      () =>
        `${this.#held(this.of("mapping", depth))}.${draws.pick(["keys()|list", "values()|list", "items()|list"])}`,
      () =>
        `${this.#held(this.of("mapping", depth))}|${draws.pick(["list", "items|list", "dictsort", "dictsort(by='value')", "dictsort(reverse=true)"])}`,
      () => `${this.#held(this.of("text", depth))}|list`,
    ])();
  }

  #rows(depth: number): string {
    const draws = this.#draws;
    const rows = () => this.#held(this.of("rows", depth));
    return `${rows()}|${draws.pick([
      "sort(attribute='name')",
      "sort(attribute='kind,size')",
      "sort(attribute='size', reverse=true)",
      "selectattr('size')|list",
      "selectattr('kind', 'eq', 'a')|list",
      "rejectattr('size', 'gt', 2)|list",
      "selectattr('name', 'string')|list",
      "groupby('kind')",
      "groupby('kind')|list",
      "groupby('kind', case_sensitive=true)",
      "unique(attribute='kind')|list",
      "min(attribute='size')",
      "max(attribute='name')",
      "list",
      "batch(2)|list",
    ])}`;
  }

  #mapping(depth: number): string {
    const draws = this.#draws;
    return draws.pick([
      () =>
        `{'a': ${this.any(depth)}, ${draws.pick(["'b'", "1", "1.0", "true", "none"])}: ${this.any(depth)}}`,
      () => `dict(a=${this.any(depth)}, b=${this.any(depth)})`,
      () => `${this.#held(this.of("rows", depth))}[${draws.pick(["0", "-1", "5"])}]`,
      () => `${this.#held(this.of("rows", depth))}|${draws.pick(["first", "last"])}`,
      () => `dict(${this.#held(this.of("mapping", depth))}|dictsort)`,
      () => `dict(${this.#held(this.of("mapping", depth))}, z=1)`,
    ])();
  }

  #slice(): string {
    return this.#draws.pick([":2", "1:", "-2:", ":-1", "::2", "::-1", "1:3", "5:1:-1", ":", "n:"]);
  }

  /** In brackets more often than not, as the other case tests precedence rather than the filter. */
  #held(expression: string): string {
    const isSimple = /^[\w.]+$/.test(expression);
    return isSimple || this.#draws.chance(0.1) ? expression : `(${expression})`;
  }
}
