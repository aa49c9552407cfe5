/** Writes docs/openapi.json and docs/executors from the code; tests hold the committed files to it. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { publishedSchemas } from "#lib/executors/published-schemas.ts";
import { endpointTable } from "#lib/http/endpoint-table.ts";
import { openApiDocument } from "#lib/http/openapi.ts";

const file = path.resolve(import.meta.dirname, "../docs/openapi.json");
writeFileSync(file, `${JSON.stringify(openApiDocument(endpointTable), null, 2)}\n`);

for (const [name, text] of Object.entries(publishedSchemas()))
  writeFileSync(path.resolve(import.meta.dirname, "../docs/executors", name), text);
