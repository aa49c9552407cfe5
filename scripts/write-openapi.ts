/** Writes docs/openapi.json from the endpoint table; a test holds the committed file to it. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { endpointTable } from "#lib/http/endpoint-table.ts";
import { openApiDocument } from "#lib/http/openapi.ts";

const file = path.resolve(import.meta.dirname, "../docs/openapi.json");
writeFileSync(file, `${JSON.stringify(openApiDocument(endpointTable), null, 2)}\n`);
