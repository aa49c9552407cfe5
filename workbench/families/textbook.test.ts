/** Each family's physics against values worked out by hand from the formulas in the textbooks it names. */
import { expect, test } from "vitest";
import { rootStressMpa, tipDeflectionMm } from "./beam.ts";
import { attenuationDb, settlingMs } from "./circuit.ts";
import { eulerLoadN, tube } from "./column.ts";
import { boreMm, dynamicFactor, lewisStressMpa } from "./gear.ts";
import { finEfficiency, finGapMm } from "./heat-sink.ts";
import { packing } from "./packing.ts";
import { frictionFactor, lameHoopStress, pressureDropKpa, velocityMps } from "./pipe.ts";
import { endDepthMm, shellLitres, shellStressMpa } from "./pressure-vessel.ts";
import { springRate, torsionMpa, wahlFactor } from "./spring.ts";
import { dragFlight, vacuumFlight } from "./trajectory.ts";
import { bracketForces, tieStressMpa } from "./truss.ts";

test("a cantilever: 1000 N at 1 m on 40 × 60 mm of steel", () => {
  // W = 40·60²/6 = 24 000 mm³, M = 10⁶ N·mm; I = 40·60³/12 = 720 000 mm⁴, FL³/(3EI) with E = 210 GPa.
  expect(rootStressMpa(1000, 1000, 40, 60)).toBeCloseTo(41.667, 3);
  expect(tipDeflectionMm(1000, 1000, 40, 60)).toBeCloseTo(2.2046, 4);
});

test("an RC filter: −3.01 dB at its corner, −20.04 dB a decade above, 1 % after 4.605 RC", () => {
  const cornerHz = 1 / (2 * Math.PI * 1000 * 1e-6);
  expect(attenuationDb(cornerHz, 1000, 1)).toBeCloseTo(3.0103, 4);
  expect(attenuationDb(10 * cornerHz, 1000, 1)).toBeCloseTo(20.0432, 4);
  expect(settlingMs(1000, 1)).toBeCloseTo(4.6052, 4);
});

test("a tube 50 × 5 mm of aluminium, 2 m between its hinges, buckles at 31.3 kN", () => {
  // A = π/4·(50² − 40²) = 706.86 mm², I = π/64·(50⁴ − 40⁴) = 181 132.45 mm⁴.
  const { area, inertia } = tube(50, 5);
  expect(area).toBeCloseTo(706.858, 3);
  expect(inertia).toBeCloseTo(181_132.45, 2);
  expect(eulerLoadN(inertia, 2000, 70_000)).toBeCloseTo(31_284.5, 0);
});

test("a gear of module 3 with 25 teeth: Lewis' stress, dynamic factor and shaft", () => {
  // F = 2·50 000/75 = 1333.3 N, Y = 0.484 − 2.87/25 = 0.3692, σ = 1333.3/(30·3·0.3692).
  expect(lewisStressMpa(50, { module_mm: 3, teeth: 25, face_mm: 30 })).toBeCloseTo(40.127, 3);
  // √((5.56 + 2)/5.56) at 4 m/s.
  expect(dynamicFactor(4)).toBeCloseTo(1.16607, 5);
  // ∛(16·100 000/(π·30)).
  expect(boreMm(100)).toBeCloseTo(25.7, 1);
});

test("a fin of aluminium, 40 × 1 mm at 50 W/m²K, works at 78.1 %; 16 of them on 80 mm leave 4.27 mm", () => {
  // m = √(2·50/(180·0.001)) = 23.570 1/m, mL = 0.94281, tanh(mL)/mL.
  expect(finEfficiency(50, 40, 1)).toBeCloseTo(Math.tanh(0.942809) / 0.942809, 5);
  expect(finEfficiency(50, 40, 1)).toBeCloseTo(0.7808, 3);
  // (80 − 16·1)/15.
  expect(finGapMm(80, 16, 1)).toBeCloseTo(4.2667, 4);
});

test("2 l/s through 100 m of 50 mm pipe: 1.02 m/s, f = 0.0238, 24.7 kPa", () => {
  // v = 0.002/(π/4·0.05²), Re = 998·v·0.05/0.001 = 50 828, Swamee–Jain, then f·L/D·ρv²/2.
  expect(velocityMps(2, 50)).toBeCloseTo(1.01859, 5);
  const f = frictionFactor(50_828, 0.05);
  // ε/(3.7D) = 2.4324e-4, 5.74/Re^0.9 = 3.338e-4, log₁₀ of their sum −3.2388.
  expect(f).toBeCloseTo(0.023832, 5);
  // Colebrook's implicit equation, which the formula approximates to 1 %.
  const root = 1 / Math.sqrt(f);
  const colebrook = -2 * Math.log10(4.5e-5 / (3.7 * 0.05) + (2.51 / 50_828) * root);
  expect(colebrook / root).toBeCloseTo(1, 2);
  const drop = pressureDropKpa({ flowLps: 2, lengthM: 100 }, 50, 0);
  expect(drop).toBeCloseTo(24.676, 2);
  // Three velocity heads more: 3·998·1.01859²/2 Pa.
  expect(pressureDropKpa({ flowLps: 2, lengthM: 100 }, 50, 3) - drop).toBeCloseTo(1.5532, 3);
});

