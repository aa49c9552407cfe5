import { NumberInput } from "@mantine/core";
import { numberBounds } from "#lib/domain/number-bounds.ts";
import { type StageSizes, stageSizes } from "#lib/domain/optimization.ts";
import type { OptimizationPreview } from "#lib/http/shapes/preview.ts";
import classes from "./start-dialogue.module.css";

type Plan = OptimizationPreview["plan"];
type SizeName = keyof StageSizes;

const fields: readonly { name: SizeName; label: string; planned: (plan: Plan) => number }[] = [
  { name: "learningRows", label: "Learning rows", planned: ({ learning }) => learning.rows },
  {
    name: "learningRepeats",
    label: "Runs of a learning row",
    planned: ({ learning }) => learning.repeats,
  },
  { name: "targets", label: "Targets", planned: ({ guards }) => guards.targets },
  { name: "controls", label: "Controls", planned: ({ guards }) => guards.controls },
  { name: "proofRows", label: "Sealed rows of the proof", planned: ({ proof }) => proof.rows },
  { name: "proofRepeats", label: "Runs of a sealed row", planned: ({ proof }) => proof.repeats },
  { name: "finalistsMax", label: "Finalists at most", planned: ({ proof }) => proof.finalists },
];

export interface SizeFieldsProps {
  sizes: StageSizes;
  /** The plan as it stands, whose sizes are shown where none was set. */
  plan: Plan | null;
  onChange: (sizes: StageSizes) => void;
}

/** Optional sizes of the stages, folded away; an empty field follows from the calls. */
export function SizeFields({ sizes, plan, onChange }: SizeFieldsProps) {
  const set = Object.keys(sizes).length;
  return (
    <details className={classes.sizes}>
      <summary>
        Stage sizes {set === 0 ? "(all follow from the calls)" : `(${set} set by hand)`}
      </summary>
      <div className={classes.fields}>
        {fields.map(({ name, label, planned }) => {
          const { least, most } = numberBounds(stageSizes.shape[name]);
          return (
            <NumberInput
              key={name}
              size="xs"
              label={label}
              description={`${least} to ${most.toLocaleString("en-GB")}`}
              placeholder={plan === null ? "" : `${planned(plan)}, follows`}
              min={least}
              max={most}
              allowDecimal={false}
              allowNegative={false}
              value={sizes[name] ?? ""}
              onChange={(value) => onChange(withSize(sizes, name, value))}
            />
          );
        })}
      </div>
    </details>
  );
}

function withSize(sizes: StageSizes, name: SizeName, value: number | string): StageSizes {
  const { [name]: _, ...rest } = sizes;
  return typeof value === "number" ? { ...rest, [name]: value } : rest;
}

/** The first size outside of its bounds, in words; null when all can be started with. */
export function wrongSize(sizes: StageSizes): string | null {
  for (const { name, label } of fields) {
    const value = sizes[name];
    const { least, most } = numberBounds(stageSizes.shape[name]);
    if (value !== undefined && (value < least || value > most))
      return `${label}: ${least} to ${most}`;
  }
  return null;
}
