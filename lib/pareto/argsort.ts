/**
 * Stable argsort of 64-bit floats: a radix sort on the upper bits of their IEEE form (negative numbers flipped whole,
 * others in the sign, so that unsigned order is numeric order), O(N), and an insertion pass over the little that the
 * lower bits change. Where they change much, a comparison sort takes over, so O(N log N) at worst.
 * Invariant: equal values keep their input order, and -0 equals 0, so every tie is decided by the index.
 */

const insertionBelow = 64;
const digits = 1 << 11;
/** Which of the two 32-bit words of a float holds sign, exponent and the upper mantissa. */
const upperWord = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/** Rows of F (n × m, row-major, no NaN) in the order of column k, ties by index. */
export function argsort(F: Float64Array, n: number, m: number, k: number): Uint32Array {
  if (n >= insertionBelow) return mend(F, m, k, radixArgsort(F, n, m, k));
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const value = F[i * m + k] as number;
    let place = i;
    while (place > 0 && (F[(order[place - 1] as number) * m + k] as number) > value) {
      order[place] = order[place - 1] as number;
      place--;
    }
    order[place] = i;
  }
  return order;
}

/** Rows of F in lexicographic order, ties by index. */
export function lexicographicOrder(F: Float64Array, n: number, m: number): Uint32Array {
  let order = argsort(F, n, m, 0);
  for (let k = 1; k < m; k++) {
    const { starts, longest } = runsOf(F, m, k, order);
    if (longest === 1) break;
    if (longest < insertionBelow) {
      for (let i = 1; i < n; i++) insertRow(F, m, order, i);
      break;
    }
    order = refine(argsort(F, n, m, k), starts);
  }
  return order;
}

/** For each row, where in the order the run of rows begins that equal it in the first k columns. */
function runsOf(
  F: Float64Array,
  m: number,
  k: number,
  order: Uint32Array,
): { starts: Uint32Array; longest: number } {
  const starts = new Uint32Array(order.length);
  let longest = 1;
  let start = 0;
  for (let i = 1; i < order.length; i++) {
    const row = order[i] as number;
    if (compareRows(F, m, k, order[i - 1] as number, row) !== 0) start = i;
    else if (i - start >= longest) longest = i - start + 1;
    starts[row] = start;
  }
  return { starts, longest };
}

/** Deals rows that come in the order of the next column into their runs. */
function refine(rows: Uint32Array, starts: Uint32Array): Uint32Array {
  const taken = new Uint32Array(rows.length);
  const order = new Uint32Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const start = starts[row] as number;
    const place = taken[start] as number;
    taken[start] = place + 1;
    order[start + place] = row;
  }
  return order;
}

/** Moves order[i] back to its place among order[0..i), which are in lexicographic order already. */
function insertRow(F: Float64Array, m: number, order: Uint32Array, i: number): void {
  const row = order[i] as number;
  let place = i;
  while (place > 0 && compareRows(F, m, m, order[place - 1] as number, row) > 0) {
    order[place] = order[place - 1] as number;
    place--;
  }
  order[place] = row;
}

/** Lexicographic comparison of two rows by their first k columns. */
function compareRows(F: Float64Array, m: number, k: number, a: number, b: number): number {
  for (let j = 0; j < k; j++) {
    const x = F[a * m + j] as number;
    const y = F[b * m + j] as number;
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

/** Order by the upper 32 bits of the values, or by the upper 22 where the rest is left to `mend`. */
function radixArgsort(F: Float64Array, n: number, m: number, k: number): Uint32Array {
  const keys = upperKeys(F, n, m, k);
  let order = new Uint32Array(n);
  let next = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  const places = new Int32Array(digits);
  for (const shift of n < 16_384 ? [10, 21] : [0, 10, 21]) {
    places.fill(0);
    for (let i = 0; i < n; i++) {
      const digit = ((keys[i] as number) >>> shift) & (digits - 1);
      places[digit] = (places[digit] as number) + 1;
    }
    for (let digit = 0, sum = 0; digit < digits; digit++) {
      const count = places[digit] as number;
      places[digit] = sum;
      sum += count;
    }
    for (let i = 0; i < n; i++) {
      const row = order[i] as number;
      const digit = ((keys[row] as number) >>> shift) & (digits - 1);
      const place = places[digit] as number;
      places[digit] = place + 1;
      next[place] = row;
    }
    [order, next] = [next, order];
  }
  return order;
}

/** The upper halves of the values as unsigned numbers in the same order. */
function upperKeys(F: Float64Array, n: number, m: number, k: number): Int32Array {
  const words = new Int32Array(F.buffer, F.byteOffset, 2 * F.length);
  const keys = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const at = i * m + k;
    const word = F[at] === 0 ? 0 : (words[2 * at + upperWord] as number);
    keys[i] = word < 0 ? ~word : word ^ 0x80000000;
  }
  return keys;
}

/** Completes an order that the radix sort has left almost sorted. */
function mend(F: Float64Array, m: number, k: number, order: Uint32Array): Uint32Array {
  const n = order.length;
  let moves = 0;
  let previous = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    const row = order[i] as number;
    const value = F[row * m + k] as number;
    if (value >= previous) {
      previous = value;
      continue;
    }
    let place = i;
    while (place > 0 && (F[(order[place - 1] as number) * m + k] as number) > value) {
      order[place] = order[place - 1] as number;
      place--;
    }
    order[place] = row;
    moves += i - place;
    if (moves > 8 * n) {
      return order.sort((a, b) => (F[a * m + k] as number) - (F[b * m + k] as number) || a - b);
    }
  }
  return order;
}
