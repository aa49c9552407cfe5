import { Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { PromptStatus } from "#lib/domain/prompt.ts";
import type { PublicPrompt } from "#lib/http/shapes/prompt.ts";
import {
  agentQuery,
  meQuery,
  reviewQuery,
  settingsQuery,
  transitionsQuery,
} from "../data/queries.ts";
import { ProveButton } from "../optimizations/start-button.tsx";
import { TimeAgo } from "../ui/figures.tsx";
import { Section } from "../ui/page.tsx";
import { ReleaseButton } from "./release-button.tsx";

const waiting: ReadonlySet<PromptStatus> = new Set(["draft", "experimental", "candidate"]);

/** How a prompt comes into production from here, or how it came there without proof. */
export function ProductionSection({ prompt }: { prompt: PublicPrompt }) {
  if (prompt.unproven) return <Released promptId={prompt.id} />;
  return waiting.has(prompt.status) ? <Ways prompt={prompt} /> : null;
}

function Released({ promptId }: { promptId: string }) {
  const { data: steps } = useQuery(transitionsQuery(promptId));
  const release = steps?.items.find(({ unproven }) => unproven);
  return (
    <Section title="Released without proof">
      <Text>
        No proof stands behind this version. It stays marked as unproven until another one replaces
        it.
      </Text>
      {release === undefined ? null : (
        <Text>
          <strong>By {release.actor}</strong>, <TimeAgo at={release.at} />: {release.reason}
        </Text>
      )}
    </Section>
  );
}

function Ways({ prompt }: { prompt: PublicPrompt }) {
  const { data: me } = useQuery(meQuery);
  const { data: settings } = useQuery(settingsQuery);
  const { data: agent } = useQuery(agentQuery(prompt.agent_type));
  const { data: review } = useQuery({
    ...reviewQuery(prompt.id),
    enabled: prompt.status === "candidate",
  });
  // A candidate that can be approved needs neither a proof nor a release.
  const isStuck =
    prompt.status !== "candidate" || (review !== undefined && review.blocked !== null);
  if (me === undefined || settings === undefined || agent === undefined || !isStuck) return null;
  const isAdmin = me.role === "admin";
  const isOn = settings.releaseWithoutProof;
  return (
    <Section title="Way into production">
      <Stack gap="sm">
        <Text>
          {agent.prod === null
            ? "Nothing is in production yet that it could be measured against."
            : `A proof measures it against ${agent.prod.version}; if it is better, it becomes a candidate and waits for review.`}
        </Text>
        {me.role === "viewer" ? null : (
          <Group gap="xs">
            {agent.prod === null ? null : (
              <ProveButton
                agentType={prompt.agent_type}
                proves={[prompt]}
                against={agent.prod.version}
              />
            )}
            {isAdmin && isOn ? <ReleaseButton prompt={prompt} /> : null}
          </Group>
        )}
        <Text c="var(--gp-text-dim)" size="sm">
          {releaseWords(isAdmin, isOn)}
        </Text>
      </Stack>
    </Section>
  );
}

function releaseWords(isAdmin: boolean, isOn: boolean): string {
  if (!isOn)
    return "Release without proof is switched off. An administrator can switch it on in the settings.";
  return isAdmin
    ? "Release without proof is for a hotfix that cannot wait: the version is marked as unproven."
    : "An administrator can release it without proof.";
}
