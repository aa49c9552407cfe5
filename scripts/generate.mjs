// npm run generate: installs what is missing and generates the database client.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureGenerated, ensureInstalled } from "./lib/install.mjs";
import { requireNode } from "./lib/node-version.mjs";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");
requireNode();
ensureInstalled(root);
ensureGenerated(root);
