import { z } from "zod";
import type { CriticVerdict } from "../domain/trial.ts";

const objectionMax = 4_000;

/**
 * Reads a critic's reply: JSON with `pass` and `objection`, or a line `VERDICT: pass` / `VERDICT: fail` with the
 * objection around it, the last such line where there are several. Null when the reply holds no verdict.
 */
export function parseCriticVerdict(reply: string): CriticVerdict | null {
  return jsonVerdict(reply) ?? lineVerdict(reply);
}

/** True when every limit occurs in the plan as a number: nothing that binds was overlooked. */
export function namesEveryLimit(plan: string, limits: readonly number[]): boolean {
  const known = new Set((plan.match(/\d+(?:\.\d+)?/g) ?? []).map(Number));
  return limits.every((limit) => known.has(Math.abs(limit)));
}

const verdictShape = z.looseObject({
  pass: z.boolean(),
  objection: z.string().default(""),
});

/** The object around `"pass"`, up to the last closing brace with which it is JSON. */
function jsonVerdict(reply: string): CriticVerdict | null {
  const start = reply.lastIndexOf("{", reply.indexOf('"pass"'));
  if (start < 0 || !reply.includes('"pass"')) return null;
  for (let end = reply.lastIndexOf("}"); end > start; end = reply.lastIndexOf("}", end - 1)) {
    const parsed = verdictShape.safeParse(safeJson(reply.slice(start, end + 1)));
    if (parsed.success) {
      const { pass, objection } = parsed.data;
      return { pass, objection: pass ? "" : objection.slice(0, objectionMax) };
    }
  }
  return null;
}

function lineVerdict(reply: string): CriticVerdict | null {
  const pattern =
    /[*_`#\s]*\bverdict\b[*_`\s]*[:=–-]?[*_`\s]*(pass|fail|accept|reject)\w*[*_`.]*/gi;
  const last = [...reply.matchAll(pattern)].at(-1);
  if (last === undefined) return null;
  const pass = /pass|accept/i.test(last[1] ?? "");
  const rest = `${reply.slice(0, last.index)}\n${reply.slice(last.index + last[0].length)}`;
  return { pass, objection: pass ? "" : rest.trim().slice(0, objectionMax) };
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON up to this brace: the caller tries the next one, or looks for a verdict line.
    return null;
  }
}
