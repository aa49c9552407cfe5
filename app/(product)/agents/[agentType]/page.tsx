import type { Metadata } from "next";
import { AgentPage } from "#components/agents/agent-page.tsx";

export const metadata: Metadata = { title: "Agent" };

export default async function AgentTypePage({
  params,
}: {
  params: Promise<{ agentType: string }>;
}) {
  const { agentType } = await params;
  return <AgentPage agentType={agentType} />;
}
