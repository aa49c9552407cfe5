/** HTML escaping as MarkupSafe does it. */
import type { Budget } from "./limits.ts";
import { toText } from "./print.ts";
import { Markup, type Value } from "./value.ts";

/** The value's text as HTML; what is HTML already stays. */
export function escapeHtml(value: Value, budget: Budget): Markup {
  if (value instanceof Markup) return value;
  return new Markup(escapeText(toText(value, budget), budget));
}

export function escapeText(text: string, budget: Budget): string {
  budget.scan(text.length);
  const escaped = text.replace(/[&<>'"]/g, entity);
  budget.string(escaped.length);
  return escaped;
}

function entity(character: string): string {
  switch (character) {
    case "&":
      return "&amp;";
    case "<":
      return "&lt;";
    case ">":
      return "&gt;";
    case "'":
      return "&#39;";
    default:
      return "&#34;";
  }
}
