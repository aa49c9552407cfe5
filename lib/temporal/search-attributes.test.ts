import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { searchAttributes } from "./search-attributes.ts";

test("npm run temporal registers the search attributes that the product sets", () => {
  const script = path.join(import.meta.dirname, "../../scripts/temporal.mjs");
  const names = [...readFileSync(script, "utf8").matchAll(/"(Genepool\w+)"/g)].map(
    ([, name]) => name,
  );
  expect(names).toEqual(searchAttributes.map(({ name }) => name));
});
