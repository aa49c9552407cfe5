/** Figures of the report as people read them; a space before a unit never breaks. */
const space = "\u00a0";

interface Interval {
  low: number;
  high: number;
}

export function percent(rate: number): string {
  return `${Math.round(rate * 100)}${space}%`;
}

/** `62 % (48–74, n = 50)` */
export function percentWithInterval(figure: Interval & { value: number; n: number }): string {
  const { value, low, high, n } = figure;
  return `${percent(value)} (${Math.round(low * 100)}–${Math.round(high * 100)}, n${space}=${space}${n})`;
}

/** `+20 points (+12 to +31, 96 % interval)` */
export function pointsWithInterval(
  { value, low, high }: Interval & { value: number },
  level: number,
): string {
  return `${points(value)} (${signed(low * 100)} to ${signed(high * 100)}, ${Number((level * 100).toFixed(1))}${space}% interval)`;
}

/** `+20 points` */
export function points(share: number): string {
  return `${signed(share * 100)}${space}points`;
}

/** `0.021`, `below 0.0001` */
export function small(p: number): string {
  if (p >= 0.001) return p.toFixed(3);
  return p < 0.000_1 ? "below 0.0001" : p.toFixed(4);
}

/** `0.92× (0.88–0.97)` */
export function ratioWithInterval({ value, low, high }: Interval & { value: number }): string {
  return `${value.toFixed(2)}× (${low.toFixed(2)}–${high.toFixed(2)})`;
}

export function usd(amount: number): string {
  const size = Math.abs(amount);
  const sign = amount < 0 ? "−" : "";
  if (size === 0) return "$0";
  if (size >= 1) return `${sign}$${size.toFixed(2)}`;
  return `${sign}$${size.toPrecision(3)}`;
}

export function whole(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
}

export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)}${space}ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)}${space}s`;
  if (ms < 3_600_000) return `${(ms / 60_000).toFixed(1)}${space}min`;
  return `${(ms / 3_600_000).toFixed(1)}${space}h`;
}

/** `2026-11-23 10:31 UTC` */
export function moment(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}

function signed(value: number): string {
  const rounded = Math.round(value);
  return rounded > 0 ? `+${rounded}` : rounded < 0 ? `−${-rounded}` : "±0";
}
