import type { Objection } from "./engineer-state.ts";

const labelled =
  /^[ \t>*-]*\**(?:the |critic's |reviewer's )?(?:objections?|criticism|feedback)\**:[ \t]*([^\n]*(?:\n(?!\s*(?:\n|#))[^\n]+)*)/im;

/** The critic's objection within what is said to the engineer, and the text without it. */
export function findObjection(text: string): { objection: Objection | null; rest: string } {
  const match = labelled.exec(text);
  const words = match?.[1]?.trim() ?? "";
  if (match === null || words === "") return { objection: null, rest: text };
  const quoted = /\(submitted: ([^()]*)\)/i.exec(words)?.[1] ?? "";
  const pairs = [...quoted.matchAll(/(\w+) = (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)/g)];
  const values = Object.fromEntries(pairs.map(([, name = "", value]) => [name, Number(value)]));
  return { objection: { text: words, values }, rest: text.replace(match[0], "") };
}
