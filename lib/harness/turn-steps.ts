import type { TraceStep } from "../domain/trial.ts";

/** Longest text of a step; what is cut ends in an ellipsis. */
const stepTextMax = 4_000;
/** Longest data of a step as JSON; what is longer is kept as its cut text alone. */
const stepDataMax = 16_000;

const toolNameMax = 100;

/** A part of a model's step as the AI SDK gives it. */
export interface StepPart {
  type: string;
  text?: unknown;
  toolName?: unknown;
  input?: unknown;
  output?: unknown;
  error?: unknown;
}

/**
 * The trace of one model step. Text beside tools is thought, text without tools is the agent's message. Characters
 * that no database keeps (NUL, lone surrogates) are replaced.
 */
export function stepsOf(
  agentType: string,
  parts: readonly StepPart[],
  hasTools: boolean,
): TraceStep[] {
  const steps: TraceStep[] = [];
  for (const part of parts) {
    const toolName =
      typeof part.toolName === "string"
        ? { toolName: storable(part.toolName.slice(0, toolNameMax)) }
        : {};
    switch (part.type) {
      case "text":
      case "reasoning": {
        const kind = hasTools || part.type === "reasoning" ? "thought" : "message";
        if (typeof part.text === "string" && part.text.trim() !== "")
          steps.push({ agentType, kind, text: stepText(part.text) });
        break;
      }
      case "tool-call":
        steps.push({ agentType, kind: "tool-call", ...toolName, ...recorded(part.input) });
        break;
      case "tool-result":
        steps.push({ agentType, kind: "tool-result", ...toolName, ...recorded(part.output) });
        break;
      case "tool-error": {
        const error = part.error instanceof Error ? part.error.message : String(part.error);
        steps.push({ agentType, kind: "tool-result", ...toolName, ...recorded({ error }) });
        break;
      }
    }
  }
  return steps;
}

/** A step's text: bounded, and free of what no database keeps. */
export function stepText(text: string): string {
  const cut = text.length <= stepTextMax ? text : `${text.slice(0, stepTextMax - 1)}…`;
  return storable(cut);
}

function recorded(value: unknown): { text: string; data?: unknown } {
  const data = storableValue(value);
  const json = JSON.stringify(data);
  return json.length > stepDataMax ? { text: stepText(json) } : { text: stepText(json), data };
}

function storable(text: string): string {
  return text.replaceAll("\u0000", "\uFFFD").replace(/\p{Surrogate}/gu, "\uFFFD");
}

/** The value as JSON data whose texts and keys can be stored. */
function storableValue(value: unknown): unknown {
  if (typeof value === "string") return storable(value);
  if (Array.isArray(value)) return value.map(storableValue);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [storable(key), storableValue(entry)]),
    );
  }
  return typeof value === "number" || typeof value === "boolean" ? value : null;
}
