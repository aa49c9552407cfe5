import { Button, NativeSelect } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type PromptStatus, promptStatuses } from "#lib/domain/prompt.ts";
import { promptsQuery } from "../data/queries.ts";
import { Section } from "../ui/page.tsx";
import { QueryView } from "../ui/states.tsx";
import { PromptTable } from "./prompt-table.tsx";

export interface PromptListProps {
  agentType: string;
  selectedIds: readonly string[];
  onToggle: (promptId: string) => void;
}

const every = "every status";

/** The prompts of an agent, newest first, page by page. */
export function PromptList({ agentType, selectedIds, onToggle }: PromptListProps) {
  const [status, setStatus] = useState<PromptStatus | null>(null);
  const query = useInfiniteQuery(promptsQuery(agentType, status));
  return (
    <Section
      title="Prompts"
      flush
      note={
        <NativeSelect
          size="xs"
          value={status ?? every}
          onChange={({ currentTarget: { value } }) =>
            setStatus(promptStatuses.find((one) => one === value) ?? null)
          }
          data={[every, ...promptStatuses]}
          aria-label="Status"
        />
      }
    >
      <QueryView query={query}>
        {({ pages }) => (
          <>
            <PromptTable
              prompts={pages.flatMap(({ items }) => items)}
              selectedIds={selectedIds}
              onToggle={onToggle}
            />
            {query.hasNextPage ? (
              <Button
                variant="subtle"
                size="xs"
                m="xs"
                loading={query.isFetchingNextPage}
                onClick={() => {
                  void query.fetchNextPage();
                }}
              >
                Show older prompts
              </Button>
            ) : null}
          </>
        )}
      </QueryView>
    </Section>
  );
}
