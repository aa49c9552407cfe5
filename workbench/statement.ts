import type { Requirement } from "./define-family.ts";
import type { DesignVariable, SubmissionUnit } from "./problem.ts";

/**
 * The task in words. Every family uses the same layout: a story, `Design variables:` with a line
 * `- name (unit, min to max[, whole number]): description` each, `Requirements:` with a line each, `Cost limit:`, and
 * notes that come late.
 */
export function statementOf(parts: {
  story: string;
  variables: readonly DesignVariable[];
  requirements: readonly (Requirement & { limit: number })[];
  maxCostUsd: number;
  submissionUnit: SubmissionUnit | null;
}): string {
  const listed = parts.requirements.filter((requirement) => !requirement.late);
  const late = parts.requirements.filter((requirement) => requirement.late);
  return [
    parts.story,
    "",
    "Design variables:",
    ...parts.variables.map(variableLine),
    "",
    "Requirements:",
    ...listed.map((requirement) => `- ${requirementText(requirement)}`),
    "",
    `Cost limit: ${parts.maxCostUsd.toFixed(2)} USD`,
    "",
    ...late.map(
      (requirement) =>
        `Before handing over, note what the customer added: ${requirementText(requirement)}`,
    ),
    ...(parts.submissionUnit === null ? [] : [unitNote(parts.submissionUnit)]),
    "Every requirement is tested with the full physics, without tolerance.",
  ].join("\n");
}

function variableLine({ name, unit, min, max, integer, description }: DesignVariable): string {
  return `- ${name} (${unit}, ${min} to ${max}${integer ? ", whole number" : ""}): ${description}`;
}

function requirementText({ text, limit, unit }: Requirement & { limit: number }): string {
  return text.replace("{limit}", `${limit} ${unit}`.trim());
}

function unitNote({ unit, from, per }: SubmissionUnit): string {
  return `The shop works in ${unit}: a submission without units is read in ${unit} (1 ${unit} = ${per} ${from}). The tools above work in ${from}.`;
}
