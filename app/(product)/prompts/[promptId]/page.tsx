import type { Metadata } from "next";
import { PromptPage } from "#components/prompts/prompt-page.tsx";

export const metadata: Metadata = { title: "Prompt" };

export default async function PromptVersionPage({
  params,
}: {
  params: Promise<{ promptId: string }>;
}) {
  const { promptId } = await params;
  return <PromptPage promptId={promptId} />;
}
