import { createHash } from "node:crypto";

/** Canonical JSON as the registry hashes it: keys sorted by code unit, no white space. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(",")}}`;
}

/** The registry's identity of a prompt: sha-256 over what it says and how it is run. */
export function contentHash(genome: {
  content: string;
  parameters: Readonly<Record<string, unknown>>;
  tools: readonly string[];
}): string {
  const { content, parameters, tools } = genome;
  return createHash("sha256").update(canonicalJson({ content, parameters, tools })).digest("hex");
}
