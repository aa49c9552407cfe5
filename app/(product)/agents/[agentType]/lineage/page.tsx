import type { Metadata } from "next";
import { LineagePage } from "#components/lineage/lineage-page.tsx";

export const metadata: Metadata = { title: "Lineage" };

export default async function AgentLineagePage({
  params,
}: {
  params: Promise<{ agentType: string }>;
}) {
  const { agentType } = await params;
  return <LineagePage agentType={agentType} />;
}
