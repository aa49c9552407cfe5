import type { Metadata } from "next";
import { QueuePage } from "#components/review/queue-page.tsx";

export const metadata: Metadata = { title: "Review" };

export default function ReviewQueuePage() {
  return <QueuePage />;
}
