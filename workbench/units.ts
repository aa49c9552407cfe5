/**
 * Quantities as customers state them: some write newtons and metres, others pound-force and feet. The value behind
 * the text stays SI; four figures keep the rounding far below any reserve.
 */

interface OtherUnit {
  per: number;
  text: string;
}

const otherUnits = {
  N: { per: 4.4482216, text: "lbf (pound-force)" },
  MPa: { per: 0.0068947573, text: "psi (pounds per square inch)" },
  N·m: { per: 1.3558179, text: "lbf·ft (pound-force feet)" },
  m: { per: 0.3048, text: "ft (feet)" },
} satisfies Record<string, OtherUnit>;

/** Millimetres in each unit of length, by the names that people write. */
const lengths = [
  { names: ["mm", "millimetre", "millimetres", "millimeter", "millimeters"], per: 1 },
  { names: ["cm", "centimetre", "centimetres", "centimeter", "centimeters"], per: 10 },
  { names: ["m", "metre", "metres", "meter", "meters"], per: 1000 },
  { names: ["in", "inch", "inches", '"'], per: 25.4 },
];

/** The units of length that a submission may name. */
export const unitNames = "mm, cm, m or in";

/**
 * Millimetres in the unit of length that a text names: `mm`, `values in inches`, `mm, MPa`. Null when it names none or
 * several.
 */
export function millimetresPer(text: string): number | null {
  const named = text
    .toLowerCase()
    .split(/[,;]/)
    .flatMap((part) => {
      const last = part.trim().split(/\s+/).at(-1) ?? "";
      return lengths.filter(({ names }) => names.includes(last)).map(({ per }) => per);
    });
  const [per, ...others] = new Set(named);
  return per === undefined || others.length > 0 ? null : per;
}

/** `1200 N`, or `269.8 lbf (pound-force)` when the customer writes imperial units. */
export function quantity(value: number, unit: keyof typeof otherUnits, imperial: boolean): string {
  const { per, text } = otherUnits[unit];
  return imperial
    ? `${Number((value / per).toPrecision(4))} ${text}`
    : `${Number(value.toPrecision(6))} ${unit}`;
}
