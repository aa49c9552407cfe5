import type { DesignVariable, SubmissionUnit } from "./problem.ts";

/** A requirement as far as its words need it. */
interface StatedRequirement {
  /** With `{limit}` where the number and unit belong. */
  text: string;
  limit: number;
  unit: string;
  late?: boolean;
}

/**
 * The task in words. Every family uses the same layout: a story, `Design variables:` with a line
 * `- name (unit, min to max[, whole number]): description` each, `Requirements:` with a line each, `Cost limit:`, and
 * notes that come late.
 */
export function statementOf(parts: {
  story: string;
  variables: readonly DesignVariable[];
  requirements: readonly StatedRequirement[];
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
    ...listed.map((requirement) => `- ${capitalised(requirementText(requirement))}`),
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

function requirementText({ text, limit, unit }: StatedRequirement): string {
  return text.replace("{limit}", `${limit} ${unit}`.trim());
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function unitNote({ unit, plural, from, per }: SubmissionUnit): string {
  return `The shop works in ${plural}: a submission without units is read in ${plural} (1 ${unit} = ${per} ${from}). The tools above work in ${from}.`;
}
