import { defineFamily } from "../define-family.ts";
import { quantity } from "../units.ts";
import { eulerLoadN } from "./column.ts";

const youngMpa = 210_000;
/** From the bar's end to the centre of its eye. */
const eyeMm = 20;
/** How far off the tie's axis its force may act. */
const eccentricityMm = 0.15;

/** Forces in the bars of a wall bracket with a load F at the reach a and the rise h: tie Fa/h, strut F√(a²+h²)/h. */
export function bracketForces(
  loadN: number,
  reachMm: number,
  riseMm: number,
): { tieN: number; strutN: number; strutMm: number } {
  const strutMm = Math.hypot(reachMm, riseMm);
  return { tieN: (loadN * reachMm) / riseMm, strutN: (loadN * strutMm) / riseMm, strutMm };
}

/** Stress in a round bar whose force acts off its axis, in MPa: F/A·(1 + 8e/d). */
export function tieStressMpa(forceN: number, diameterMm: number, offAxisMm: number): number {
  return (forceN / ((Math.PI / 4) * diameterMm ** 2)) * (1 + (8 * offAxisMm) / diameterMm);
}

/**
 * Two-bar bracket: a horizontal tie in tension, an inclined strut against Euler buckling. The quick model leaves out
 * the eyes (their length and the bending they cause) and the brackets on the wall.
 */
export const truss = defineFamily({
  name: "truss",
  title: "Two-bar truss",
  parameters: (draws) => ({
    loadN: 3000 + draws.int(24) * 500,
    reachMm: 600 + draws.int(15) * 60,
    imperial: draws.chance(0.4),
  }),
  variables: () => [
    { name: "tie_mm", unit: "mm", min: 5, max: 45, description: "diameter of the tie" },
    { name: "strut_mm", unit: "mm", min: 10, max: 75, description: "diameter of the strut" },
    {
      name: "rise_mm",
      unit: "mm",
      min: 250,
      max: 1200,
      description: "height between the wall supports",
    },
  ],
  nominal: ({ loadN }, draws) => ({
    tie_mm: 9 + Math.sqrt(loadN) * 0.06 + 6 * draws.next(),
    strut_mm: 22 + Math.sqrt(loadN) * 0.12 + 8 * draws.next(),
    rise_mm: 420 + 400 * draws.next(),
  }),
  requirements: ({ loadN, reachMm }) => {
    const bucklingSafety = (strutDiameterMm: number, riseMm: number, eyesMm: number) => {
      const { strutN, strutMm } = bracketForces(loadN, reachMm, riseMm);
      const inertia = (Math.PI / 64) * strutDiameterMm ** 4;
      return eulerLoadN(inertia, strutMm + eyesMm, youngMpa) / strutN;
    };
    const tieN = (riseMm: number) => bracketForces(loadN, reachMm, riseMm).tieN;
    return [
      {
        name: "tie stress",
        unit: "MPa",
        relation: "<=",
        exact: ({ tie_mm, rise_mm }) => tieStressMpa(tieN(rise_mm), tie_mm, eccentricityMm),
        simple: ({ tie_mm, rise_mm }) => tieStressMpa(tieN(rise_mm), tie_mm, 0),
        raise: ["tie_mm", "rise_mm"],
        text: "The stress in the tie stays at or below {limit}.",
      },
      {
        name: "buckling safety",
        unit: "",
        relation: ">=",
        exact: ({ strut_mm, rise_mm }) => bucklingSafety(strut_mm, rise_mm, 2 * eyeMm),
        simple: ({ strut_mm, rise_mm }) => bucklingSafety(strut_mm, rise_mm, 0),
        raise: ["strut_mm"],
        text: "The strut's safety against buckling is {limit} or more.",
      },
      {
        name: "overall height",
        unit: "mm",
        relation: "<=",
        exact: ({ strut_mm, rise_mm }) => rise_mm + 1.5 * strut_mm,
        simple: ({ strut_mm, rise_mm }) => rise_mm + strut_mm / 2,
        lower: ["rise_mm"],
        late: true,
        text: "with its brackets, one strut diameter high, it takes {limit} of the wall at most.",
      },
    ];
  },
  cost: ({ reachMm }, { tie_mm, strut_mm, rise_mm }) =>
    6 + (tie_mm ** 2 * reachMm + strut_mm ** 2 * Math.hypot(reachMm, rise_mm)) * 1.1e-5,
  drivers: ["strut_mm", "tie_mm"],
  story: ({ loadN, reachMm, imperial }) =>
    `A wall bracket of two round steel bars (210 GPa) holds ${quantity(loadN, "N", imperial)} at ${reachMm} mm from the wall: a horizontal tie on top and a strut from below, all joints pinned. The eyes of the strut lie ${eyeMm} mm beyond the ends of its system length, and the tie is pulled up to ${eccentricityMm} mm off its axis. Choose both bars and the height.`,
});
