import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

/**
 * One hash over the files and folders named, without their tests and what was built into them: it tells whether something
 * built from them is still theirs.
 */
export function sourceHash(root: string, sources: readonly string[]): string {
  const hash = createHash("sha256");
  const visit = (file: string) => {
    const full = path.join(root, file);
    if (!existsSync(full)) return;
    if (!statSync(full).isDirectory()) {
      hash.update(file).update(readFileSync(full));
      return;
    }
    for (const entry of readdirSync(full).sort())
      if (!isBeside(entry)) visit(path.join(file, entry));
  };
  for (const source of sources) visit(source);
  return hash.digest("hex");
}

function isBeside(entry: string): boolean {
  return entry.startsWith(".") || entry === "testing" || entry.endsWith(".test.ts");
}
