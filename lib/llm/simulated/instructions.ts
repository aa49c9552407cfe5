/**
 * Cuts a prompt into instructions: list items and sentences, each in clauses, with its place in the prompt. Quoted
 * texts, code, examples, questions and the task's own data are no instructions.
 */
import { statementLines } from "./statement.ts";

export interface Instruction {
  /** Lower-case words, without quotes and asides. */
  text: string;
  clauses: string[];
  /** Where it stands: 0 at the beginning, 1 at the end of the prompt. */
  depth: number;
}

export interface ReadPrompt {
  instructions: Instruction[];
  /** Lines that show how it is done rather than say it. */
  demonstrations: string[];
}

const heading = /^\s*#{1,6}\s+(.*)$/;
const boldHeading = /^\s*\*\*([^*]{2,60})\*\*:?\s*$/;
const bullet = /^\s*(?:[-*+•]|\d{1,3}[.)])\s+/;
const sentenceEnd = /(?<=[.!?])["')\]]*\s+(?=[A-Z0-9*`"(])/;
/** A tag that opens or closes a block of data, as `<problem>`. */
const tag = /^\s*<\/?[a-z_]+>\s*$/i;

/** Reads everything that is said to the model as instruction. */
export function readInstructions(prompt: string): ReadPrompt {
  const lines = withoutCode(prompt).split("\n");
  const data = statementLines(lines);
  const instructions: Instruction[] = [];
  const demonstrations: string[] = [];
  let inExamples = false;
  lines.forEach((line, index) => {
    const title = heading.exec(line)?.[1] ?? boldHeading.exec(line)?.[1];
    if (title !== undefined) inExamples = /\b(examples?|demonstrations?|sample)\b/i.test(title);
    if (title !== undefined || line.trim() === "" || data.has(index) || tag.test(line)) return;
    if (inExamples || /^\s*(example|input|output|q|a)\s*\d*\s*:/i.test(line)) {
      demonstrations.push(line.toLowerCase());
      return;
    }
    for (const sentence of line.replace(bullet, "").split(sentenceEnd)) {
      const text = normalised(sentence);
      if (text === "" || text.endsWith("?")) continue;
      instructions.push({
        text,
        clauses: clausesOf(text),
        depth: index / Math.max(1, lines.length - 1),
      });
    }
  });
  return { instructions, demonstrations };
}

function withoutCode(text: string): string {
  return text.replace(/^[ \t]*(```|~~~)[\s\S]*?^[ \t]*\1[^\n]*$/gm, (block) =>
    "\n".repeat(block.split("\n").length - 1),
  );
}

function normalised(sentence: string): string {
  return (
    sentence
      .toLowerCase()
      .replace(/[’‘]/g, "'")
      .replace(/[*_]{2,}|(?<![a-z0-9])[*_]+|[*_]+(?![a-z0-9])|`/g, "")
      // A quotation of several words speaks about words, it does not ask for anything.
      .replace(/["“]([^"”]*)["”]/g, (_, inner: string) =>
        inner.trim().split(/\s+/).length > 3 ? "" : inner,
      )
      .replace(/\((?:e\.g\.|for example)[^)]*\)|\b(?:e\.g\.|for example|for instance),?[^.;]*/g, "")
      .replace(/\s+/g, " ")
      .trim()
  );
}

/** Negation and emphasis reach as far as a clause does. */
function clausesOf(text: string): string[] {
  const parts = text
    .split(
      /\s*;\s*|\s+[–—]\s+|,?(?<!nothing|anything)\s+\b(?:but|however|although|instead,|whereas)\s+|(?:,\s*(?:and\s+|then\s+)?|\s+and\s+(?:then\s+)?|\s+then\s+)(?=(?:always|never|do not|don't|you must|make sure|make it|be sure|ensure|use|run|call|check|verify|confirm|submit|hand in|keep|leave|convert|begin|start|evaluate|compare|address|fix|list|iterate|repeat|avoid|ignore|skip|name|state|recompute)\b)/,
    )
    .map((clause) => clause.trim())
    .filter((clause) => clause !== "");
  // "When there is an objection, fix it": the condition belongs to what follows.
  const clauses: string[] = [];
  for (const part of parts) {
    const open = clauses.at(-1);
    if (open !== undefined && condition.test(open)) clauses.splice(-1, 1, `${open}, ${part}`);
    else clauses.push(part);
  }
  return clauses;
}

const condition = /^(?:when|if|once|after|before|whenever|while|as soon as|should there)\b[^,]*$/;
