import { Group, Stack, Text } from "@mantine/core";
import Link from "next/link";
import { useMemo } from "react";
import type { PromptRef } from "#lib/http/shapes/prompt.ts";
import type { ReviewPacket } from "#lib/http/shapes/review.ts";
import { ProveButton } from "../optimizations/start-button.tsx";
import { Section } from "../ui/page.tsx";

/** Finalists whose evidence is about an earlier production prompt, and the way to measure them against today's. */
export function ProveAgain({ packet }: { packet: ReviewPacket }) {
  const { prompt, production, comparedWith, openFinalists } = packet;
  const isOutdated =
    prompt.status === "candidate" &&
    production !== null &&
    packet.experiment !== null &&
    comparedWith !== null &&
    comparedWith.id !== production.id;
  const entrants = useMemo<PromptRef[]>(
    () => (isOutdated ? [prompt, ...openFinalists] : openFinalists),
    [isOutdated, prompt, openFinalists],
  );
  if (production === null || entrants.length === 0) return null;
  return (
    <Section title="To prove again">
      <Stack gap="sm">
        <Text>
          {entrants.map(({ id, version }, index) => (
            <span key={id}>
              {index === 0 ? "" : ", "}
              <Link href={`/prompts/${id}`}>{version}</Link>
            </span>
          ))}{" "}
          {entrants.length === 1 ? "was" : "were"} compared with an earlier production prompt. A new
          proof tells whether {entrants.length === 1 ? "it is" : "they are"} better than{" "}
          {production.version} too.
        </Text>
        <Group gap="xs">
          <ProveButton
            agentType={prompt.agent_type}
            proves={entrants}
            against={production.version}
          />
        </Group>
      </Stack>
    </Section>
  );
}
