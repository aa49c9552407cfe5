// npm run bench -- <name> [options]: runs bench/<name>/run.ts with the options that follow.
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { register } from "tsx/esm/api";

const scriptOf = (name) => path.join(import.meta.dirname, name, "run.ts");
const names = readdirSync(import.meta.dirname).filter((name) => existsSync(scriptOf(name)));
const [name = "", ...options] = process.argv.slice(2);
if (!names.includes(name)) {
  console.error(`npm run bench -- <name> [options], with one of: ${names.join(", ")}`);
  process.exit(2);
}
process.argv = [process.execPath, scriptOf(name), ...options];
register();
await import(scriptOf(name));
