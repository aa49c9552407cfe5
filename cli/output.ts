/** How the command line prints: JSON for machines, aligned columns for people. */

/** One JSON document on standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Rows as columns, padded to the widest cell; numbers to the right. */
export function printTable(
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): void {
  const texts = rows.map((row) => row.map(String));
  const widths = header.map((title, k) =>
    Math.max(title.length, ...texts.map((row) => row[k]?.length ?? 0)),
  );
  const isNumber = header.map(
    (_, k) => rows.length > 0 && rows.every((row) => typeof row[k] === "number"),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, k) => (isNumber[k] ? cell.padStart(widths[k] ?? 0) : cell.padEnd(widths[k] ?? 0)))
      .join("  ")
      .trimEnd();
  process.stdout.write(`${line(header)}\n`);
  for (const row of texts) process.stdout.write(`${line(row)}\n`);
}

/** `62 % (48–74, n = 50)`. */
export function percentWithInterval(estimate: {
  value: number;
  low: number;
  high: number;
  n: number;
}): string {
  const whole = (value: number) => Math.round(value * 100);
  return `${whole(estimate.value)} % (${whole(estimate.low)}–${whole(estimate.high)}, n = ${estimate.n})`;
}

/** USD with as many digits as matter. */
export function usd(value: number): string {
  if (value === 0) return "$0";
  return value >= 1 ? `$${value.toFixed(2)}` : `$${value.toPrecision(3)}`;
}

/** Milliseconds or seconds. */
export function duration(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
