/**
 * Stable argsort of 64-bit floats in O(N): a radix sort on the upper halves of the IEEE bits (negative numbers flipped
 * whole, others in the sign, so that unsigned order is numeric order), three passes of 11 bits; the few neighbours that
 * differ in the lower half only are put right afterwards by comparison. Small inputs are sorted by insertion.
 * Invariant: equal values keep their input order, and -0 equals 0, so every tie is decided by the index.
 */

const insertionBelow = 64;
const digitBits = 11;
const digits = 1 << digitBits;
/** Which of the two 32-bit words of a float holds sign, exponent and the upper mantissa. */
const upperWord = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/** Indices 0..n-1 ordered by their value, ties by index. The values hold no NaN. */
export function argsort(values: Float64Array): Uint32Array {
  return values.length < insertionBelow ? insertionArgsort(values) : radixArgsort(values);
}

/** Indices of the rows of F (n × m, row-major) in lexicographic order, ties by index. */
export function lexicographicOrder(F: Float64Array, n: number, m: number): Uint32Array {
  const first = new Float64Array(n);
  for (let i = 0; i < n; i++) first[i] = F[i * m] as number;
  const order = argsort(first);
  if (m === 1) return order;
  for (let from = 0, to = 1; from < n; from = to, to = from + 1) {
    const value = first[order[from] as number];
    while (to < n && first[order[to] as number] === value) to++;
    if (to - from >= insertionBelow) return orderByColumns(F, n, m);
    if (to - from > 1) insertRows(F, m, order, from, to);
  }
  return order;
}

/** The same by stable sorts from the last column to the first, for points with many equal values. */
function orderByColumns(F: Float64Array, n: number, m: number): Uint32Array {
  const values = new Float64Array(n);
  let order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  for (let k = m - 1; k >= 0; k--) {
    for (let i = 0; i < n; i++) values[i] = F[(order[i] as number) * m + k] as number;
    const before = order;
    order = argsort(values).map((place) => before[place] as number);
  }
  return order;
}

/** Orders rows[from..to) lexicographically; they come with increasing indices. */
function insertRows(F: Float64Array, m: number, rows: Uint32Array, from: number, to: number): void {
  for (let i = from + 1; i < to; i++) {
    const row = rows[i] as number;
    let place = i;
    while (place > from && compareRows(F, m, rows[place - 1] as number, row) > 0) {
      rows[place] = rows[place - 1] as number;
      place--;
    }
    rows[place] = row;
  }
}

function compareRows(F: Float64Array, m: number, a: number, b: number): number {
  for (let k = 0; k < m; k++) {
    const x = F[a * m + k] as number;
    const y = F[b * m + k] as number;
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

function insertionArgsort(values: Float64Array): Uint32Array {
  const order = new Uint32Array(values.length);
  for (let i = 0; i < order.length; i++) {
    const value = values[i] as number;
    let place = i;
    while (place > 0 && (values[order[place - 1] as number] as number) > value) {
      order[place] = order[place - 1] as number;
      place--;
    }
    order[place] = i;
  }
  return order;
}

function radixArgsort(values: Float64Array): Uint32Array {
  const n = values.length;
  let keys = upperKeys(values);
  let order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  let nextKeys = new Uint32Array(n);
  let nextOrder = new Uint32Array(n);
  const places = new Uint32Array(digits);
  for (let shift = 0; shift < 32; shift += digitBits) {
    places.fill(0);
    for (let i = 0; i < n; i++) {
      const digit = ((keys[i] as number) >>> shift) & (digits - 1);
      places[digit] = (places[digit] as number) + 1;
    }
    if (places[((keys[0] as number) >>> shift) & (digits - 1)] === n) continue; // one digit: nothing moves
    let sum = 0;
    for (let digit = 0; digit < digits; digit++) {
      const count = places[digit] as number;
      places[digit] = sum;
      sum += count;
    }
    for (let i = 0; i < n; i++) {
      const key = keys[i] as number;
      const digit = (key >>> shift) & (digits - 1);
      const place = places[digit] as number;
      places[digit] = place + 1;
      nextKeys[place] = key;
      nextOrder[place] = order[i] as number;
    }
    [keys, nextKeys] = [nextKeys, keys];
    [order, nextOrder] = [nextOrder, order];
  }
  mend(values, keys, order);
  return order;
}

/** The upper halves of the values as unsigned numbers in the same order. */
function upperKeys(values: Float64Array): Uint32Array<ArrayBuffer> {
  const n = values.length;
  const words = new Uint32Array(values.buffer, values.byteOffset, 2 * n);
  const keys = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const word = values[i] === 0 ? 0 : (words[2 * i + upperWord] as number);
    keys[i] = word >>> 31 === 1 ? ~word : word | 0x80000000;
  }
  return keys;
}

/** Sorts each run of equal keys by the whole values, where the run is not in order already. */
function mend(values: Float64Array, keys: Uint32Array, order: Uint32Array): void {
  const n = order.length;
  for (let from = 0, to = 1; from < n; from = to, to = from + 1) {
    let sorted = true;
    while (to < n && keys[to] === keys[from]) {
      if ((values[order[to - 1] as number] as number) > (values[order[to] as number] as number))
        sorted = false;
      to++;
    }
    if (sorted) continue;
    order.subarray(from, to).sort((a, b) => (values[a] as number) - (values[b] as number) || a - b);
  }
}
