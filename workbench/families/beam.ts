import { defineFamily } from "../define-family.ts";

const youngPa = 210e9;

/** Cantilever of rectangular section: bending stress 6FL/(bh²) and tip deflection 4FL³/(Ebh³) (Timoshenko). */
export const beam = defineFamily({
  name: "beam",
  title: "Cantilever beam",
  parameters: (draws) => ({ loadN: 400 + draws.int(25) * 100, lengthMm: 500 + draws.int(16) * 50 }),
  variables: () => [
    {
      name: "width_mm",
      unit: "mm",
      min: 10,
      max: 90,
      integer: false,
      description: "width of the section",
    },
    {
      name: "height_mm",
      unit: "mm",
      min: 15,
      max: 140,
      integer: false,
      description: "height of the section",
    },
  ],
  requirements: ({ loadN, lengthMm }) => {
    const stress = (b: number, h: number) => (6 * loadN * lengthMm) / (b * h * h);
    const deflection = (b: number, h: number) =>
      (4 * loadN * lengthMm ** 3) / ((youngPa / 1e6) * b * h ** 3);
    return [
      {
        name: "bending stress",
        unit: "MPa",
        relation: "<=",
        // The quick model leaves out the notch at the weld.
        exact: (d) => stress(d.width_mm ?? 0, d.height_mm ?? 0) * 1.09,
        simple: (d) => stress(d.width_mm ?? 0, d.height_mm ?? 0),
        raise: ["height_mm", "width_mm"],
        text: "The bending stress at the root stays at or below {limit}.",
      },
      {
        name: "tip deflection",
        unit: "mm",
        relation: "<=",
        // The quick model takes the support as rigid.
        exact: (d) => deflection(d.width_mm ?? 0, d.height_mm ?? 0) * 1.07,
        simple: (d) => deflection(d.width_mm ?? 0, d.height_mm ?? 0),
        raise: ["height_mm", "width_mm"],
        text: "The tip sinks by {limit} at most.",
      },
    ];
  },
  cost: ({ lengthMm }, d) => 3 + (d.width_mm ?? 0) * (d.height_mm ?? 0) * lengthMm * 1.6e-5,
  drivers: ["width_mm", "height_mm"],
  story: ({ loadN, lengthMm }) =>
    `A steel cantilever of ${lengthMm} mm carries ${loadN} N at its tip. It has a solid rectangular section, welded to a column at its root. Young's modulus is 210 GPa. Choose the section.`,
});
