import { defineFamily } from "../define-family.ts";
import { quantity } from "../units.ts";

const youngMpa = 210_000;
const shearModulusMpa = 81_000;
/** Weight of steel, N/mm³. */
const specificWeight = 7.85e-6 * 9.81;
/** A rolled bar may come this much under size in both dimensions. */
const underSize = 0.985;
const claddingMm = 4;

/** Bending stress at the root of a cantilever with a load F at its tip: 6FL/(bh²). */
export function rootStressMpa(loadN: number, lengthMm: number, b: number, h: number): number {
  return (6 * loadN * lengthMm) / (b * h * h);
}

/** How far the tip of that cantilever sinks by bending: 4FL³/(Ebh³). */
export function tipDeflectionMm(loadN: number, lengthMm: number, b: number, h: number): number {
  return (4 * loadN * lengthMm ** 3) / (youngMpa * b * h ** 3);
}

/**
 * Cantilever of rectangular section (Timoshenko, Strength of Materials). The quick model leaves out the beam's own
 * weight, its shear deformation (6FL/(5GA)) and the mill's tolerance.
 */
export const beam = defineFamily({
  name: "beam",
  title: "Cantilever beam",
  parameters: (draws) => ({
    loadN: 5000 + draws.int(25) * 400,
    lengthMm: 500 + draws.int(16) * 50,
    imperial: draws.chance(0.4),
  }),
  variables: () => [
    { name: "width_mm", unit: "mm", min: 10, max: 90, description: "width of the section" },
    { name: "height_mm", unit: "mm", min: 15, max: 140, description: "height of the section" },
  ],
  requirements: ({ loadN, lengthMm }) => [
    {
      name: "bending stress",
      unit: "MPa",
      relation: "<=",
      exact: ({ width_mm, height_mm }) => {
        const [b, h] = [width_mm * underSize, height_mm * underSize];
        const ownWeightN = specificWeight * b * h * lengthMm;
        return rootStressMpa(loadN + ownWeightN / 2, lengthMm, b, h);
      },
      simple: ({ width_mm, height_mm }) => rootStressMpa(loadN, lengthMm, width_mm, height_mm),
      raise: ["height_mm", "width_mm"],
      text: "The bending stress at the root stays at or below {limit}.",
    },
    {
      name: "tip deflection",
      unit: "mm",
      relation: "<=",
      exact: ({ width_mm, height_mm }) => {
        const [b, h] = [width_mm * underSize, height_mm * underSize];
        const ownWeightN = specificWeight * b * h * lengthMm;
        const shear = (1.2 * loadN * lengthMm) / (shearModulusMpa * b * h);
        return tipDeflectionMm(loadN + (3 / 8) * ownWeightN, lengthMm, b, h) + shear;
      },
      simple: ({ width_mm, height_mm }) => tipDeflectionMm(loadN, lengthMm, width_mm, height_mm),
      raise: ["height_mm", "width_mm"],
      text: "The tip sinks by {limit} at most.",
    },
    {
      name: "overall height",
      unit: "mm",
      relation: "<=",
      exact: ({ height_mm }) => height_mm + claddingMm,
      simple: ({ height_mm }) => height_mm,
      lower: ["height_mm"],
      text: "With its cladding the beam is {limit} high at most.",
    },
  ],
  cost: ({ lengthMm }, { width_mm, height_mm }) => 3 + width_mm * height_mm * lengthMm * 1.6e-5,
  drivers: ["width_mm", "height_mm"],
  story: ({ loadN, lengthMm, imperial }) =>
    `A steel cantilever of ${lengthMm} mm carries ${quantity(loadN, "N", imperial)} at its tip. It has a solid rectangular section, welded to a column at its root; Young's modulus is 210 GPa. A fire-proof cladding of ${claddingMm} mm goes on top. The bar comes from the mill with a tolerance of 1.5 % in both dimensions and has to carry itself too. Choose the section.`,
});
