// npm run bench -- <name> [options]: runs bench/<name>/run.ts with the options that follow; a name may be a path, as in search/nulls.
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { register } from "tsx/esm/api";

const scriptOf = (name) => path.join(import.meta.dirname, name, "run.ts");
const folders = readdirSync(import.meta.dirname, { recursive: true });
const names = folders.filter((name) => existsSync(scriptOf(name))).sort();
const [name = "", ...options] = process.argv.slice(2);
if (!names.includes(name)) {
  console.error(`npm run bench -- <name> [options], with one of: ${names.join(", ")}`);
  process.exit(2);
}
process.argv = [process.execPath, scriptOf(name), ...options];
register();
await import(scriptOf(name));
