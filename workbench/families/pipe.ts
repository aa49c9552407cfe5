import { defineFamily } from "../define-family.ts";

const density = 998;
const viscosity = 1.0e-3;
const roughnessM = 4.5e-5;

/** Water in a pipe: Darcy–Weisbach pressure drop with Swamee–Jain's friction factor, hoop stress pD/(2t). */
export const pipe = defineFamily({
  name: "pipe",
  title: "Pipe flow",
  parameters: (draws) => ({
    flowLps: 1 + draws.int(20) * 0.5,
    lengthM: 20 + draws.int(25) * 10,
    pressureMpa: 1 + draws.int(8) * 0.5,
  }),
  variables: () => [
    {
      name: "diameter_mm",
      unit: "mm",
      min: 15,
      max: 160,
      integer: false,
      description: "inner diameter",
    },
    {
      name: "wall_mm",
      unit: "mm",
      min: 0.8,
      max: 9,
      integer: false,
      description: "wall thickness",
    },
  ],
  requirements: ({ flowLps, lengthM, pressureMpa }) => {
    const velocity = (mm: number) => flowLps / 1000 / ((Math.PI / 4) * (mm / 1000) ** 2);
    const drop = (mm: number, fittings: number) => {
      const v = velocity(mm);
      const d = mm / 1000;
      const reynolds = (density * v * d) / viscosity;
      const friction = 0.25 / Math.log10(roughnessM / (3.7 * d) + 5.74 / reynolds ** 0.9) ** 2;
      return (((friction * lengthM) / d) * fittings * density * v * v) / 2 / 1000;
    };
    const hoop = (mm: number, wall: number) => (pressureMpa * mm) / (2 * wall);
    return [
      {
        name: "pressure drop",
        unit: "kPa",
        relation: "<=",
        // The quick model leaves out bends and valves.
        exact: (d) => drop(d.diameter_mm ?? 0, 1.1),
        simple: (d) => drop(d.diameter_mm ?? 0, 1),
        raise: ["diameter_mm"],
        text: "The pressure drop over the whole line is {limit} at most.",
      },
      {
        name: "hoop stress",
        unit: "MPa",
        relation: "<=",
        // The quick model leaves out the pressure surge of a closing valve.
        exact: (d) => hoop(d.diameter_mm ?? 0, d.wall_mm ?? 0) * 1.08,
        simple: (d) => hoop(d.diameter_mm ?? 0, d.wall_mm ?? 0),
        raise: ["wall_mm"],
        lower: ["diameter_mm"],
        text: "The hoop stress in the wall stays at or below {limit}.",
      },
    ];
  },
  cost: ({ lengthM }, d) =>
    10 + lengthM * ((d.diameter_mm ?? 0) + (d.wall_mm ?? 0)) * (d.wall_mm ?? 0) * 0.012,
  drivers: ["wall_mm", "diameter_mm"],
  story: ({ flowLps, lengthM, pressureMpa }) =>
    `A steel line of ${lengthM} m carries ${flowLps} litres of water per second at 20 °C and an inner pressure of ${pressureMpa} MPa. The pipe has a roughness of 0.045 mm. Choose diameter and wall.`,
});
