"use client";

import { Button, Group, NumberInput, Radio, Stack, Switch, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { AutomationMode } from "#lib/domain/optimization.ts";
import { type SettingsShape, settingsShape } from "#lib/http/shapes/settings.ts";
import { sendJson } from "../data/api.ts";
import { meQuery, settingsQuery } from "../data/queries.ts";
import { Page, Section } from "../ui/page.tsx";
import { QueryView } from "../ui/states.tsx";

const modes: readonly { value: AutomationMode; label: string; description: string }[] = [
  {
    value: "by-model",
    label: "By model",
    description:
      "The default. Automatic for agents whose models are all simulated; suggest for agents with a real model, which costs money.",
  },
  {
    value: "automatic",
    label: "Automatic",
    description:
      "An optimization starts by itself when an agent falls under its threshold, with real models too. It spends money up to its caps, and nobody is asked first.",
  },
  {
    value: "suggest",
    label: "Suggest",
    description: "The overview says so, and a person starts it.",
  },
  { value: "manual", label: "Manual", description: "Only people look and start." },
];

export function SettingsPage() {
  const query = useQuery(settingsQuery);
  return (
    <Page title="Settings" lede="Changes hold at once and stand in the audit trail.">
      <QueryView query={query} height={360}>
        {(settings) => <SettingsForm key={JSON.stringify(settings)} settings={settings} />}
      </QueryView>
    </Page>
  );
}

function SettingsForm({ settings }: { settings: SettingsShape }) {
  const queryClient = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const [draft, setDraft] = useState(settings);
  const save = useMutation({
    mutationFn: () => sendJson("PUT", "/settings", changesOf(settings, draft), settingsShape),
    onSuccess: async () => {
      await queryClient.invalidateQueries();
      notifications.show({ message: "Settings saved." });
    },
    onError: (error) =>
      notifications.show({ color: "red", title: "Not saved", message: error.message }),
  });
  const locked = me?.role !== "admin";
  const changed = JSON.stringify(draft) !== JSON.stringify(settings);
  return (
    <>
      <Section title="Automation">
        <Radio.Group
          value={draft.automation}
          onChange={(value) => {
            const mode = modes.find((one) => one.value === value);
            if (mode !== undefined) setDraft({ ...draft, automation: mode.value });
          }}
          aria-label="Automation"
        >
          <Stack gap="sm">
            {modes.map((mode) => (
              <Radio key={mode.value} {...mode} disabled={locked} />
            ))}
          </Stack>
        </Radio.Group>
      </Section>
      <Section title="Built-in traffic">
        <Switch
          checked={draft.traffic}
          onChange={(event) => setDraft({ ...draft, traffic: event.currentTarget.checked })}
          disabled={locked}
          label="Keep running the workbench agents' production prompts"
          description="Stands for the runs that controllers would report. Switch it off once yours do."
        />
      </Section>
      <Section title="Approvals">
        <Switch
          checked={draft.fourEyes}
          onChange={(event) => setDraft({ ...draft, fourEyes: event.currentTarget.checked })}
          disabled={locked}
          label="Four eyes: who proposed a prompt may not approve it"
          description="Proposers wrote the prompt or started its optimization. Leave it off in a team of one."
        />
      </Section>
      <Section title="Release without proof">
        <Switch
          checked={draft.releaseWithoutProof}
          onChange={(event) =>
            setDraft({ ...draft, releaseWithoutProof: event.currentTarget.checked })
          }
          disabled={locked}
          label="Administrators may put a prompt into production without proof"
          description="For a hotfix that cannot wait. It needs a reason, and the version is marked as unproven until another one replaces it."
        />
      </Section>
      <Section title="Judges">
        <NumberInput
          label="Agreement with people that a judge needs (kappa)"
          description="The lower bound of its interval must reach this before a verdict may rest on a model that judges."
          min={0}
          max={0.95}
          step={0.05}
          decimalScale={2}
          value={draft.judgeKappaMin}
          onChange={(value) => setDraft({ ...draft, judgeKappaMin: Number(value) || 0 })}
          disabled={locked}
          maw={280}
        />
      </Section>
      <Section title="Budget">
        <NumberInput
          label="Cap of each day (UTC)"
          description="Nothing is started that could pass it; today's cap changes too."
          prefix="$"
          min={0}
          max={1_000_000}
          decimalScale={2}
          value={draft.dayCapUsd}
          onChange={(value) => setDraft({ ...draft, dayCapUsd: Number(value) || 0 })}
          disabled={locked}
          maw={280}
        />
      </Section>
      {locked ? (
        <Text c="dimmed">An administrator can change these.</Text>
      ) : (
        <Group>
          <Button disabled={!changed} loading={save.isPending} onClick={() => save.mutate()}>
            Save settings
          </Button>
        </Group>
      )}
    </>
  );
}

/** What a save sends: a setting that nobody touched must not be stored as if somebody had chosen it. */
function changesOf(before: SettingsShape, after: SettingsShape): Record<string, unknown> {
  const known = new Map<string, unknown>(Object.entries(before));
  return Object.fromEntries(
    Object.entries(after).filter(([key, value]) => known.get(key) !== value),
  );
}
