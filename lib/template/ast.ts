/** The tree of a template. Every node keeps its offset in the normalised source for refusals. */

export type BinaryOperator = "+" | "-" | "*" | "/" | "//" | "%" | "**";
export type CompareOperator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in";

export type Arguments = {
  positional: Expression[];
  named: { name: string; value: Expression }[];
};

export type Expression = { at: number } & (
  | { kind: "constant"; value: string | bigint | number | boolean | null }
  | { kind: "name"; name: string }
  | { kind: "list"; items: Expression[] }
  | { kind: "tuple"; items: Expression[] }
  | { kind: "dict"; entries: { key: Expression; value: Expression }[] }
  | { kind: "not"; operand: Expression }
  | { kind: "sign"; negative: boolean; operand: Expression }
  | { kind: "and" | "or"; left: Expression; right: Expression }
  | { kind: "binary"; operator: BinaryOperator; left: Expression; right: Expression }
  | { kind: "concat"; parts: Expression[] }
  | {
      kind: "compare";
      first: Expression;
      rest: { operator: CompareOperator; operand: Expression }[];
    }
  | {
      kind: "conditional";
      condition: Expression;
      value: Expression;
      otherwise: Expression | undefined;
    }
  | { kind: "attribute"; target: Expression; name: string }
  | { kind: "item"; target: Expression; key: Expression }
  | {
      kind: "slice";
      target: Expression;
      start: Expression | undefined;
      stop: Expression | undefined;
      step: Expression | undefined;
    }
  | { kind: "call"; target: Expression; arguments: Arguments }
  | { kind: "filter"; input: Expression; name: string; arguments: Arguments }
  | { kind: "test"; input: Expression; name: string; arguments: Arguments }
  /** The text of a `filter` or filtered `set` block, waiting to be piped through filters. */
  | { kind: "captured" }
);

export type Target = { at: number } & (
  | { kind: "name"; name: string }
  | { kind: "tuple"; items: Target[] }
  | { kind: "namespace"; name: string; attribute: string }
);

export type Parameter = { name: string; fallback: Expression | undefined };

export type MacroNode = {
  name: string;
  parameters: Parameter[];
  body: Statement[];
  /** Whether the body reads `varargs`, `kwargs` or `caller`: Jinja2 decides by that what a macro accepts. */
  catchesPositional: boolean;
  catchesNamed: boolean;
  usesCaller: boolean;
};

export type LoopNode = {
  target: Target;
  items: Expression;
  filter: Expression | undefined;
  recursive: boolean;
  body: Statement[];
  otherwise: Statement[];
};

export type Statement = { at: number } & (
  | { kind: "text"; text: string }
  | { kind: "output"; value: Expression }
  | { kind: "if"; branches: { condition: Expression; body: Statement[] }[]; otherwise: Statement[] }
  | ({ kind: "for" } & LoopNode)
  | { kind: "set"; target: Target; value: Expression }
  | { kind: "set-block"; target: Target; filter: Expression | undefined; body: Statement[] }
  | { kind: "with"; bindings: { target: Target; value: Expression }[]; body: Statement[] }
  | { kind: "filter-block"; filter: Expression; body: Statement[] }
  | { kind: "autoescape"; enabled: Expression; body: Statement[] }
  | ({ kind: "macro" } & MacroNode)
  | { kind: "call-block"; call: Extract<Expression, { kind: "call" }>; caller: MacroNode }
);
