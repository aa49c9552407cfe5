import { defineFamily } from "../define-family.ts";

const youngMpa = 210_000;

/** Two-bar bracket: horizontal tie in tension, inclined strut in compression against Euler buckling. */
export const truss = defineFamily({
  name: "truss",
  title: "Two-bar truss",
  parameters: (draws) => ({ loadN: 3000 + draws.int(24) * 500, reachMm: 600 + draws.int(15) * 60 }),
  variables: () => [
    {
      name: "tie_mm",
      unit: "mm",
      min: 5,
      max: 45,
      integer: false,
      description: "diameter of the tie",
    },
    {
      name: "strut_mm",
      unit: "mm",
      min: 10,
      max: 75,
      integer: false,
      description: "diameter of the strut",
    },
    {
      name: "rise_mm",
      unit: "mm",
      min: 250,
      max: 1200,
      integer: false,
      description: "height between the wall supports",
    },
  ],
  nominal: ({ loadN }, draws) => ({
    tie_mm: 9 + Math.sqrt(loadN) * 0.06 + 6 * draws.next(),
    strut_mm: 22 + Math.sqrt(loadN) * 0.12 + 8 * draws.next(),
    rise_mm: 420 + 400 * draws.next(),
  }),
  requirements: ({ loadN, reachMm }) => {
    const strutLength = (rise: number) => Math.hypot(reachMm, rise);
    const tieForce = (rise: number) => (loadN * reachMm) / rise;
    const strutForce = (rise: number) => (loadN * strutLength(rise)) / rise;
    const buckling = (mm: number, rise: number) =>
      (Math.PI ** 3 * youngMpa * mm ** 4) / 64 / strutLength(rise) ** 2 / strutForce(rise);
    return [
      {
        name: "tie stress",
        unit: "MPa",
        relation: "<=",
        // The quick model leaves out the bending at the eyes.
        exact: (d) => (tieForce(d.rise_mm ?? 0) / ((Math.PI / 4) * (d.tie_mm ?? 0) ** 2)) * 1.08,
        simple: (d) => tieForce(d.rise_mm ?? 0) / ((Math.PI / 4) * (d.tie_mm ?? 0) ** 2),
        raise: ["tie_mm", "rise_mm"],
        text: "The stress in the tie stays at or below {limit}.",
      },
      {
        name: "buckling safety",
        unit: "",
        relation: ">=",
        // The quick model takes the strut as perfectly straight.
        exact: (d) => buckling(d.strut_mm ?? 0, d.rise_mm ?? 0) * 0.92,
        simple: (d) => buckling(d.strut_mm ?? 0, d.rise_mm ?? 0),
        raise: ["strut_mm"],
        text: "The strut's safety against buckling is {limit} or more.",
      },
      {
        name: "overall height",
        unit: "mm",
        relation: "<=",
        exact: (d) => (d.rise_mm ?? 0) + (d.strut_mm ?? 0) * 1.5,
        simple: (d) => (d.rise_mm ?? 0) + (d.strut_mm ?? 0) / 2,
        lower: ["rise_mm"],
        late: true,
        text: "with its brackets it takes {limit} of the wall at most.",
      },
    ];
  },
  cost: ({ reachMm }, d) =>
    6 +
    ((d.tie_mm ?? 0) ** 2 * reachMm +
      (d.strut_mm ?? 0) ** 2 * Math.hypot(reachMm, d.rise_mm ?? 0)) *
      1.1e-5,
  drivers: ["strut_mm", "tie_mm"],
  story: ({ loadN, reachMm }) =>
    `A wall bracket of two round steel bars (210 GPa) holds ${loadN} N at ${reachMm} mm from the wall: a horizontal tie on top and a strut from below, all joints pinned. Choose both bars and the height.`,
});
