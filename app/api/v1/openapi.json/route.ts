import { endpointTable } from "#lib/http/endpoint-table.ts";
import { openApiDocument } from "#lib/http/openapi.ts";

let text: string | null = null;

/** The OpenAPI document of this very build. */
export function GET(): Response {
  text ??= JSON.stringify(openApiDocument(endpointTable));
  return new Response(text, {
    headers: { "content-type": "application/json", "cache-control": "no-cache" },
  });
}
