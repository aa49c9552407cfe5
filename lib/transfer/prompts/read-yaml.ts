import { isAlias, isMap, isScalar, isSeq, type Node } from "yaml";
import { z } from "zod";
import { formatVersion, parseVersion } from "../../domain/version.ts";
import type { FilePrompt, ReadPrompts } from "./file-prompt.ts";
import { parseYaml, scalarText, type YamlPlace } from "./parse-yaml.ts";

const templateKeys = ["content", "template", "prompt"] as const;
const promptKeys: ReadonlySet<string> = new Set([
  ...templateKeys,
  "version",
  "parameters",
  "tools",
  "message",
  "production",
]);
const collectionKeys: ReadonlySet<string> = new Set(["versions", "production"]);
const toolNames = z.array(z.string());
const namedValues = z.record(z.string(), z.unknown());

/**
 * Reads a file of prompts: agent type → template, or → `{content, version?, parameters?, tools?, message?}`, or →
 * `{versions, production?}` with the versions by number or as a list, or → such a list. Never throws: what cannot be
 * read is a fault with its line.
 */
export function readYamlPrompts(file: string, text: string): ReadPrompts {
  const found: ReadPrompts = { prompts: [], faults: [], leftOut: [] };
  const parsed = parseYaml(file, text);
  found.faults.push(...parsed.faults);
  if (parsed.root === null) return found;
  if (!isMap(parsed.root.node)) {
    found.faults.push(parsed.root.fault("write agent types with their templates: `agent: …`"));
    return found;
  }
  for (const [agentType, place] of membersOf(parsed.root)) readAgent(agentType, place, found);
  return found;
}

function readAgent(agentType: string, place: YamlPlace, found: ReadPrompts): void {
  const { node } = place;
  const list = isSeq(node) ? place : null;
  const versions = list ?? placeIn(place, "versions");
  if (versions === null) {
    const prompt = readPrompt({ agentType, version: null, place }, found);
    // The only prompt that an agent has is the one it runs on.
    if (prompt !== null) found.prompts.push({ ...prompt, production: prompt.production ?? true });
    return;
  }
  if (list === null) refuseUnknown(place, collectionKeys, found);
  const named = list === null ? readProduction(place, found) : null;
  const prompts = readVersions(agentType, versions, found);
  if (named !== null && !prompts.some(({ version }) => version === named.version)) {
    found.faults.push(named.place.fault(`production is ${named.version}, which is not among them`));
  }
  const inProduction = prompts.filter(
    ({ version, production }) => production === true || version === named?.version,
  );
  if (inProduction.length > 1)
    found.faults.push(versions.fault(`only one version of "${agentType}" can be in production`));
  for (const prompt of prompts)
    found.prompts.push({ ...prompt, production: inProduction.includes(prompt) });
}

type ReadPrompt = Omit<FilePrompt, "production"> & { production: boolean | null };

function readVersions(agentType: string, versions: YamlPlace, found: ReadPrompts): ReadPrompt[] {
  const members: [version: string | null, place: YamlPlace][] = isSeq(versions.node)
    ? versions.node.items.map((item) => [null, versions.at(item)])
    : membersOf(versions);
  if (members.length === 0) found.faults.push(versions.fault("write at least one version here"));
  return members.flatMap(([version, place]) => {
    const prompt = readPrompt({ agentType, version, place }, found);
    if (prompt === null) return [];
    if (prompt.version !== null) return [prompt];
    found.faults.push(place.fault("each prompt of a list needs its version"));
    return [];
  });
}

function readProduction(
  place: YamlPlace,
  found: ReadPrompts,
): { version: string; place: YamlPlace } | null {
  const stated = placeIn(place, "production");
  if (stated === null) return null;
  const version = readVersion(stated.text, stated, found);
  return version === null ? null : { version, place: stated };
}

