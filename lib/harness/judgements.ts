import { type CriticVerdict, criticVerdict } from "../domain/trial.ts";

/**
 * Reads a critic's reply: JSON with `pass` and `objection`, or a line `VERDICT: pass` / `VERDICT: fail` with the
 * objection around it. Null when the reply holds no verdict.
 */
export function parseCriticVerdict(reply: string): CriticVerdict | null {
  const braces = /\{[^{}]*"pass"[^{}]*\}/s.exec(reply);
  if (braces !== null) {
    const parsed = safeJson(braces[0]);
    const verdict = criticVerdict.safeParse({
      objection: "",
      ...(typeof parsed === "object" ? parsed : {}),
    });
    if (verdict.success) return verdict.data;
  }
  const line = /verdict\s*[:=-]?\s*\**\s*(pass|fail|accept|reject)\w*/i.exec(reply);
  if (line === null) return null;
  const pass = /pass|accept/i.test(line[1] ?? "");
  const objection = reply.replace(line[0], "").trim();
  return { pass, objection: pass ? "" : objection.slice(0, 4_000) };
}

/** True when the plan repeats every number of the statement's requirements: nothing that binds was overlooked. */
export function namesEveryLimit(plan: string, statement: string): boolean {
  const known = new Set(numbersIn(plan));
  return requirementLines(statement).every((line) =>
    numbersIn(line).some((number) => known.has(number)),
  );
}

/** Lines of the statement's list of requirements, the cost limit included. */
function requirementLines(statement: string): string[] {
  const lines = statement.split("\n");
  const start = lines.findIndex((line) => /^requirements:/i.test(line.trim()));
  const listed = start < 0 ? [] : lines.slice(start + 1).filter((line) => /^\s*-\s/.test(line));
  return [...listed, ...lines.filter((line) => /^cost limit:/i.test(line.trim()))].filter(
    (line) => numbersIn(line).length > 0,
  );
}

function numbersIn(text: string): string[] {
  return (text.match(/\d+(?:\.\d+)?/g) ?? []).map((number) => String(Number(number)));
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON after all: the caller looks for a verdict line instead.
    return null;
  }
}
