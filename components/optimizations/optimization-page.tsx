"use client";

import { Button, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { verdictKindWords, verdictReasonWords } from "#lib/domain/verdict-words.ts";
import type { PublicExperiment } from "#lib/http/shapes/experiment.ts";
import { type OptimizationDetail, optimizationSummary } from "#lib/http/shapes/optimization.ts";
import { sendJson } from "../data/api.ts";
import { isRunning, meQuery, optimizationQuery } from "../data/queries.ts";
import { Stat, TimeAgo } from "../ui/figures.tsx";
import { confidence, count, duration, percent, points, pointsRange, usd } from "../ui/format.ts";
import { Page, Section } from "../ui/page.tsx";
import { EmptyState, QueryView } from "../ui/states.tsx";
import { GenerationPanel } from "./generation-panel.tsx";
import { InsightList } from "./insight-list.tsx";
import classes from "./optimization.module.css";
import { RunProgress } from "./run-progress.tsx";
import { SpendingTable } from "./spending-table.tsx";
import { proofWords } from "./step-words.ts";

export function OptimizationPage({ optimizationId }: { optimizationId: string }) {
  const query = useQuery(optimizationQuery(optimizationId));
  const run = query.data;
  return (
    <Page
      title={run === undefined ? "Optimization" : titleOf(run)}
      lede={run === undefined ? undefined : <Lede run={run} />}
      actions={run === undefined ? undefined : <Actions run={run} />}
    >
      <QueryView query={query} height={560}>
        {(loaded) => <Body run={loaded} />}
      </QueryView>
    </Page>
  );
}

function Actions({ run }: { run: OptimizationDetail }) {
  return (
    <>
      <Button
        component="a"
        href={`/api/v1/optimizations/${run.id}/report?format=html`}
        target="_blank"
        rel="noopener"
        variant="default"
      >
        Report
      </Button>
      {isRunning(run) ? <StopButton run={run} /> : null}
    </>
  );
}

function titleOf(run: OptimizationDetail): string {
  const proof = proofWords(run);
  return proof === null
    ? `Optimization of the ${run.agentType}`
    : `${proof.replace(/^p/, "P")} of the ${run.agentType}`;
}

function Lede({ run }: { run: OptimizationDetail }) {
  return (
    <>
      {run.proves.length === 0 ? (
        "Improves "
      ) : (
        <>
          Measures{" "}
          {run.proves.map(({ id, version }, index) => (
            <span key={id}>
              {index === 0 ? "" : ", "}
              <Link href={`/prompts/${id}`}>{version}</Link>
            </span>
          ))}{" "}
          against{" "}
        </>
      )}
      <Link href={`/prompts/${run.incumbent.id}`}>{run.incumbent.version}</Link>, seed {run.seed},
      started by {run.createdBy} <TimeAgo at={run.createdAt} />
      {run.simulated ? ", simulated model" : ""}
    </>
  );
}

function Body({ run }: { run: OptimizationDetail }) {
  return (
    <>
      <div className={classes.split}>
        <Section title={isRunning(run) ? "Now" : "Outcome"}>
          {isRunning(run) ? <RunProgress run={run} /> : <Outcome run={run} />}
        </Section>
        {run.proves.length > 0 ? null : (
          <Section title="Why runs fail" flush>
            <InsightList insights={run.insights} coach={run.coach} />
          </Section>
        )}
      </div>
      {run.finalists.length === 0 ? null : (
        <Section
          title="Finalists"
          flush
          note="proven beside today’s prompt on sealed rows drawn at random"
        >
          {run.finalists.map((finalist) => (
            <Finalist key={finalist.id} finalist={finalist} />
          ))}
        </Section>
      )}
      {run.proves.length > 0 ? null : (
        <Section
          title="Population by generation"
          note="ranks rest on the search’s own estimates, which flatter the best of many"
        >
          <Stack gap="sm">
            <GenerationPanel generations={run.generationsDone} dropped={run.dropped} />
          </Stack>
        </Section>
      )}
      <Section
        title="Spending"
        flush
        note={run.simulated ? "at simulated prices; nothing is billed" : "as the ledger booked it"}
      >
        <SpendingTable spending={run.spending} />
      </Section>
      <Section title="Log" flush>
        <Log lines={run.log} />
      </Section>
    </>
  );
}

function Outcome({ run }: { run: OptimizationDetail }) {
  const { startedAt, finishedAt } = run;
  return (
    <Stack gap="md">
      <Text>{run.outcome ?? `The optimization ${run.state}.`}</Text>
      {run.failure === null ? null : <Text c="var(--gp-bad)">{run.failure}</Text>}
      <Group gap="xl">
        {run.proves.length > 0 ? null : <Stat label="Generations" value={count(run.generation)} />}
        <Stat
          label="Trials"
          value={count(run.trialsDone)}
          note={`of ${count(run.trialsMax)} calls`}
        />
        <Stat label="Spent" value={usd(run.spentUsd)} note={`of ${usd(run.capUsd)}`} />
        {startedAt === null || finishedAt === null ? null : (
          <Stat label="Took" value={duration(Date.parse(finishedAt) - Date.parse(startedAt))} />
        )}
        {run.proves.length > 0 ? null : (
          <Stat label="Refused by guards" value={count(run.refused.length)} />
        )}
      </Group>
    </Stack>
  );
}

function Finalist({ finalist }: { finalist: PublicExperiment }) {
  const { prompt_id, prompt_version, verdict, status } = finalist;
  if (verdict !== null)
    return (
      <div className={classes.finalist}>
        <Link href={`/review/${prompt_id}`}>{prompt_version}</Link>
        <div>
          <strong>{verdictKindWords[verdict.kind]}.</strong> {verdictReasonWords[verdict.reason]}.
          {verdict.proof === null ? null : (
            <div className={classes.finalistFigures}>
              Success {percent(verdict.baselineSuccess.value)} →{" "}
              {percent(verdict.candidateSuccess.value)} on {count(verdict.proof.rows)} sealed rows:{" "}
              {points(verdict.difference.value)} ({pointsRange(verdict.difference)},{" "}
              {confidence(verdict.level)} interval)
            </div>
          )}
        </div>
      </div>
    );
  return (
    <div className={classes.finalist}>
      <Link href={`/review/${prompt_id}`}>{prompt_version}</Link>
      <span>The proof is {status}.</span>
    </div>
  );
}

function StopButton({ run }: { run: OptimizationDetail }) {
  const queryClient = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const stop = useMutation({
    mutationFn: () => sendJson("POST", `/optimizations/${run.id}/stop`, {}, optimizationSummary),
    onSuccess: () => queryClient.invalidateQueries(),
  });
  if (me === undefined || me.role === "viewer") return null;
  return (
    <Button
      variant="default"
      loading={stop.isPending}
      disabled={run.stopRequested}
      onClick={() => stop.mutate()}
    >
      {run.stopRequested ? "Stopping" : "Stop optimization"}
    </Button>
  );
}

function Log({ lines }: { lines: OptimizationDetail["log"] }) {
  if (lines.length === 0)
    return <EmptyState title="Nothing yet">Each step leaves a line here.</EmptyState>;
  return (
    <ol className={classes.log} reversed>
      {lines.toReversed().map(({ at, generation, step, text }) => (
        <li key={`${at} ${step} ${text}`} className={classes.logLine}>
          <time className={classes.time} dateTime={at}>
            {new Date(at).toLocaleTimeString("en-GB")}
          </time>
          <span className={`${classes.time} ${classes.logGeneration}`}>
            generation {generation}
          </span>
          <span>{text}</span>
        </li>
      ))}
    </ol>
  );
}
