import type { Metadata } from "next";
import { ReviewPage } from "#components/review/review-page.tsx";

export const metadata: Metadata = { title: "Review" };

export default async function ReviewPacketPage({
  params,
}: {
  params: Promise<{ promptId: string }>;
}) {
  const { promptId } = await params;
  return <ReviewPage promptId={promptId} />;
}
