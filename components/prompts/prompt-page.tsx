"use client";

import { Button, Group, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { PublicPrompt } from "#lib/http/shapes/prompt.ts";
import { diffQuery, meQuery, promptQuery } from "../data/queries.ts";
import { Stat, TimeAgo } from "../ui/figures.tsx";
import { Page, Section } from "../ui/page.tsx";
import { QueryView } from "../ui/states.tsx";
import { figureOf, Success } from "../ui/success.tsx";
import classes from "./diff.module.css";
import { DiffView } from "./diff-view.tsx";
import { ProductionSection } from "./production-section.tsx";
import { StatusBadge } from "./status-badge.tsx";
import { UnprovenMark } from "./unproven-mark.tsx";

export function PromptPage({ promptId }: { promptId: string }) {
  const query = useQuery(promptQuery(promptId));
  const prompt = query.data;
  return (
    <Page
      title={prompt === undefined ? "Prompt" : `${prompt.agent_type} ${prompt.version}`}
      lede={prompt?.message}
      actions={prompt === undefined ? undefined : <Actions prompt={prompt} />}
    >
      <QueryView query={query} height={480}>
        {(loaded) => <Body prompt={loaded} />}
      </QueryView>
    </Page>
  );
}

function Actions({ prompt: { id, agent_type, status } }: { prompt: PublicPrompt }) {
  const { data: me } = useQuery(meQuery);
  return (
    <>
      <Button
        component={Link}
        href={`/agents/${agent_type}/lineage?prompt=${id}`}
        variant="default"
        size="xs"
      >
        Show in lineage
      </Button>
      {me === undefined || me.role === "viewer" ? null : (
        <Button component={Link} href={`/prompts/${id}/edit`} variant="default" size="xs">
          Write a new version
        </Button>
      )}
      {status === "candidate" ? (
        <Button component={Link} href={`/review/${id}`} size="xs">
          Review candidate
        </Button>
      ) : null}
    </>
  );
}

function Body({ prompt }: { prompt: PublicPrompt }) {
  const { parameters, tools, parent_id, tags } = prompt;
  const figure = figureOf(prompt);
  return (
    <>
      <Section title="About">
        <Stack gap="md">
          <Group gap="xl" align="flex-start">
            <Stat
              label="Status"
              value={
                <>
                  <StatusBadge status={prompt.status} />
                  <UnprovenMark unproven={prompt.unproven} />
                </>
              }
            />
            <Stat label="Tags" value={tags.length === 0 ? "none" : tags.join(", ")} />
            <Stat
              label="Success"
              value={figure === null ? "not measured" : <Success figure={figure} />}
              note={prompt.fitness_simulated ? "simulated" : undefined}
            />
            <Stat
              label="Made by"
              value={prompt.created_by}
              note={<TimeAgo at={prompt.created_at} />}
            />
            <Stat label="Temperature" value={parameters.temperature} />
            <Stat label="Top p" value={parameters.topP} />
            <Stat label="Steps at most" value={parameters.maxSteps} />
            <Stat label="Tools" value={tools.length === 0 ? "none" : tools.join(", ")} />
          </Group>
        </Stack>
      </Section>
      <ProductionSection prompt={prompt} />
      {parent_id === null ? null : <FromParent promptId={prompt.id} parentId={parent_id} />}
      <Section title="Content" flush note="Jinja2 template">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
        <pre className={classes.content} tabIndex={0}>
          {prompt.content}
        </pre>
      </Section>
    </>
  );
}

function FromParent({ promptId, parentId }: { promptId: string; parentId: string }) {
  const query = useQuery(diffQuery(promptId, parentId));
  const parent = query.data?.before;
  return (
    <Section
      title="Changed from its parent"
      flush
      note={
        parent === undefined ? undefined : (
          <Link href={`/prompts/${parent.id}`}>{parent.version}</Link>
        )
      }
    >
      <QueryView query={query}>{({ diff }) => <DiffView diff={diff} />}</QueryView>
    </Section>
  );
}
