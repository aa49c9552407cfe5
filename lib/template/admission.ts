/** Checks on names while parsing: what is not on the lists is refused before anything runs. */
import type { Arguments } from "./ast.ts";
import { TemplateError } from "./refusal.ts";
import { filterSignatures, type Signature, testSignatures } from "./signatures.ts";

export function checkFilter(name: string, given: Arguments, at: number): void {
  const signature = filterSignatures.get(name);
  if (signature === undefined) throw new TemplateError("filter", unknownFilter(name), at);
  checkArity("filter", name, signature, given, at);
}

export function checkTest(name: string, given: Arguments, at: number): void {
  const signature = testSignatures.get(name);
  if (signature === undefined) {
    const advice =
      name === "empty" ? 'write "not x" instead' : "use one of the tests in docs/templates.md";
    throw new TemplateError("test", `There is no test "${name}"; ${advice}.`, at);
  }
  checkArity("test", name, signature, given, at);
}

export function checkName(name: string, at: number): void {
  if (name === "self")
    throw new TemplateError("name", '"self" is refused; name the variable you mean.', at);
}

function unknownFilter(name: string): string {
  switch (name) {
    case "random":
      return 'The filter "random" is refused, as a prompt must render the same each time; choose the value outside.';
    case "urlize":
      return 'The filter "urlize" is refused; write the link out.';
    default:
      return `There is no filter "${name}"; use one of the filters in docs/templates.md.`;
  }
}

function checkArity(
  construct: string,
  name: string,
  signature: Signature,
  given: Arguments,
  at: number,
): void {
  if (signature.open) return;
  const { parameters, required } = signature;
  const unknown = given.named.find((argument) => !parameters.includes(argument.name));
  if (unknown !== undefined)
    throw new TemplateError(
      construct,
      `The ${construct} "${name}" has no argument "${unknown.name}"; it takes ${listed(parameters)}.`,
      at,
    );
  const count = given.positional.length + given.named.length;
  const isGivenTwice = given.named.some(
    (argument) => parameters.indexOf(argument.name) < given.positional.length,
  );
  const isMissing = parameters
    .slice(given.positional.length, required)
    .some((parameter) => !given.named.some((argument) => argument.name === parameter));
  if (count > parameters.length || isGivenTwice || isMissing)
    throw new TemplateError(
      construct,
      `The ${construct} "${name}" got the wrong number of arguments; it takes ${listed(parameters)}.`,
      at,
    );
}

function listed(parameters: readonly string[]): string {
  return parameters.length === 0 ? "none" : parameters.join(", ");
}
