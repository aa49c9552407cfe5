/** Equality of JSON values; the order of an object's members says nothing. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((member, index) => sameJson(member, b[index]))
    );
  }
  const ofB = new Map<string, unknown>(Object.entries(b));
  const ofA = Object.entries(a);
  return (
    ofA.length === ofB.size &&
    ofA.every(([key, member]) => ofB.has(key) && sameJson(member, ofB.get(key)))
  );
}
