import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

/** One hash over the files and folders named, tests left out: it tells whether something built from them is still theirs. */
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
      if (!entry.endsWith(".test.ts")) visit(path.join(file, entry));
  };
  for (const source of sources) visit(source);
  return hash.digest("hex");
}
