/** The readable API documentation: the packaged page of Swagger UI over our own document, without any network. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { AppError } from "../errors.ts";

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  // The packaged page sets styles by attribute.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Genepool API</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
</head>
<body>
<main id="api"></main>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
`;

const start = `SwaggerUIBundle({
  url: "/api/v1/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
`;

const mediaTypes: Readonly<Record<string, string>> = {
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
};

export function apiDocsPage(): Response {
  return new Response(page, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy,
      "cache-control": "no-cache",
    },
  });
}

/** A file of the page. Throws AppError("not-found") for any that is not one of its three. */
export async function apiDocsFile(name: string): Promise<Response> {
  const headers = { "cache-control": "public, max-age=3600", "x-content-type-options": "nosniff" };
  if (name === "start.js") {
    return new Response(start, {
      headers: { ...headers, "content-type": "text/javascript; charset=utf-8" },
    });
  }
  const mediaType = mediaTypes[name];
  if (mediaType === undefined) throw new AppError("not-found", `There is no file ${name}.`);
  // By the running process and not by the bundler: these are files to send, not modules.
  const require = createRequire(path.join(process.cwd(), "package.json"));
  const folder = path.dirname(require.resolve("swagger-ui-dist/package.json"));
  const content = await readFile(path.join(folder, name));
  return new Response(new Uint8Array(content), {
    headers: { ...headers, "content-type": mediaType },
  });
}
