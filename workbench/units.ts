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

/** `1200 N`, or `269.8 lbf (pound-force)` when the customer writes imperial units. */
export function quantity(value: number, unit: keyof typeof otherUnits, imperial: boolean): string {
  const { per, text } = otherUnits[unit];
  return imperial
    ? `${Number((value / per).toPrecision(4))} ${text}`
    : `${Number(value.toPrecision(6))} ${unit}`;
}
