import { defineFamily } from "../define-family.ts";
import { quantity } from "../units.ts";

const youngMpa = 70_000;
/** From the tube's end to the hinge's centre. */
const hingeMm = 35;
const eccentricityMm = 1.5;
const claddingMm = 3;

/** Area in mm² and second moment in mm⁴ of a tube. */
export function tube(outerMm: number, wallMm: number): { area: number; inertia: number } {
  const inner = Math.max(0, outerMm - 2 * wallMm);
  return {
    area: (Math.PI / 4) * (outerMm ** 2 - inner ** 2),
    inertia: (Math.PI / 64) * (outerMm ** 4 - inner ** 4),
  };
}

/** Euler's critical load of a column pinned at both ends, in newtons: π²EI/L². */
export function eulerLoadN(inertia: number, lengthMm: number, youngModulusMpa: number): number {
  return (Math.PI ** 2 * youngModulusMpa * inertia) / lengthMm ** 2;
}

/**
 * Pinned hollow column of aluminium (Timoshenko & Gere, Theory of Elastic Stability). The quick model leaves out the
 * hinges' length and the load's eccentricity.
 */
export const column = defineFamily({
  name: "column",
  title: "Hollow column",
  parameters: (draws) => ({
    loadN: 5000 + draws.int(30) * 1000,
    heightMm: 1500 + draws.int(16) * 100,
    imperial: draws.chance(0.4),
  }),
  variables: () => [
    { name: "outer_mm", unit: "mm", min: 25, max: 170, description: "outer diameter" },
    { name: "wall_mm", unit: "mm", min: 1, max: 12, description: "wall thickness" },
  ],
  nominal: ({ loadN }, draws) => ({
    outer_mm: 55 + loadN * 0.0012 + 25 * draws.next(),
    wall_mm: 2.4 + 3.4 * draws.next(),
  }),
  requirements: ({ loadN, heightMm }) => [
    {
      name: "buckling safety",
      unit: "",
      relation: ">=",
      exact: ({ outer_mm, wall_mm }) =>
        eulerLoadN(tube(outer_mm, wall_mm).inertia, heightMm + 2 * hingeMm, youngMpa) / loadN,
      simple: ({ outer_mm, wall_mm }) =>
        eulerLoadN(tube(outer_mm, wall_mm).inertia, heightMm, youngMpa) / loadN,
      raise: ["outer_mm", "wall_mm"],
      text: "The safety against buckling is {limit} or more.",
    },
    {
      name: "compressive stress",
      unit: "MPa",
      relation: "<=",
      exact: ({ outer_mm, wall_mm }) => {
        const { area, inertia } = tube(outer_mm, wall_mm);
        return loadN / area + (loadN * eccentricityMm * outer_mm) / 2 / inertia;
      },
      simple: ({ outer_mm, wall_mm }) => loadN / tube(outer_mm, wall_mm).area,
      raise: ["wall_mm", "outer_mm"],
      text: "The compressive stress stays at or below {limit}.",
    },
    {
      name: "envelope",
      unit: "mm",
      relation: "<=",
      exact: ({ outer_mm }) => outer_mm + 2 * claddingMm,
      simple: ({ outer_mm }) => outer_mm,
      lower: ["outer_mm"],
      late: true,
      text: `with its cladding of ${claddingMm} mm all round the column is {limit} wide at most.`,
    },
  ],
  cost: ({ heightMm }, { outer_mm, wall_mm }) =>
    4 + (outer_mm - wall_mm) * wall_mm * heightMm * 2.9e-5,
  drivers: ["wall_mm", "outer_mm"],
  story: ({ loadN, heightMm, imperial }) =>
    `A hollow aluminium column (70 GPa) with a tube of ${heightMm} mm stands pinned between two hinges, whose centres lie ${hingeMm} mm beyond its ends, and carries ${quantity(loadN, "N", imperial)}. The load may sit ${eccentricityMm} mm off the axis. Choose its tube.`,
});
