/**
 * Prompt templates in Jinja2's language, rendered by an engine of our own: no generated code, no host objects, every
 * value and every step bounded. Nothing here throws for a bad template; refusals are data.
 */
import type { Statement } from "./ast.ts";
import { readContext, type TemplateContext } from "./context.ts";
import { missingConstantAt } from "./folded-constants.ts";
import { defaultSyntax, normaliseSource, type SyntaxOptions, tokenize } from "./lexer.ts";
import { Budget, type BudgetLimits } from "./limits.ts";
import { parseTemplateBody } from "./parse-statement.ts";
import { refusalOf, TemplateError, type TemplateRefusal } from "./refusal.ts";
import { Renderer } from "./render-statements.ts";
import { Scope } from "./scope.ts";
import { namesSetAfterRead } from "./set-after-read.ts";
import { TokenStream } from "./token-stream.ts";
import { type Dict, isText, textOf } from "./value.ts";

export type ParsedTemplate = {
  /** With newlines normalised: offsets of the tree refer to it. */
  readonly source: string;
  readonly body: readonly Statement[];
  /** Names that a block reads before the scope around it assigns them; see `set-after-read.ts`. */
  readonly setAfterRead: ReadonlyMap<string, number>;
  /** Where a constant is missing that Jinja2 asks for while it reads; see `folded-constants.ts`. */
  readonly missingConstantAt: number | undefined;
};

export type ParseResult =
  | { ok: true; template: ParsedTemplate }
  | { ok: false; refusal: TemplateRefusal };

export type RenderOptions = {
  /** Whether printing or testing a missing variable fails ("strict", the default) or counts as empty. */
  undefined?: "strict" | "default";
  autoescape?: boolean;
  budget?: BudgetLimits;
};

export type RenderResult = { ok: true; output: string } | { ok: false; refusal: TemplateRefusal };

/** Read and admit a template. The whitespace options belong to reading, as they decide what text there is. */
export function parseTemplate(source: string, syntax: Partial<SyntaxOptions> = {}): ParseResult {
  const options = { ...defaultSyntax, ...syntax };
  const text = normaliseSource(source, options);
  try {
    const stream = new TokenStream(tokenize(text, options));
    const body = parseTemplateBody(stream);
    const template = {
      source: text,
      body,
      setAfterRead: namesSetAfterRead(body),
      missingConstantAt: missingConstantAt(stream.foldedOperands),
    };
    return { ok: true, template };
  } catch (error) {
    return { ok: false, refusal: refusalOf(error, text) };
  }
}

/** Render with the variables of `context`: JSON text, which keeps 1.0 and large integers, or plain data. */
export function renderTemplate(
  template: ParsedTemplate,
  context: TemplateContext,
  options: RenderOptions = {},
): RenderResult {
  return renderWith(template, () => readContext(context), options);
}

function refuseSetAfterRead({ setAfterRead }: ParsedTemplate, name: string): void {
  const at = setAfterRead.get(name);
  if (at === undefined) return;
  throw new TemplateError(
    "assignment",
    `"${name}" is set here, but a block above reads the variable of that name, which Jinja2 then leaves undefined; set another name.`,
    at,
  );
}

function refuseMissingConstant(at: number | undefined): void {
  if (at === undefined) return;
  throw new TemplateError(
    "undefined",
    "This constant is missing or fails, which Jinja2 finds even where it never runs; remove it.",
    at,
  );
}

/** Render with variables that are read already; renderings that belong together share one `budget`. */
export function renderWith(
  template: ParsedTemplate,
  readVariables: () => Dict,
  options: RenderOptions,
  budget: Budget = new Budget(options.budget),
): RenderResult {
  const renderer = new Renderer(budget, options.undefined !== "default");
  renderer.autoescape = options.autoescape ?? false;
  try {
    if (renderer.isStrict) refuseMissingConstant(template.missingConstantAt);
    const scope = new Scope();
    for (const { key, value } of readVariables().entries()) {
      if (!isText(key)) continue;
      refuseSetAfterRead(template, textOf(key));
      scope.set(textOf(key), value);
    }
    return { ok: true, output: renderer.render(template.body, new Scope(scope)) };
  } catch (error) {
    return { ok: false, refusal: refusalOf(error, template.source, renderer.at) };
  }
}
