import { defineFamily } from "../define-family.ts";
import { quantity } from "../units.ts";

const seamEfficiency = 0.95;
const linerMm = 6;

/** Stress in a welded shell in MPa, after ASME VIII-1, UG-27: p(R + 0.6t)/(E·t). */
export function shellStressMpa(
  pressureMpa: number,
  radiusMm: number,
  wallMm: number,
  efficiency: number,
): number {
  return (pressureMpa * (radiusMm + 0.6 * wallMm)) / (efficiency * wallMm);
}

/** Volume of a cylindrical shell in litres: πr²L. */
export function shellLitres(radiusMm: number, lengthMm: number): number {
  return (Math.PI * radiusMm * radiusMm * lengthMm) / 1e6;
}

/** Depth of a torispherical end without its straight flange, in mm: 0.1935·D (DIN 28011). */
export function endDepthMm(radiusMm: number): number {
  return 0.1935 * 2 * radiusMm;
}

/**
 * Welded cylindrical vessel. The quick model takes the wall as thin and the seam as strong as the plate (pr/t), and
 * leaves out the liner and the straight flanges of the ends (3.5t each).
 */
export const pressureVessel = defineFamily({
  name: "pressure-vessel",
  title: "Pressure vessel",
  parameters: (draws) => ({
    pressureMpa: 0.8 + draws.int(20) * 0.1,
    imperial: draws.chance(0.4),
  }),
  variables: () => [
    { name: "radius_mm", unit: "mm", min: 80, max: 520, description: "inner radius" },
    { name: "length_mm", unit: "mm", min: 300, max: 2400, description: "length of the shell" },
    { name: "wall_mm", unit: "mm", min: 2, max: 22, description: "wall thickness" },
  ],
  nominal: (_, draws) => ({
    radius_mm: 160 + 180 * draws.next(),
    length_mm: 700 + 800 * draws.next(),
    wall_mm: 5 + 7 * draws.next(),
  }),
  requirements: ({ pressureMpa }) => [
    {
      name: "hoop stress",
      unit: "MPa",
      relation: "<=",
      exact: ({ radius_mm, wall_mm }) =>
        shellStressMpa(pressureMpa, radius_mm, wall_mm, seamEfficiency),
      simple: ({ radius_mm, wall_mm }) => (pressureMpa * radius_mm) / wall_mm,
      raise: ["wall_mm"],
      lower: ["radius_mm"],
      text: "The hoop stress in the shell stays at or below {limit}.",
    },
    {
      name: "usable volume",
      unit: "l",
      relation: ">=",
      exact: ({ radius_mm, length_mm }) => shellLitres(radius_mm - linerMm, length_mm),
      simple: ({ radius_mm, length_mm }) => shellLitres(radius_mm, length_mm),
      raise: ["radius_mm", "length_mm"],
      text: "The shell holds {limit} or more.",
    },
    {
      name: "overall length",
      unit: "mm",
      relation: "<=",
      exact: ({ radius_mm, length_mm, wall_mm }) =>
        length_mm + 2 * (endDepthMm(radius_mm) + 3.5 * wall_mm),
      simple: ({ radius_mm, length_mm }) => length_mm + 2 * endDepthMm(radius_mm),
      lower: ["length_mm", "radius_mm"],
      late: true,
      text: "with its two ends and their straight flanges it is {limit} long at most.",
    },
  ],
  cost: (_, { radius_mm, length_mm, wall_mm }) =>
    25 + radius_mm * (length_mm + radius_mm) * wall_mm * 2.2e-5,
  drivers: ["wall_mm", "length_mm", "radius_mm"],
  story: ({ pressureMpa, imperial }) =>
    `A welded cylindrical steel vessel stores air at ${quantity(pressureMpa, "MPa", imperial)}. Its longitudinal seam is as strong as ${seamEfficiency * 100} % of the plate. The shell is lined with ${linerMm} mm of rubber, which takes from its volume; its ends are torispherical, with straight flanges of 3.5 times the wall. Choose radius, length and wall.`,
});
