/** A model's reply that could not be used, as data: proposers are expected to fail now and then. */
export type ProposalFailure = { ok: false; reason: string };

/** The texts between `<name>` and `</name>` in a reply, in their order, outer blank lines removed. */
export function taggedTexts(reply: string, name: string): string[] {
  const pattern = new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, "gi");
  return [...reply.matchAll(pattern)]
    .map((match) => withoutFence((match[1] ?? "").replace(/^\s*\n|\s+$/g, "")))
    .filter((text) => text.trim() !== "");
}

/** The first such text, or null. */
export function taggedText(reply: string, name: string): string | null {
  return taggedTexts(reply, name)[0] ?? null;
}

/** One line without quotes and bullet, as an instruction of a prompt is written. */
export function oneLine(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .trim()
    .replace(/^(?:[-*+]|\d{1,3}[.)])\s+/, "")
    .replace(/^["“](.*)["”]$/, "$1");
}

/** Models like to wrap a text in a code fence although nobody asked. */
function withoutFence(text: string): string {
  return /^```[a-z0-9]*\n([\s\S]*?)\n?```$/i.exec(text.trim())?.[1] ?? text;
}
