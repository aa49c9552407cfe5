import type { Metadata } from "next";
import { EditPromptPage } from "#components/prompts/edit-prompt-page.tsx";

export const metadata: Metadata = { title: "New version" };

export default async function EditPromptVersionPage({
  params,
}: {
  params: Promise<{ promptId: string }>;
}) {
  const { promptId } = await params;
  return <EditPromptPage promptId={promptId} />;
}
