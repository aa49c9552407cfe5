import { defineFamily } from "../define-family.ts";
import type { ConsistencyIssue, Design, DesignVariable } from "../problem.ts";

interface Part {
  name: string;
  widthMm: number;
  heightMm: number;
}
interface Tray {
  parts: Part[];
  trayWidthMm: number;
  trayHeightMm: number;
  gapMm: number;
}

const names = ["a", "b", "c", "d"] as const;

/** Rectangular modules in a tray: no two closer than the gap, none over the edge, and short wiring between them. */
export const packing = defineFamily<Tray>({
  name: "packing",
  title: "Packing without collisions",
  parameters: (draws) => {
    const parts = names.map((name) => ({
      name,
      widthMm: 40 + draws.int(9) * 5,
      heightMm: 30 + draws.int(9) * 5,
    }));
    const gapMm = 4 + draws.int(5);
    const widest = Math.max(...parts.map((part) => part.widthMm));
    const tallest = Math.max(...parts.map((part) => part.heightMm));
    return {
      parts,
      gapMm,
      trayWidthMm: Math.round(2.7 * widest + 3 * gapMm),
      trayHeightMm: Math.round(2.5 * tallest + 3 * gapMm),
    };
  },
  variables: ({ parts, trayWidthMm, trayHeightMm }) =>
    parts.flatMap((part): DesignVariable[] => [
      {
        name: `x_${part.name}_mm`,
        unit: "mm",
        min: 0,
        max: trayWidthMm - part.widthMm,
        integer: false,
        description: `left edge of module ${part.name}`,
      },
      {
        name: `y_${part.name}_mm`,
        unit: "mm",
        min: 0,
        max: trayHeightMm - part.heightMm,
        integer: false,
        description: `lower edge of module ${part.name}`,
      },
    ]),
  nominal: (tray) => rowsOfTwo(tray),
  requirements: (tray) => [
    {
      name: "wiring length",
      unit: "mm",
      relation: "<=",
      // The quick model lays wires straight; the loom bends.
      exact: (d) => wiring(tray, d) * 1.09,
      simple: (d) => wiring(tray, d),
      text: "The wires between the centres of a and b, b and c, c and d together are {limit} long at most.",
    },
    {
      name: "gap between modules",
      unit: "mm",
      relation: ">=",
      limit: tray.gapMm,
      exact: (d) => smallestGap(tray, d),
      // The quick model does not look at the modules' outlines.
      simple: () => tray.gapMm * 1.5,
      text: "Between any two modules at least {limit} stay free.",
    },
  ],
  collisions: (tray, d) => collisions(tray, d),
  cost: (tray, d) => 8 + wiring(tray, d) * 0.03,
  drivers: [],
  story: ({ parts, trayWidthMm, trayHeightMm }) =>
    `A tray of ${trayWidthMm} mm × ${trayHeightMm} mm takes four rectangular modules that must not collide: ${parts.map((part) => `${part.name} (${part.widthMm} mm × ${part.heightMm} mm)`).join(", ")}. Modules are not turned. Place them; the origin is the tray's lower left corner.`,
});

/** Two rows of two, a and b below, d and c above: neighbours in the wiring stay neighbours. */
function rowsOfTwo({ parts, gapMm }: Tray): Design {
  const [a, b, _c, d] = parts as [Part, Part, Part, Part];
  const gap = gapMm * 1.35;
  const column = Math.max(a.widthMm, d.widthMm) + gap;
  const row = Math.max(a.heightMm, b.heightMm) + gap;
  return {
    x_a_mm: 0,
    y_a_mm: 0,
    x_b_mm: column,
    y_b_mm: 0,
    x_c_mm: column,
    y_c_mm: row,
    x_d_mm: 0,
    y_d_mm: row,
  };
}

function wiring({ parts }: Tray, design: Design): number {
  const centre = (part: Part) =>
    [
      position(design, "x", part) + part.widthMm / 2,
      position(design, "y", part) + part.heightMm / 2,
    ] as const;
  let total = 0;
  for (let i = 1; i < parts.length; i++) {
    const [x1, y1] = centre(parts[i - 1] as Part);
    const [x2, y2] = centre(parts[i] as Part);
    total += Math.hypot(x2 - x1, y2 - y1);
  }
  return total;
}

function gapOf(design: Design, a: Part, b: Part): number {
  const across = Math.max(
    position(design, "x", a) - position(design, "x", b) - b.widthMm,
    position(design, "x", b) - position(design, "x", a) - a.widthMm,
  );
  const upright = Math.max(
    position(design, "y", a) - position(design, "y", b) - b.heightMm,
    position(design, "y", b) - position(design, "y", a) - a.heightMm,
  );
  return Math.max(across, upright);
}

function smallestGap({ parts }: Tray, design: Design): number {
  return Math.min(...pairs(parts).map(([a, b]) => gapOf(design, a, b)));
}

function collisions(tray: Tray, design: Design): ConsistencyIssue[] {
  const safe = rowsOfTwo(tray);
  return pairs(tray.parts)
    .filter(([a, b]) => gapOf(design, a, b) < tray.gapMm)
    .map(([a, b]) => {
      const variables = [a, b].flatMap((part) => [`x_${part.name}_mm`, `y_${part.name}_mm`]);
      const gap = gapOf(design, a, b);
      const words =
        gap < 0 ? "collide" : `are ${gap.toFixed(1)} mm apart, less than ${tray.gapMm} mm`;
      const suggestion = Object.fromEntries(
        variables.map((name) => [name, Number((safe[name] ?? 0).toFixed(2))]),
      );
      return {
        kind: "collision",
        message: `Modules ${a.name} and ${b.name} ${words}.`,
        variables,
        suggestion,
      };
    });
}

function pairs(parts: readonly Part[]): [Part, Part][] {
  return parts.flatMap((a, i) => parts.slice(i + 1).map((b): [Part, Part] => [a, b]));
}

function position(design: Design, axis: "x" | "y", part: Part): number {
  return design[`${axis}_${part.name}_mm`] ?? 0;
}
