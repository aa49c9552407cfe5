export const dynamic = "force-dynamic";

// The bench says how many bytes the answer it is compared with has.
const body = "x".repeat(Number(process.env.BARE_BYTES));

/** The least that Next can do to answer so many bytes. */
export function GET() {
  return new Response(body, { headers: { "content-type": "application/json" } });
}
