/** Which kind of work a conversation asks for, told from its words and tools as a person would tell it. */
import { type Conversation, promptText } from "./conversation.ts";
import { findStatement } from "./statement.ts";

export type Role =
  | "engineer"
  | "critic"
  | "planner"
  | "variations"
  | "rewrite"
  | "instruction"
  | "sanity"
  | "grader"
  | "answer";

export function roleOf(conversation: Conversation): Role {
  if (conversation.tools.some((name) => /submit|hand_?in|final/i.test(name))) return "engineer";
  if (/^You grade an answer\b/.test(conversation.system)) return "grader";
  const text = promptText(conversation);
  if (
    /<current_prompt>|<(?:instruction_to_rephrase|tool_to_describe|frame_to_fill)>|\b(?:current|existing) prompt\b/i.test(
      text,
    )
  ) {
    return proposingRole(text);
  }
  if (
    /<new_prompt>|\b(?:unsafe|harmful)\b[\s\S]*\bprompt\b[\s\S]*\b(?:drift|override|ignore)/i.test(
      text,
    )
  )
    return "sanity";
  if (findStatement(text) === null) return "answer";
  const opening = text.slice(0, 400);
  if (/\b(?:critic|reviewer|judge|assess|verdict|inspector)\b/i.test(opening)) return "critic";
  if (/\bverdict\b/i.test(text)) return "critic";
  if (/\b(?:plan|planner|planning|outline|strategy)\b/i.test(text)) return "planner";
  return "answer";
}

function proposingRole(text: string): Role {
  if (/<variation>|\bvariations\b/i.test(text)) return "variations";
  if (/<instruction>/i.test(text)) return "instruction";
  return "rewrite";
}
