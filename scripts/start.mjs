// npm start: makes sure of Node and the dependencies, then hands over to the supervisor in TypeScript.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureGenerated, ensureInstalled, loadDotEnv } from "./lib/install.mjs";
import { requireNode } from "./lib/node-version.mjs";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");
process.chdir(root);
requireNode();
loadDotEnv(root);
ensureInstalled(root);
ensureGenerated(root);
const { register } = await import("tsx/esm/api");
register();
const { supervise } = await import("./supervisor.ts");
await supervise(root);
