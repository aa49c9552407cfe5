import { type Collision, defineFamily, type Values } from "../define-family.ts";

interface Part {
  name: string;
  widthMm: number;
  heightMm: number;
}
interface Tray {
  /** In the order of the wiring. */
  parts: [a: Part, b: Part, c: Part, d: Part];
  trayWidthMm: number;
  trayHeightMm: number;
  gapMm: number;
}

/** What each wire needs beyond the straight line, for the plug at each of its two ends. */
const plugMm = 3;
/** From a to b, b to c and c to d. */
const wires = 3;

/**
 * Rectangular modules in a tray: no two closer than the gap, none over the edge, and short wiring between them. The
 * quick model leaves out the plugs and does not look at the modules' outlines.
 */
export const packing = defineFamily<Tray, string>({
  name: "packing",
  title: "Packing without collisions",
  parameters: (draws) => {
    const part = (name: string): Part => ({
      name,
      widthMm: 40 + draws.int(9) * 5,
      heightMm: 30 + draws.int(9) * 5,
    });
    const parts: Tray["parts"] = [part("a"), part("b"), part("c"), part("d")];
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
    parts.flatMap((part) => [
      {
        name: `x_${part.name}_mm`,
        unit: "mm",
        min: 0,
        max: trayWidthMm - part.widthMm,
        description: `left edge of module ${part.name}`,
      },
      {
        name: `y_${part.name}_mm`,
        unit: "mm",
        min: 0,
        max: trayHeightMm - part.heightMm,
        description: `lower edge of module ${part.name}`,
      },
    ]),
  nominal: (tray) => rowsOfTwo(tray),
  requirements: (tray) => [
    {
      name: "wiring length",
      unit: "mm",
      relation: "<=",
      exact: (values) => wiringMm(tray, values) + wires * 2 * plugMm,
      simple: (values) => wiringMm(tray, values),
      text: "The wires between the centres of a and b, b and c, c and d together are {limit} long at most, plugs included.",
    },
    {
      name: "gap between modules",
      unit: "mm",
      relation: ">=",
      limit: tray.gapMm,
      exact: (values) => smallestGapMm(tray, values),
      simple: () => tray.gapMm * 1.5,
      text: "Between any two modules at least {limit} stay free.",
    },
  ],
  collisions,
  cost: (tray, values) => 8 + wiringMm(tray, values) * 0.03,
  drivers: [],
  story: ({ parts, trayWidthMm, trayHeightMm }) =>
    `A tray of ${trayWidthMm} mm × ${trayHeightMm} mm takes four rectangular modules that must not collide: ${parts.map((part) => `${part.name} (${part.widthMm} mm × ${part.heightMm} mm)`).join(", ")}. Modules are not turned. Each wire needs ${plugMm} mm more at both its ends for the plugs. Place them; the origin is the tray's lower left corner.`,
});

/** Two rows of two, a and b below, d and c above: neighbours in the wiring stay neighbours. */
function rowsOfTwo({ parts: [a, b, , d], gapMm }: Tray): Values<string> {
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

function wiringMm({ parts }: Tray, values: Values<string>): number {
  const centre = (part: Part) =>
    [
      position(values, "x", part) + part.widthMm / 2,
      position(values, "y", part) + part.heightMm / 2,
    ] as const;
  return parts.slice(1).reduce((sum, part, i) => {
    const before = parts[i];
    if (before === undefined) return sum;
    const [x1, y1] = centre(before);
    const [x2, y2] = centre(part);
    return sum + Math.hypot(x2 - x1, y2 - y1);
  }, 0);
}

function gapOf(values: Values<string>, a: Part, b: Part): number {
  const across = Math.max(
    position(values, "x", a) - position(values, "x", b) - b.widthMm,
    position(values, "x", b) - position(values, "x", a) - a.widthMm,
  );
  const upright = Math.max(
    position(values, "y", a) - position(values, "y", b) - b.heightMm,
    position(values, "y", b) - position(values, "y", a) - a.heightMm,
  );
  return Math.max(across, upright);
}

function smallestGapMm({ parts }: Tray, values: Values<string>): number {
  return Math.min(...pairs(parts).map(([a, b]) => gapOf(values, a, b)));
}

function collisions(tray: Tray, values: Values<string>): Collision<string>[] {
  const safe = rowsOfTwo(tray);
  return pairs(tray.parts)
    .filter(([a, b]) => gapOf(values, a, b) < tray.gapMm)
    .map(([a, b]) => {
      const variables = [a, b].flatMap((part) => [`x_${part.name}_mm`, `y_${part.name}_mm`]);
      const gap = gapOf(values, a, b);
      const words =
        gap < 0 ? "collide" : `are ${gap.toFixed(1)} mm apart, less than ${tray.gapMm} mm`;
      const suggestion = Object.fromEntries(
        variables.map((name) => [name, Number((safe[name] ?? 0).toFixed(2))]),
      );
      return {
        message: `Modules ${a.name} and ${b.name} ${words}.`,
        variables,
        suggestion,
      };
    });
}

function pairs(parts: readonly Part[]): [Part, Part][] {
  return parts.flatMap((a, i) => parts.slice(i + 1).map((b): [Part, Part] => [a, b]));
}

function position(values: Values<string>, axis: "x" | "y", part: Part): number {
  return values[`${axis}_${part.name}_mm`] ?? Number.NaN;
}
