import { Alert, Button, Group, NumberInput, Stack } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useMemo, useState } from "react";
import { optimizationSummary } from "#lib/http/shapes/optimization.ts";
import type { PromptRef } from "#lib/http/shapes/prompt.ts";
import { sendJson } from "../data/api.ts";
import { configOf, type PreviewSettings, previewQuery } from "../data/queries.ts";
import { QueryView } from "../ui/states.tsx";
import { PreviewFigures } from "./preview-figures.tsx";
import classes from "./start-dialogue.module.css";

/** How long after the last change the figures are asked for anew, in ms. */
const previewAfterMs = 300;

type Draft = { [Name in Exclude<keyof PreviewSettings, "prove">]: number | null };
const defaults: Draft = { seed: 1, generations: 6, runCapUsd: 25 };

export interface StartDialogueProps {
  agentType: string;
  /** Prompts to prove without a search; empty for a search. */
  proves: readonly PromptRef[];
  onCancel: () => void;
}

/** What a search or a proof would take, with the settings that change it, and the button that starts it. */
export function StartDialogue({ agentType, proves, onCancel }: StartDialogueProps) {
  const router = useRouter();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState<Draft>(defaults);
  const settings = useMemo(() => settingsOf(draft, proves), [draft, proves]);
  const [asked] = useDebouncedValue(settings, previewAfterMs);
  const preview = useQuery(previewQuery(agentType, asked ?? settings ?? null));
  const start = useMutation({
    mutationFn: (chosen: PreviewSettings) => {
      const body = { agentType, config: configOf(chosen) };
      return sendJson("POST", "/optimizations", body, optimizationSummary);
    },
    onSuccess: async (run) => {
      await queryClient.invalidateQueries();
      router.push(`/optimizations/${run.id}`);
    },
  });
  const change = (name: keyof Draft) => (value: number | string) =>
    setDraft((now) => ({ ...now, [name]: typeof value === "number" ? value : null }));
  return (
    <Stack gap="md">
      <div className={classes.fields}>
        {proves.length > 0 ? null : (
          <NumberInput
            label="Generations"
            min={1}
            max={100}
            allowDecimal={false}
            value={draft.generations ?? ""}
            onChange={change("generations")}
            error={draft.generations === null ? "1 to 100" : null}
          />
        )}
        <NumberInput
          label="Cap of the run"
          prefix="$"
          min={0.01}
          max={1_000_000}
          decimalScale={2}
          value={draft.runCapUsd ?? ""}
          onChange={change("runCapUsd")}
          error={draft.runCapUsd === null ? "An amount in USD" : null}
        />
        <NumberInput
          label="Seed"
          min={0}
          max={2 ** 32 - 1}
          allowDecimal={false}
          value={draft.seed ?? ""}
          onChange={change("seed")}
          error={draft.seed === null ? "A whole number" : null}
        />
      </div>
      <QueryView query={preview} height={300}>
        {(figures) => <PreviewFigures preview={figures} />}
      </QueryView>
      {start.error === null ? null : (
        <Alert color="red" title="Not started" role="alert">
          {start.error.message}
        </Alert>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button
          loading={start.isPending}
          disabled={settings === null || preview.data === undefined}
          onClick={() => {
            if (settings !== null) start.mutate(settings);
          }}
        >
          Start
        </Button>
      </Group>
    </Stack>
  );
}

/** Null while a field does not hold a number that could be started with. */
function settingsOf(
  { seed, generations, runCapUsd }: Draft,
  proves: readonly PromptRef[],
): PreviewSettings | null {
  if (seed === null || generations === null || runCapUsd === null) return null;
  if (generations < 1 || runCapUsd <= 0) return null;
  return { seed, generations, runCapUsd, prove: proves.map(({ id }) => id) };
}
