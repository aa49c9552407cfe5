import { randomUUID } from "node:crypto";
import { log } from "#app/services.ts";
import { database } from "#lib/db/instance.ts";
import { execute, sql } from "#lib/db/query.ts";
import { errorResponse, jsonResponse } from "#lib/http/respond.ts";

/** Can the process do its work now? 503 when the database does not answer. */
export async function GET(): Promise<Response> {
  const requestId = randomUUID();
  try {
    await execute(database(), sql`SELECT 1`);
    return jsonResponse({ status: "ready" }, requestId);
  } catch (error) {
    return errorResponse(error, requestId, log());
  }
}
