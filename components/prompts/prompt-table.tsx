import { Checkbox } from "@mantine/core";
import Link from "next/link";
import type { PublicPrompt } from "#lib/http/shapes/prompt.ts";
import { TimeAgo } from "../ui/figures.tsx";
import { EmptyState } from "../ui/states.tsx";
import { figureOf, Success } from "../ui/success.tsx";
import table from "../ui/table.module.css";
import { StatusBadge } from "./status-badge.tsx";
import { UnprovenMark } from "./unproven-mark.tsx";

export interface PromptTableProps {
  prompts: readonly PublicPrompt[];
  selectedIds: readonly string[];
  onToggle: (promptId: string) => void;
}

export function PromptTable({ prompts, selectedIds, onToggle }: PromptTableProps) {
  if (prompts.length === 0)
    return <EmptyState title="No prompts yet">Save one with POST /api/v1/prompts.</EmptyState>;
  return (
    <table className={table.table}>
      <thead>
        <tr>
          <th scope="col" aria-label="Compare" />
          <th scope="col">Version</th>
          <th scope="col">Status</th>
          <th scope="col">Tags</th>
          <th scope="col">Success</th>
          <th scope="col">What was changed</th>
          <th scope="col">Made</th>
        </tr>
      </thead>
      <tbody>
        {prompts.map((prompt) => {
          const selected = selectedIds.includes(prompt.id);
          return (
            <tr key={prompt.id} data-selected={selected || undefined}>
              <td>
                <Checkbox
                  size="xs"
                  checked={selected}
                  onChange={() => onToggle(prompt.id)}
                  aria-label={`Compare ${prompt.version}`}
                />
              </td>
              <td className={table.nowrap}>
                <Link href={`/prompts/${prompt.id}`}>{prompt.version}</Link>
              </td>
              <td>
                <StatusBadge status={prompt.status} />
                <UnprovenMark unproven={prompt.unproven} />
              </td>
              <td>{prompt.tags.join(", ")}</td>
              <td className={table.nowrap}>
                <SuccessOf prompt={prompt} />
              </td>
              <td className={table.clip} title={prompt.message}>
                {prompt.message}
              </td>
              <td className={table.nowrap}>
                <TimeAgo at={prompt.created_at} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function SuccessOf({ prompt }: { prompt: PublicPrompt }) {
  const figure = figureOf(prompt);
  return figure === null ? (
    <span className={table.dim}>not measured</span>
  ) : (
    <Success figure={figure} />
  );
}
