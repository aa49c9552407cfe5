import { Alert, Button, Group, NumberInput, Stack } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useMemo, useState } from "react";
import { numberBounds } from "#lib/domain/number-bounds.ts";
import { optimizationConfig, type StageSizes } from "#lib/domain/optimization.ts";
import { optimizationSummary } from "#lib/http/shapes/optimization.ts";
import type { PromptRef } from "#lib/http/shapes/prompt.ts";
import { sendJson } from "../data/api.ts";
import { configOf, previewQuery, type StartSettings } from "../data/queries.ts";
import { QueryView } from "../ui/states.tsx";
import { PreviewFigures } from "./preview-figures.tsx";
import { SizeFields, wrongSize } from "./size-fields.tsx";
import classes from "./start-dialogue.module.css";

/** How long after the last change the figures are asked for anew, in ms. */
const previewAfterMs = 300;

const calls = numberBounds(optimizationConfig.shape.calls);
const seed = numberBounds(optimizationConfig.shape.seed);
const cap = numberBounds(optimizationConfig.shape.budget.unwrap().shape.runCapUsd);
const capLeast = 0.01;

/** A field is null while it holds nothing that could be started with. */
interface Draft {
  calls: number | null;
  seed: number | null;
  runCapUsd: number | null;
  sizes: StageSizes;
}

const defaults: Draft = {
  calls: calls.fallback,
  seed: seed.fallback,
  runCapUsd: cap.fallback,
  sizes: {},
};

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
    mutationFn: (chosen: StartSettings) => {
      const body = { agentType, config: configOf(chosen) };
      return sendJson("POST", "/optimizations", body, optimizationSummary);
    },
    onSuccess: async (run) => {
      await queryClient.invalidateQueries();
      router.push(`/optimizations/${run.id}`);
    },
  });
  const change = (name: "calls" | "seed" | "runCapUsd") => (value: number | string) =>
    setDraft((now) => ({ ...now, [name]: typeof value === "number" ? value : null }));
  return (
    <Stack gap="md">
      <Fields draft={draft} change={change} />
      <SizeFields
        sizes={draft.sizes}
        plan={preview.data?.plan ?? null}
        onChange={(sizes) => setDraft((now) => ({ ...now, sizes }))}
      />
      <QueryView query={preview} height={420}>
        {(figures) => <PreviewFigures preview={figures} />}
      </QueryView>
      {start.error === null ? null : (
        <Alert color="red" title="Not started" role="alert">
          {start.error.message}
        </Alert>
      )}
      <Group justify="flex-end" gap="xs" className={classes.actions ?? ""}>
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

function Fields({
  draft,
  change,
}: {
  draft: Draft;
  change: (name: "calls" | "seed" | "runCapUsd") => (value: number | string) => void;
}) {
  return (
    <div className={classes.fields}>
      <NumberInput
        label="Calls"
        description="trials of the whole run, at most"
        min={calls.least}
        max={calls.most}
        step={100}
        allowDecimal={false}
        value={draft.calls ?? ""}
        onChange={change("calls")}
        error={isWithin(draft.calls, calls) ? null : `${calls.least} to ${calls.most}`}
      />
      <NumberInput
        label="Cap of the run"
        description="proposer and judges included"
        prefix="$"
        min={capLeast}
        max={cap.most}
        decimalScale={2}
        value={draft.runCapUsd ?? ""}
        onChange={change("runCapUsd")}
        error={draft.runCapUsd === null ? "An amount in USD" : null}
      />
      <NumberInput
        label="Seed"
        description="same seed, same search"
        min={seed.least}
        max={seed.most}
        allowDecimal={false}
        value={draft.seed ?? ""}
        onChange={change("seed")}
        error={draft.seed === null ? "A whole number" : null}
      />
    </div>
  );
}

function isWithin(value: number | null, { least, most }: typeof calls): boolean {
  return value !== null && value >= least && value <= most;
}

/** Null while a field does not hold a number that could be started with. */
function settingsOf(
  { sizes, ...draft }: Draft,
  proves: readonly PromptRef[],
): StartSettings | null {
  const { calls: n, seed: own, runCapUsd } = draft;
  if (n === null || own === null || runCapUsd === null || runCapUsd < capLeast) return null;
  if (!isWithin(n, calls) || wrongSize(sizes) !== null) return null;
  return { calls: n, seed: own, runCapUsd, sizes, prove: proves.map(({ id }) => id) };
}
