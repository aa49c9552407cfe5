/** The OpenAPI 3.1 document of the API, made from the endpoint table alone. */
import { z } from "zod";
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from "zod-openapi";
import { type ErrorCode, httpStatusOf } from "../errors.ts";
import { type Endpoint, refusalsOf } from "./endpoint.ts";
import { idempotencyKeyForm } from "./idempotency.ts";
import { entityTagForm } from "./read-request.ts";
import { errorEnvelope } from "./shapes/common.ts";

const refusalWords: Readonly<Record<ErrorCode, string>> = {
  invalid: "The request does not parse; details name what and where.",
  unauthenticated: "No valid session and no valid API key.",
  forbidden: "Signed in, but not allowed: role, scope, agent type or origin.",
  "not-found": "What the address names does not exist.",
  conflict: "The state is not what the request needs; nothing was changed.",
  "precondition-failed": "If-Match names a state that is no longer so; nothing was changed.",
  "precondition-required": "If-Match is missing.",
  "too-many-requests": "Too many changes at once; Retry-After says when to come back.",
  unavailable: "The database, or what stands behind the request, does not answer.",
  internal: "Our fault; the request id leads to the log line that says what.",
};

/** The document as data. Pure: the same table gives the same document. */
export function openApiDocument(table: readonly Endpoint[]): ReturnType<typeof createDocument> {
  const paths: ZodOpenApiPathsObject = {};
  for (const spec of table) {
    const path = `/api/v1${spec.path}`;
    paths[path] = { ...paths[path], [spec.method.toLowerCase()]: operationOf(spec) };
  }
  return createDocument({
    openapi: "3.1.0",
    info: {
      title: "Genepool",
      version: "1",
      description:
        "Prompts, their evidence and their lifecycle. Programs send an API key as a bearer token; people have a session cookie. Every failure is one envelope with a code for programs and a sentence for people.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    tags: [...new Set(table.map(({ group }) => group))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        apiKey: { type: "http", scheme: "bearer", description: "An API key, gp_…" },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "genepool.session",
          description: "The session of a person; changes need a page of this site as their origin.",
        },
      },
    },
  });
}

function operationOf(spec: Endpoint): ZodOpenApiOperationObject {
  const headers = headersOf(spec);
  return {
    operationId: spec.id,
    tags: [spec.group],
    summary: spec.summary,
    ...descriptionOf(spec),
    ...(spec.access === null ? { security: [] } : { security: securityOf(spec) }),
    requestParams: {
      ...(spec.params instanceof z.ZodObject ? { path: spec.params } : {}),
      ...(spec.query instanceof z.ZodObject ? { query: spec.query } : {}),
      ...(headers === null ? {} : { header: headers }),
    },
    ...(spec.body === undefined
      ? {}
      : {
          requestBody: { required: true, content: { "application/json": { schema: spec.body } } },
        }),
    responses: { ...successesOf(spec), ...failuresOf(spec) },
  };
}

function descriptionOf({ description, access }: Endpoint): { description?: string } {
  const who =
    access === null
      ? "Open to anybody."
      : `For people from the role ${access.role} on${access.scope === undefined ? "; no API key may call it" : ` and API keys with the scope ${access.scope}`}.`;
  return { description: [description, who].filter((text) => text !== undefined).join("\n\n") };
}

function securityOf({ access }: Endpoint): Record<string, string[]>[] {
  return access?.scope === undefined ? [{ session: [] }] : [{ apiKey: [] }, { session: [] }];
}

function headersOf(spec: Endpoint): z.ZodObject | null {
  const shape = {
    ...(spec.ifMatch
      ? {
          "If-Match": z
            .string()
            .regex(entityTagForm)
            .meta({ description: "The ETag of the state that the change was decided on." }),
        }
      : {}),
    ...(spec.idempotent
      ? {
          "Idempotency-Key": z.string().regex(idempotencyKeyForm).optional().meta({
            description: "A repeated request with the same key is answered, not repeated.",
          }),
        }
      : {}),
  };
  return Object.keys(shape).length === 0 ? null : z.object(shape);
}

function successesOf({ answers }: Endpoint): ZodOpenApiResponsesObject {
  return Object.fromEntries(
    Object.entries(answers).map(([status, { description, schema, mediaType }]) => [
      status,
      {
        description,
        ...(schema === undefined
          ? {}
          : { content: { [mediaType ?? "application/json"]: { schema } } }),
      },
    ]),
  );
}

function failuresOf(spec: Endpoint): ZodOpenApiResponsesObject {
  return Object.fromEntries(
    refusalsOf(spec).map((code) => [
      String(httpStatusOf[code]),
      {
        description: refusalWords[code],
        content: { "application/json": { schema: errorEnvelope } },
        ...(code === "too-many-requests"
          ? { headers: z.object({ "Retry-After": z.int().meta({ description: "Seconds." }) }) }
          : {}),
      },
    ]),
  );
}
