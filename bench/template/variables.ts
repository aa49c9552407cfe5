/** Random contexts as JSON text, so that 1.0, large integers and the order of keys reach both engines as they are. */
import type { Draws } from "#lib/random.ts";

/** What an expression is likely to be; the fuzzer prefers expressions that fit, as those that fail early prove little. */
export type Kind = "text" | "int" | "float" | "bool" | "numbers" | "texts" | "rows" | "mapping";

const words = [
  "alpha",
  "Beta",
  "gamma ray",
  "",
  " padded  ",
  "naïve Straße",
  "漢字 かな",
  "emoji 👍🏽 x",
  "<b>bold</b> & 'q' \"d\"",
  "one two three four five six seven eight nine ten",
  "line one\nline two\n\nline four",
  "12",
  "-3.50",
  "0x1f",
  "100%",
  "a,b,,c",
  "tab\there",
  "MiXeD CaSe wOrDs",
  "ǆ ß ı İ",
  "x".repeat(90),
  "http://example.org/a?b=c&d=e",
  "{{ not }} {% a tag %}",
];
const integers = ["0", "1", "2", "3", "-1", "-7", "10", "255", "1000000", "9007199254740993"];
const floats = [
  "0.0",
  "1.0",
  "-0.0",
  "2.5",
  "0.125",
  "-3.75",
  "1e16",
  "1.5e-7",
  "100.0",
  "3.14159",
];

/** The names of each kind of variable. `missing` is never given. */
export const namesOf: Record<Kind, readonly string[]> = {
  text: ["name", "note", "d.title", "rows[0].name", "nest.inner.label"],
  int: ["n", "m", "d.count", "nest.inner.size", "xs[0]"],
  float: ["ratio", "d.price"],
  bool: ["flag", "other"],
  numbers: ["xs", "nest.list", "mixed_numbers", "empty"],
  texts: ["tags", "d.tags", "empty"],
  rows: ["rows"],
  mapping: ["d", "nest", "nest.inner", "rows[1]", "counts"],
};

/** One context as the text of a JSON object. */
export function randomContext(draws: Draws): string {
  const text = () => JSON.stringify(draws.pick(words));
  const int = () => draws.pick(integers);
  const float = () => draws.pick(floats);
  const bool = () => draws.pick(["true", "false"]);
  const several = (item: () => string, most: number) =>
    Array.from({ length: draws.int(most + 1) }, item);
  const list = (item: () => string, most = 5) => `[${several(item, most).join(", ")}]`;
  const scalar = () => draws.pick([text, int, float, bool, () => "null"])();
  const row = () =>
    `{"name": ${text()}, "size": ${int()}, "price": ${float()}, "kind": ${draws.pick(['"a"', '"b"', '"A"'])}}`;
  const rows = [row(), row(), ...several(row, 2)];
  const inner = `{"label": ${text()}, "size": ${int()}, "items": ${list(scalar, 2)}}`;
  const counts = several(() => `"${draws.pick(["b", "a", "10", "9", "B", "é"])}": ${int()}`, 4);
  return `{${[
    `"name": ${text()}`,
    `"note": ${text()}`,
    `"n": ${int()}`,
    `"m": ${int()}`,
    `"ratio": ${float()}`,
    `"flag": ${bool()}`,
    `"other": ${bool()}`,
    `"nothing": null`,
    `"xs": ${list(int)}`,
    `"mixed_numbers": ${list(() => draws.pick([int, float, bool])())}`,
    `"empty": []`,
    `"tags": ${list(text)}`,
    `"mixed": ${list(scalar)}`,
    `"rows": [${rows.join(", ")}]`,
    `"d": {"title": ${text()}, "count": ${int()}, "price": ${float()}, "tags": ${list(text, 3)}, "items": ${int()}}`,
    `"nest": {"inner": ${inner}, "list": ${list(int, 4)}, "none": null}`,
    `"counts": {${counts.join(", ")}}`,
  ].join(", ")}}`;
}