test("a thick pipe carries more stress inside than the thin-walled formula says", () => {
  // ri = 50, ro = 60: 10·(3600 + 2500)/(3600 − 2500); thin: 10·100/(2·10) = 50.
  expect(lameHoopStress(10, 100, 10)).toBeCloseTo(55.4545, 4);
});

test("a vessel of 250 mm radius and 8 mm wall at 1.5 MPa", () => {
  // 1.5·(250 + 4.8)/(0.95·8); π·0.25²·1 m³; 0.1935·500.
  expect(shellStressMpa(1.5, 250, 8, 0.95)).toBeCloseTo(50.2895, 4);
  expect(shellLitres(250, 1000)).toBeCloseTo(196.35, 2);
  expect(endDepthMm(250)).toBeCloseTo(96.75, 6);
});

test("a spring of 2 mm wire on 20 mm with 10 turns: rate 1.98 N/mm, Wahl's factor 1.1448", () => {
  // 79 300·16/(8·8000·10); (40−1)/(40−4) + 0.0615; 8·50·20/(π·8).
  expect(springRate(2, 20, 10)).toBeCloseTo(1.9825, 4);
  expect(wahlFactor(10)).toBeCloseTo(1.14483, 5);
  expect(torsionMpa(50, 2, 20)).toBeCloseTo(318.31, 2);
});

test("a throw at 20 m/s and 45° in a vacuum, and the same by integration without drag", () => {
  // v²/g, 2v·sin 45°/g, 10 − g·100/(2·200).
  const vacuum = vacuumFlight(20, 45, 10);
  expect(vacuum.rangeM).toBeCloseTo(40.7747, 4);
  expect(vacuum.seconds).toBeCloseTo(2.88321, 5);
  expect(vacuum.heightAtWallM).toBeCloseTo(7.5475, 4);
  const integrated = dragFlight(20, 45, { wallM: 10, dragPerM: 0 });
  expect(integrated.rangeM).toBeCloseTo(vacuum.rangeM, 2);
  expect(integrated.seconds).toBeCloseTo(vacuum.seconds, 3);
  expect(integrated.heightAtWallM).toBeCloseTo(vacuum.heightAtWallM, 2);
});

test("drag shortens a throw, and a wall beyond its end is not cleared", () => {
  const vacuum = vacuumFlight(25, 40, 20);
  const drag = dragFlight(25, 40, { wallM: 20, dragPerM: 0.0017 });
  expect(drag.rangeM).toBeLessThan(vacuum.rangeM * 0.97);
  expect(drag.rangeM).toBeGreaterThan(vacuum.rangeM * 0.88);
  expect(drag.heightAtWallM).toBeLessThan(vacuum.heightAtWallM);
  expect(vacuumFlight(5, 40, 20).heightAtWallM).toBe(0);
  expect(dragFlight(5, 40, { wallM: 20, dragPerM: 0.0017 }).heightAtWallM).toBe(0);
});

test("a bracket with 3 m reach and 4 m rise: tie 0.75 F, strut 1.25 F", () => {
  expect(bracketForces(1000, 3000, 4000)).toEqual({ tieN: 750, strutN: 1250, strutMm: 5000 });
  // 10 000/(π/4·400) = 31.83; an eccentricity of d/8 doubles it.
  expect(tieStressMpa(10_000, 20, 0)).toBeCloseTo(31.831, 3);
  expect(tieStressMpa(10_000, 20, 2.5)).toBeCloseTo(63.662, 3);
});

test("modules on one spot collide in every pair; apart by less than the gap they still do", () => {
  const problem = packing.generate(4, "packing-x");
  const onOneSpot = Object.fromEntries(problem.variables.map(({ name }) => [name, 0]));
  expect(
    packing.consistency(problem, onOneSpot).filter((i) => i.kind === "collision"),
  ).toHaveLength(6);
  expect(packing.verify(problem, onOneSpot).firstFailure?.name).toBe("collisions");
  const mended = { ...onOneSpot };
  for (const { suggestion } of packing.consistency(problem, onOneSpot))
    Object.assign(mended, suggestion);
  expect(packing.consistency(problem, mended)).toEqual([]);
  const touching = { ...mended, x_b_mm: (mended.x_b_mm ?? 0) - 12 };
  expect(packing.consistency(problem, touching).length).toBeGreaterThan(0);
});
