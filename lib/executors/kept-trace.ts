import { storable } from "#lib/db/json.ts";
import { textMax, traceStepsMax } from "./contract.ts";

const charactersMax = 1_000_000;
const dataCharactersMax = 20_000;

/**
 * The beginning of a trace, bounded in steps and characters; where something was left out, its last step says so.
 * What is no list is left for the schema to refuse.
 */
export function keptTrace(trace: unknown): unknown {
  if (!Array.isArray(trace)) return trace;
  const kept: unknown[] = [];
  let characters = 0;
  for (const step of trace.slice(0, traceStepsMax)) {
    const bounded = boundedStep(step);
    characters += bounded.characters;
    if (characters > charactersMax) break;
    kept.push(bounded.step);
  }
  if (kept.length === trace.length) return kept;
  const text = `The trace had ${trace.length} steps; the first ${kept.length} were kept.`;
  return [...kept, { agent_type: "genepool", kind: "message", text }];
}

function boundedStep(step: unknown): { step: unknown; characters: number } {
  if (typeof step !== "object" || step === null) return { step, characters: 0 };
  const { data, ...rest }: Record<string, unknown> = { ...step };
  const text = typeof rest.text === "string" ? rest.text.slice(0, textMax) : rest.text;
  const kept = boundedData(data);
  return {
    step: { ...rest, text, ...(kept.data === undefined ? {} : { data: kept.data }) },
    characters: (typeof text === "string" ? text.length : 0) + kept.characters,
  };
}

function boundedData(data: unknown): { data: unknown; characters: number } {
  if (data === undefined) return { data, characters: 0 };
  try {
    const length = JSON.stringify(storable(data)).length;
    if (length <= dataCharactersMax) return { data, characters: length };
    return { data: `left out: ${length} characters`, characters: 40 };
  } catch {
    // Nested deeper than the stack: nobody reads that, and the step itself is worth keeping.
    return { data: "left out: nested too deep", characters: 40 };
  }
}
