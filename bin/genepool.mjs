#!/usr/bin/env node
// Launcher of the command line: makes sure of Node and the dependencies, then runs cli/main.ts.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureGenerated, ensureInstalled, loadDotEnv } from "../scripts/lib/install.mjs";
import { requireNode } from "../scripts/lib/node-version.mjs";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");
requireNode();
loadDotEnv(root);
ensureInstalled(root);
ensureGenerated(root);
const { register } = await import("tsx/esm/api");
register();
await import("../cli/main.ts");
