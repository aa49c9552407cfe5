"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { OptimizationSummary } from "#lib/http/shapes/optimization.ts";
import { isRunning, optimizationsQuery } from "../data/queries.ts";
import { TimeAgo } from "../ui/figures.tsx";
import { count, usd } from "../ui/format.ts";
import { Page, Section } from "../ui/page.tsx";
import { EmptyState, QueryView } from "../ui/states.tsx";
import table from "../ui/table.module.css";
import { proofWords, stepWords } from "./step-words.ts";

export function OptimizationsPage() {
  const query = useQuery(optimizationsQuery);
  return (
    <Page
      title="Optimizations"
      lede="Each finds out why an agent fails, evolves its prompt and proves what it found, or proves a prompt that a person wrote."
    >
      <QueryView query={query} height={240}>
        {({ items }) => (
          <Section title="Newest first" flush>
            {items.length === 0 ? (
              <EmptyState title="None so far">
                Start one on an agent&rsquo;s page. When an agent falls under its threshold, the
                observer starts one or suggests it, as the settings say.
              </EmptyState>
            ) : (
              <List items={items} />
            )}
          </Section>
        )}
      </QueryView>
    </Page>
  );
}

function List({ items }: { items: readonly OptimizationSummary[] }) {
  return (
    <table className={table.table}>
      <thead>
        <tr>
          <th scope="col">Agent</th>
          <th scope="col">State</th>
          <th scope="col" className={table.number}>
            Generation
          </th>
          <th scope="col" className={table.number}>
            Trials
          </th>
          <th scope="col" className={table.number}>
            Spent
          </th>
          <th scope="col">Started by</th>
          <th scope="col">When</th>
        </tr>
      </thead>
      <tbody>
        {items.map((run) => (
          <tr key={run.id}>
            <td className={table.nowrap}>
              <Link href={`/optimizations/${run.id}`}>
                {run.agentType} {run.incumbent.version}
              </Link>
            </td>
            <td>{isRunning(run) ? stepWords(run) : (run.outcome ?? run.state)}</td>
            <td className={table.number}>{proofWords(run) ?? count(run.generation)}</td>
            <td className={table.number}>{count(run.trialsDone)}</td>
            <td className={table.number}>{usd(run.spentUsd)}</td>
            <td className={table.nowrap}>{run.createdBy}</td>
            <td className={table.nowrap}>
              <TimeAgo at={run.createdAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
