import { randomUUID } from "node:crypto";
import { log } from "#app/services.ts";
import { apiDocsFile } from "#lib/http/api-docs.ts";
import { errorResponse } from "#lib/http/respond.ts";

export async function GET(
  _: Request,
  context: { params: Promise<{ file: string }> },
): Promise<Response> {
  try {
    return await apiDocsFile((await context.params).file);
  } catch (error) {
    return errorResponse(error, randomUUID(), log());
  }
}
