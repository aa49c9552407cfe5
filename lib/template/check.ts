// provisional until the engine is complete
export function checkTemplate(
  source: string,
  options: { requiredVariables?: readonly string[] },
):
  | { ok: true; variables: string[] }
  | { ok: false; refusals: { reason: string; construct: string; line: number; column: number }[] } {
  const missing = (options.requiredVariables ?? []).filter(
    (v) => !new RegExp(`\\{\\{\\s*${v}\\s*\\}\\}`).test(source),
  );
  return missing.length === 0
    ? { ok: true, variables: [] }
    : {
        ok: false,
        refusals: missing.map((m) => ({
          reason: `missing ${m}`,
          construct: "variable",
          line: 1,
          column: 1,
        })),
      };
}