/** The prompt at a place, or null with a fault. */
function readPrompt(
  at: { agentType: string; version: string | null; place: YamlPlace },
  found: ReadPrompts,
): ReadPrompt | null {
  const { agentType, place } = at;
  const template = templateOf(place, found);
  if (template === null) return null;
  const stated = isMap(place.node) ? place : null;
  if (stated !== null) refuseUnknown(stated, promptKeys, found);
  const versionPlace = stated === null ? null : placeIn(stated, "version");
  const versionText = at.version ?? versionPlace?.text ?? null;
  const version =
    versionText === null && versionPlace === null
      ? null
      : readVersion(versionText, versionPlace ?? place, found);
  const toolsPlace = stated === null ? null : placeIn(stated, "tools");
  const tools = toolsPlace === null ? null : toolNames.safeParse(toolsPlace.value);
  if (tools !== null && !tools.success)
    found.faults.push((toolsPlace ?? place).fault("tools are a list of names"));
  return {
    file: place.file,
    line: place.line,
    agentType,
    version,
    content: template.text,
    contentLine: template.firstLine,
    parameters: stated === null ? {} : readParameters(stated, found),
    tools: tools?.success ? tools.data : null,
    message: stated === null ? null : readText(stated, "message", found),
    production: stated === null ? null : readFlag(stated, "production", found),
  };
}

function templateOf(
  place: YamlPlace,
  found: ReadPrompts,
): { text: string; firstLine: number | null } | null {
  const held = isMap(place.node)
    ? templateKeys.flatMap((key) => placeIn(place, key) ?? [])
    : [place];
  const [template, second] = held;
  if (template === undefined) {
    found.faults.push(place.fault("write the template under `content:`"));
    return null;
  }
  if (second !== undefined) {
    found.faults.push(second.fault("the template is written twice; keep one of them"));
    return null;
  }
  if (typeof template.value !== "string") {
    found.faults.push(template.fault("a template is text; write `|` and the text below it"));
    return null;
  }
  return { text: template.value, firstLine: firstLineOf(template) };
}

/** A literal block begins below its `|`; other texts run in step with the file only on their first line. */
function firstLineOf({ node, line, value }: YamlPlace): number | null {
  if (!isScalar(node)) return null;
  if (node.type === "BLOCK_LITERAL") return line + 1;
  return typeof value === "string" && !value.includes("\n") ? line : null;
}

function readVersion(text: string | null, place: YamlPlace, found: ReadPrompts): string | null {
  const version = text === null ? null : parseVersion(text);
  if (version !== null) return formatVersion(version);
  found.faults.push(
    place.fault(`"${text ?? ""}" is no version; write three numbers in quotes, as "1.0.0"`),
  );
  return null;
}

function readParameters(place: YamlPlace, found: ReadPrompts): Record<string, unknown> {
  const member = placeIn(place, "parameters");
  if (member === null) return {};
  const parameters = namedValues.safeParse(member.value);
  if (parameters.success) return parameters.data;
  found.faults.push(member.fault("parameters are names with values"));
  return {};
}

function readText(place: YamlPlace, key: string, found: ReadPrompts): string | null {
  const member = placeIn(place, key);
  if (member === null) return null;
  if (typeof member.value === "string") return member.value;
  found.faults.push(member.fault(`${key} is text; put it in quotes`));
  return null;
}

function readFlag(place: YamlPlace, key: string, found: ReadPrompts): boolean | null {
  const member = placeIn(place, key);
  if (member === null) return null;
  if (typeof member.value === "boolean") return member.value;
  found.faults.push(member.fault(`${key} is true or false here`));
  return null;
}

function refuseUnknown(place: YamlPlace, known: ReadonlySet<string>, found: ReadPrompts): void {
  for (const [key, member] of membersOf(place)) {
    if (!known.has(key))
      found.faults.push(member.fault(`"${key}" means nothing here; ${[...known].join(", ")} do`));
  }
}

function placeIn(place: YamlPlace, key: string): YamlPlace | null {
  return membersOf(place).find(([name]) => name === key)?.[1] ?? null;
}

function membersOf(place: YamlPlace): [key: string, place: YamlPlace][] {
  if (!isMap<Node, Node | null>(place.node)) return [];
  return place.node.items.map(({ key, value }) => [keyText(key), place.at(value ?? key)]);
}

function keyText(key: Node): string {
  if (isAlias(key)) return key.source;
  return isScalar(key) ? scalarText(key) : "";
}
