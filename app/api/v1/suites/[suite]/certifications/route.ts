import { route } from "#app/services.ts";
import { listCertifications } from "#lib/db/judge-certifications.ts";
import * as endpoints from "#lib/http/endpoints/judges.ts";
import { certificationView, requireSuite } from "#lib/http/views/judge-view.ts";
import { requestCertification } from "#lib/judges/request-certification.ts";

export const GET = route(endpoints.listCertifications, async ({ db, params, query }) => {
  await requireSuite(db, params.suite);
  const { items, nextCursor } = await listCertifications(db, { ...params, ...query });
  return { items: items.map(certificationView), nextCursor };
});

/** Queues the comparison; the optimizer picks it up. */
export const POST = route(endpoints.startCertification, async ({ db, params, body, actor }) =>
  certificationView(await requestCertification(db, { ...params, ...body, actor })),
);
