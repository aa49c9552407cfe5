import { defineFamily } from "../define-family.ts";

/** Thin-walled cylindrical vessel: hoop stress pr/t, volume πr²L of the shell (Roark). */
export const pressureVessel = defineFamily({
  name: "pressure-vessel",
  title: "Pressure vessel",
  parameters: (draws) => ({ pressureMpa: 0.8 + draws.int(20) * 0.1 }),
  variables: () => [
    {
      name: "radius_mm",
      unit: "mm",
      min: 80,
      max: 520,
      integer: false,
      description: "inner radius",
    },
    {
      name: "length_mm",
      unit: "mm",
      min: 300,
      max: 2400,
      integer: false,
      description: "length of the shell",
    },
    { name: "wall_mm", unit: "mm", min: 2, max: 22, integer: false, description: "wall thickness" },
  ],
  nominal: (_, draws) => ({
    radius_mm: 160 + 180 * draws.next(),
    length_mm: 700 + 800 * draws.next(),
    wall_mm: 5 + 7 * draws.next(),
  }),
  requirements: ({ pressureMpa }) => {
    const hoop = (r: number, t: number) => (pressureMpa * r) / t;
    const litres = (r: number, length: number) => (Math.PI * r * r * length) / 1e6;
    return [
      {
        name: "hoop stress",
        unit: "MPa",
        relation: "<=",
        // The quick model leaves out the weakening by the weld seam.
        exact: (d) => hoop(d.radius_mm ?? 0, d.wall_mm ?? 0) / 0.92,
        simple: (d) => hoop(d.radius_mm ?? 0, d.wall_mm ?? 0),
        raise: ["wall_mm"],
        lower: ["radius_mm"],
        text: "The hoop stress in the shell stays at or below {limit}.",
      },
      {
        name: "usable volume",
        unit: "l",
        relation: ">=",
        // The quick model counts the space of nozzles and liner too.
        exact: (d) => litres(d.radius_mm ?? 0, d.length_mm ?? 0) * 0.93,
        simple: (d) => litres(d.radius_mm ?? 0, d.length_mm ?? 0),
        raise: ["radius_mm", "length_mm"],
        text: "It holds {limit} or more.",
      },
      {
        name: "overall length",
        unit: "mm",
        relation: "<=",
        exact: (d) => (d.length_mm ?? 0) + (d.radius_mm ?? 0),
        simple: (d) => (d.length_mm ?? 0) + (d.radius_mm ?? 0) * 0.7,
        lower: ["length_mm", "radius_mm"],
        late: true,
        text: "with its two ends it is {limit} long at most.",
      },
    ];
  },
  cost: (_, d) =>
    25 + (d.radius_mm ?? 0) * ((d.length_mm ?? 0) + (d.radius_mm ?? 0)) * (d.wall_mm ?? 0) * 2.2e-5,
  drivers: ["wall_mm", "length_mm", "radius_mm"],
  story: ({ pressureMpa }) =>
    `A welded cylindrical steel vessel stores air at ${pressureMpa.toFixed(1)} MPa. Its ends are torispherical. Choose radius, length and wall.`,
});
