/** What a `for`, `set` or `with` may assign to: names, tuples of names and attributes of a namespace. */
import type { Target } from "./ast.ts";
import type { TokenStream } from "./token-stream.ts";

type TargetOptions = {
  namespaces: boolean;
  /** One target only, so that a comma after it starts the next binding of `with`. */
  single?: boolean;
};

export function parseTarget(stream: TokenStream, options: TargetOptions): Target {
  const { at } = stream.current;
  const items = [parseOne(stream, options)];
  let isTuple = false;
  while (options.single !== true && stream.skip("operator", ",")) {
    isTuple = true;
    if (stream.endsTuple) break;
    items.push(parseOne(stream, options));
  }
  const [first] = items;
  return first !== undefined && !isTuple ? first : { kind: "tuple", items, at: stream.node(at) };
}

function parseOne(stream: TokenStream, options: TargetOptions): Target {
  const at = stream.node(stream.current.at);
  if (stream.skip("operator", "(")) {
    const inner = stream.nested(() => parseTarget(stream, { namespaces: options.namespaces }));
    stream.expect("operator", ")", "to close the bracket");
    return inner;
  }
  const name = assignableName(stream);
  if (!stream.isOperator(".")) return { kind: "name", name, at };
  if (!options.namespaces)
    stream.refuse("assignment", `Only {% set %} may assign to an attribute; write a plain name.`);
  stream.next();
  const attribute = stream.expect("name", undefined, "of the attribute").text;
  stream.namesRead.push(name);
  return { kind: "namespace", name, attribute, at };
}

export function assignableName(stream: TokenStream): string {
  const { text: name, at } = stream.expect("name", undefined, "to assign to");
  switch (name) {
    case "true":
    case "True":
    case "false":
    case "False":
    case "none":
    case "None":
    case "loop":
    case "self":
    case "super":
    case "caller":
    case "varargs":
    case "kwargs":
      return stream.refuse(
        "assignment",
        `"${name}" cannot be assigned to; choose another name.`,
        at,
      );
    default:
      return name;
  }
}
