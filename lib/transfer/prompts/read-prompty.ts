import { z } from "zod";
import { formatVersion, parseVersion } from "../../domain/version.ts";
import type { FileFault, ReadPrompts } from "./file-prompt.ts";
import { parseYaml } from "./parse-yaml.ts";

const frontMatter = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)^---[ \t]*(?:\r?\n|$)/m;

/** A role line as Prompty reads it: any case, a leading `#`, properties in brackets. */
const roleLine =
  /^[ \t]*#?[ \t]*(system|user|assistant|developer|function|tool)[ \t]*(\[[^\]\n]*\])?[ \t]*:[ \t]*\r?$/i;

/** Model parameters that our prompts have too, under the names that the formats give them. */
const parameterNames: Readonly<Record<string, string>> = {
  temperature: "temperature",
  top_p: "topP",
  topP: "topP",
  max_tokens: "maxOutputTokens",
  max_completion_tokens: "maxOutputTokens",
  maxOutputTokens: "maxOutputTokens",
};

const section = z.record(z.string(), z.unknown());
type Section = z.infer<typeof section>;
const text = z.string().catch("");

/**
 * Reads a Prompty file: YAML between `---` lines, then a Jinja2 body with role lines, which become ours. Never throws:
 * what cannot be read is a fault with its line, what a prompt cannot carry is named in `leftOut`.
 */
export function readPrompty(file: string, source: string, agentType: string): ReadPrompts {
  const found: ReadPrompts = { prompts: [], faults: [], leftOut: [] };
  const fault = (message: string, line = 1) => found.faults.push({ file, line, message });
  const matched = source.startsWith("---") || source.startsWith("\uFEFF---");
  const match = matched ? frontMatter.exec(source) : null;
  if (match === null) {
    fault("a Prompty file begins with front matter: YAML between two lines of ---");
    return found;
  }
  const parsed = parseYaml(file, match[1] ?? "", 2);
  found.faults.push(...parsed.faults);
  if (parsed.root === null) return found;
  const head = section.safeParse(parsed.root.value ?? {});
  if (!head.success) {
    fault("the front matter is not made of names and values", 2);
    return found;
  }
  const lineOf = keyLines(match[1] ?? "");
  const reader: Reader = {
    faultAt: (key, message) => fault(message, lineOf(key)),
    leaveOut: (key, message) => found.leftOut.push({ file, line: lineOf(key), message }),
  };
  refuseForeign(head.data, reader);
  const contentLine = match[0].split("\n").length;
  const body = readBody(source.slice(match[0].length), { file, firstLine: contentLine });
  found.faults.push(...body.faults);
  found.prompts.push({
    file,
    line: 1,
    agentType,
    version: readVersion(head.data, reader),
    content: body.content,
    contentLine,
    parameters: readParameters(head.data, reader),
    tools: null,
    message: messageOf(head.data),
    production: true,
  });
  found.leftOut.push(...body.leftOut);
  found.leftOut.sort((a, b) => a.line - b.line);
  return found;
}

interface Reader {
  faultAt(key: string, message: string): void;
  leaveOut(key: string, message: string): void;
}

/** Line of the file on which a key of the front matter is written first. */
function keyLines(yaml: string): (key: string) => number {
  const lines = yaml.split("\n");
  return (key) => {
    const index = lines.findIndex((line) => line.trimStart().startsWith(`${key}:`));
    return index < 0 ? 1 : index + 2;
  };
}

const carried: ReadonlySet<string> = new Set([
  "name",
  "description",
  "authors",
  "version",
  "model",
  "template",
  "base",
  "$schema",
]);

function refuseForeign(head: Section, { faultAt, leaveOut }: Reader): void {
  if (head.base !== undefined)
    faultAt("base", "base: write what the other file says into this one; nothing is inherited");
  const language = JSON.stringify(head.template ?? "jinja2").toLowerCase();
  if (!language.includes("jinja2"))
    faultAt("template", "template: only Jinja2 is read; rewrite the body in it");
  for (const key of Object.keys(head)) {
    if (!carried.has(key)) leaveOut(key, `${key} is left out: ${reasonFor(key)}`);
  }
}

function reasonFor(key: string): string {
  if (key === "sample" || key === "inputs")
    return "a prompt keeps no sample values; benchmarks of a suite do";
  if (key === "tools") return "tools belong to the agent type";
  return "a prompt has no place for it";
}

function readVersion(head: Section, { faultAt }: Reader): string | null {
  if (head.version === undefined) return null;
  const version = parseVersion(String(head.version));
  if (version !== null) return formatVersion(version);
  faultAt("version", `"${head.version}" is no version; write three numbers, as "1.0.0"`);
  return null;
}

function readParameters(head: Section, { faultAt, leaveOut }: Reader): Record<string, unknown> {
  const parameters: Record<string, unknown> = {};
  if (head.model === undefined) return parameters;
  const model = section.safeParse(typeof head.model === "string" ? { id: head.model } : head.model);
  if (!model.success) {
    faultAt("model", "model: write names and values");
    return parameters;
  }
  const stated = section.safeParse(model.data.parameters ?? model.data.options ?? {});
  if (!stated.success) faultAt("parameters", "model.parameters: write names and values");
  for (const [key, value] of Object.entries(stated.data ?? {})) {
    const name = parameterNames[key];
    if (name !== undefined) parameters[name] = value;
    else leaveOut(key, `model parameter ${key} is left out: a prompt has no place for it`);
  }
  nameModel(model.data, leaveOut);
  return parameters;
}

function nameModel(model: Section, leaveOut: Reader["leaveOut"]): void {
  for (const key of Object.keys(model)) {
    if (key === "parameters" || key === "options") continue;
    if (key === "api" || key === "apiType") {
      if (model[key] !== "chat")
        leaveOut(key, `model.${key} is left out: every prompt is sent as a chat`);
    } else leaveOut(key, `model.${key} is left out: the agent type's model answers`);
  }
}

function messageOf(head: Section): string | null {
  const authors = z.array(z.string()).catch([]).parse(head.authors);
  const title = [text.parse(head.name), text.parse(head.description)].filter((part) => part !== "");
  const by = authors.length === 0 ? "" : ` (by ${authors.join(", ")})`;
  return title.length === 0 ? null : `${title.join(": ")}${by}`;
}

/** The body with Prompty's role lines in our spelling, line for line. */
function readBody(
  body: string,
  { file, firstLine }: { file: string; firstLine: number },
): { content: string; faults: FileFault[]; leftOut: FileFault[] } {
  const faults: FileFault[] = [];
  const leftOut: FileFault[] = [];
  const lines = body.split("\n").map((source, index) => {
    const [, name, properties] = roleLine.exec(source) ?? [];
    if (name === undefined) return source;
    const at = { file, line: firstLine + index };
    const role = name.toLowerCase();
    if (role === "function" || role === "tool") {
      faults.push({ ...at, message: `a prompt has no messages of the role ${role}` });
      return source;
    }
    if (properties !== undefined)
      leftOut.push({
        ...at,
        message: `${properties} is left out: a message has a role and a text`,
      });
    if (role !== "developer") return `${role}:`;
    leftOut.push({ ...at, message: "the developer's message is kept as the system's" });
    return "system:";
  });
  return { content: lines.join("\n"), faults, leftOut };
}
