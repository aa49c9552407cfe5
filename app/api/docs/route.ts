import { apiDocsPage } from "#lib/http/api-docs.ts";

/** The documentation of the API for people. */
export function GET(): Response {
  return apiDocsPage();
}
