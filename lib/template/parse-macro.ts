/** Parameters and bodies of macros and call blocks. */
import type { MacroNode, Parameter, Statement } from "./ast.ts";
import { parseExpression } from "./parse-expression.ts";
import { assignableName } from "./parse-target.ts";
import type { TokenStream } from "./token-stream.ts";

export function parseSignature(stream: TokenStream): Parameter[] {
  const parameters: Parameter[] = [];
  stream.expect("operator", "(", "before the parameters");
  while (!stream.isOperator(")")) {
    if (parameters.length > 0) stream.expect("operator", ",", "between the parameters");
    const { at } = stream.current;
    const name = assignableName(stream);
    if (parameters.some((parameter) => parameter.name === name))
      stream.refuse("macro", `The parameter "${name}" is there twice; rename one.`, at);
    const fallback = stream.skip("operator", "=") ? parseExpression(stream) : undefined;
    if (fallback === undefined && parameters.at(-1)?.fallback !== undefined)
      stream.refuse("macro", "A parameter without a default follows one with; put it first.", at);
    parameters.push({ name, fallback });
  }
  stream.next();
  return parameters;
}

export function parseMacroBody(
  stream: TokenStream,
  name: string,
  parameters: Parameter[],
  parseBlock: () => Statement[],
): MacroNode {
  const readBefore = stream.namesRead.length;
  const body = parseBlock();
  const read = new Set(stream.namesRead.slice(readBefore));
  for (const { name: parameter } of parameters) read.delete(parameter);
  return {
    name,
    parameters,
    body,
    catchesPositional: read.has("varargs"),
    catchesNamed: read.has("kwargs"),
    usesCaller: read.has("caller"),
  };
}
