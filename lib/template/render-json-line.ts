/** One line in, one line out: rendering from the command line and from other languages. */
import { isTrue } from "./compare.ts";
import { readJson } from "./json-reader.ts";
import { Budget } from "./limits.ts";
import { refusalOf, type TemplateRefusal } from "./refusal.ts";
import { parseTemplate, renderWith } from "./template.ts";
import { Dict, isText, textOf, type Value } from "./value.ts";

/** A line holds a template and its context, so it may be longer than either. */
const lineCharactersMax = 4_194_304;

/**
 * Render the line `{id, template, context, options?}` and answer `{id, output}` or `{id, refused: {reason, line,
 * column}}` as JSON text. Never throws: a line that cannot be read is answered with the id null.
 */
export function renderJsonLine(line: string): string {
  let id: Value = null;
  try {
    const request = readJson(line, lineCharactersMax);
    if (!(request instanceof Dict)) return refused(null, "The line must be a JSON object.");
    const field = (name: string) => request.get(name, new Budget());
    id = field("id") ?? null;
    const template = field("template");
    const context = field("context") ?? new Dict();
    const options = field("options") ?? new Dict();
    if (template === undefined || !isText(template))
      return refused(id, 'The line needs a text as "template".');
    if (!(context instanceof Dict)) return refused(id, 'The "context" must be an object.');
    if (!(options instanceof Dict)) return refused(id, 'The "options" must be an object.');
    return renderRequest(id, textOf(template), context, options);
  } catch (error) {
    return refused(id, refusalOf(error, "").reason);
  }
}

function renderRequest(id: Value, template: string, context: Dict, options: Dict): string {
  const option = (name: string) => options.get(name, new Budget());
  const isOn = (name: string) => isTrue(option(name) ?? false);
  const parsed = parseTemplate(template, {
    trimBlocks: isOn("trim_blocks"),
    lstripBlocks: isOn("lstrip_blocks"),
    keepTrailingNewline: isOn("keep_trailing_newline"),
  });
  if (!parsed.ok) return answer(id, parsed.refusal);
  const result = renderWith(parsed.template, () => context, {
    undefined: option("undefined") === "default" ? "default" : "strict",
    autoescape: isOn("autoescape"),
  });
  if (!result.ok) return answer(id, result.refusal);
  return JSON.stringify({ id: idOf(id), output: result.output });
}

function refused(id: Value, reason: string): string {
  return answer(id, { reason, construct: "line", line: 1, column: 1 });
}

function answer(id: Value, { reason, line, column }: TemplateRefusal): string {
  return JSON.stringify({ id: idOf(id), refused: { reason, line, column } });
}

/** The id is the caller's: texts and plain numbers come back as they were. */
function idOf(id: Value): string | number | null {
  if (isText(id)) return textOf(id);
  if (typeof id === "bigint") return Number(id);
  return typeof id === "number" ? id : null;
}
