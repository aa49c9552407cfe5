import { Button, Group, Stack, Text } from "@mantine/core";
import Link from "next/link";
import type { AgentSummary } from "#lib/http/shapes/agent.ts";
import { isRunning } from "../data/queries.ts";
import { Stat, TimeAgo } from "../ui/figures.tsx";
import { count, usd } from "../ui/format.ts";
import { EmptyState } from "../ui/states.tsx";
import { RunProgress } from "./run-progress.tsx";
import { StartButton } from "./start-button.tsx";

/** An agent's newest optimization: its progress while it runs, its outcome afterwards. */
export function RunSummary({ agent }: { agent: AgentSummary }) {
  const run = agent.optimization;
  if (run === null) {
    return (
      <EmptyState
        title="Not optimized so far"
        action={<StartButton agentType={agent.name} variant="filled" />}
      >
        An optimization finds out why runs fail, evolves the prompt, and proves what it found
        against today&rsquo;s prompt. Nothing goes live without your approval.
      </EmptyState>
    );
  }
  const open = (
    <Button component={Link} href={`/optimizations/${run.id}`} variant="default" size="xs">
      Open optimization
    </Button>
  );
  if (isRunning(run)) {
    return (
      <Stack gap="md">
        <RunProgress run={run} />
        <Group>{open}</Group>
      </Stack>
    );
  }
  return (
    <Stack gap="md">
      <Text>{run.outcome ?? `The optimization ${run.state}.`}</Text>
      <Group gap="xl">
        <Stat label="Trials" value={count(run.trialsDone)} />
        <Stat label="Spent" value={usd(run.spentUsd)} note={`of ${usd(run.capUsd)}`} />
        <Stat
          label="Ended"
          value={run.finishedAt === null ? "–" : <TimeAgo at={run.finishedAt} />}
        />
      </Group>
      <Group gap="xs">
        {open}
        <StartButton agentType={agent.name} />
      </Group>
    </Stack>
  );
}
