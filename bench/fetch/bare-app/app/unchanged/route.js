export const dynamic = "force-dynamic";

/** The least that Next can do to answer that nothing changed. */
export function GET() {
  return new Response(null, { status: 304, headers: { etag: '"constant"' } });
}
