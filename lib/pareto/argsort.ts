/**
 * Stable argsort of 64-bit floats. Small inputs use the engine's merge sort; large ones a radix sort on the IEEE bits
 * (negative numbers flipped whole, others in the sign, so that unsigned order is numeric order), four passes of 16
 * bits, O(N). -0 counts as 0. Equal values keep their input order: ties are decided by index everywhere.
 */

const radixFrom = 4_000;

/** Indices 0..n-1 ordered by value(i), ties by index. */
export function argsort(values: Float64Array): Uint32Array {
  return values.length < radixFrom ? mergeArgsort(values) : radixArgsort(values);
}

/** Indices of the rows of F (n × m, row-major) in lexicographic order, ties by index. */
export function lexicographicOrder(F: Float64Array, n: number, m: number): Uint32Array {
  const first = new Float64Array(n);
  for (let i = 0; i < n; i++) first[i] = F[i * m] as number;
  const order = argsort(first);
  for (let from = 0; from < n; ) {
    let to = from + 1;
    const value = first[order[from] as number];
    while (to < n && first[order[to] as number] === value) to++;
    if (to - from > 1) order.subarray(from, to).sort((a, b) => compareRows(F, m, a, b) || a - b);
    from = to;
  }
  return order;
}

/** Lexicographic comparison of two rows. */
function compareRows(F: Float64Array, m: number, a: number, b: number): number {
  for (let k = 0; k < m; k++) {
    const d = (F[a * m + k] as number) - (F[b * m + k] as number);
    if (d !== 0) return d;
  }
  return 0;
}

function mergeArgsort(values: Float64Array): Uint32Array {
  const order = new Uint32Array(values.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  return order.sort((a, b) => (values[a] as number) - (values[b] as number) || a - b);
}

function radixArgsort(values: Float64Array): Uint32Array {
  const n = values.length;
  const copy = new Float64Array(n);
  for (let i = 0; i < n; i++) copy[i] = (values[i] as number) + 0; // -0 + 0 is 0
  const words = new Uint32Array(copy.buffer);
  const low = new Uint32Array(n);
  const high = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const top = words[2 * i + 1] as number;
    const negative = top >>> 31 === 1;
    high[i] = negative ? ~top : top | 0x80000000;
    low[i] = negative ? ~(words[2 * i] as number) : (words[2 * i] as number);
  }
  let from = new Uint32Array(n);
  let to = new Uint32Array(n);
  for (let i = 0; i < n; i++) from[i] = i;
  const counts = new Uint32Array(65_536);
  for (const [keys, shift] of [
    [low, 0],
    [low, 16],
    [high, 0],
    [high, 16],
  ] as const) {
    counts.fill(0);
    for (let i = 0; i < n; i++) {
      const digit = ((keys[i] as number) >>> shift) & 0xffff;
      counts[digit] = (counts[digit] as number) + 1;
    }
    if (counts[((keys[0] as number) >>> shift) & 0xffff] === n) continue; // all equal here: nothing moves
    let sum = 0;
    for (let d = 0; d < 65_536; d++) {
      const count = counts[d] as number;
      counts[d] = sum;
      sum += count;
    }
    for (let i = 0; i < n; i++) {
      const index = from[i] as number;
      const digit = ((keys[index] as number) >>> shift) & 0xffff;
      const place = counts[digit] as number;
      counts[digit] = place + 1;
      to[place] = index;
    }
    [from, to] = [to, from];
  }
  return from;
}
