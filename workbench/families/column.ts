import { defineFamily } from "../define-family.ts";

const youngMpa = 70_000;

/** Pinned hollow column of aluminium: Euler load π²EI/L² and compressive stress F/A. */
export const column = defineFamily({
  name: "column",
  title: "Hollow column",
  parameters: (draws) => ({
    loadN: 5000 + draws.int(30) * 1000,
    heightMm: 1500 + draws.int(16) * 100,
  }),
  variables: () => [
    {
      name: "outer_mm",
      unit: "mm",
      min: 25,
      max: 170,
      integer: false,
      description: "outer diameter",
    },
    { name: "wall_mm", unit: "mm", min: 1, max: 12, integer: false, description: "wall thickness" },
  ],
  nominal: ({ loadN }, draws) => ({
    outer_mm: 55 + loadN * 0.0012 + 25 * draws.next(),
    wall_mm: 2.4 + 3.4 * draws.next(),
  }),
  requirements: ({ loadN, heightMm }) => {
    const inner = (d: number, t: number) => Math.max(0, d - 2 * t);
    const inertia = (d: number, t: number) => (Math.PI / 64) * (d ** 4 - inner(d, t) ** 4);
    const area = (d: number, t: number) => (Math.PI / 4) * (d ** 2 - inner(d, t) ** 2);
    const safety = (d: number, t: number) =>
      (Math.PI ** 2 * youngMpa * inertia(d, t)) / heightMm ** 2 / loadN;
    return [
      {
        name: "buckling safety",
        unit: "",
        relation: ">=",
        // The quick model takes the column as straight and the load as centred.
        exact: (d) => safety(d.outer_mm ?? 0, d.wall_mm ?? 0) * 0.91,
        simple: (d) => safety(d.outer_mm ?? 0, d.wall_mm ?? 0),
        raise: ["outer_mm", "wall_mm"],
        text: "The safety against buckling is {limit} or more.",
      },
      {
        name: "compressive stress",
        unit: "MPa",
        relation: "<=",
        exact: (d) => (loadN / area(d.outer_mm ?? 0, d.wall_mm ?? 0)) * 1.07,
        simple: (d) => loadN / area(d.outer_mm ?? 0, d.wall_mm ?? 0),
        raise: ["wall_mm", "outer_mm"],
        text: "The compressive stress stays at or below {limit}.",
      },
      {
        name: "envelope",
        unit: "mm",
        relation: "<=",
        exact: (d) => (d.outer_mm ?? 0) + 6,
        simple: (d) => d.outer_mm ?? 0,
        lower: ["outer_mm"],
        late: true,
        text: "with its cladding of 3 mm all round the column is {limit} wide at most.",
      },
    ];
  },
  cost: ({ heightMm }, d) =>
    4 + ((d.outer_mm ?? 0) - (d.wall_mm ?? 0)) * (d.wall_mm ?? 0) * heightMm * 2.9e-5,
  drivers: ["wall_mm", "outer_mm"],
  story: ({ loadN, heightMm }) =>
    `A hollow aluminium column (70 GPa) of ${heightMm} mm stands between two hinges and carries ${loadN} N. Choose its tube.`,
});
