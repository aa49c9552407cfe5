import { Button, Code, Skeleton, Text } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ApiError } from "../data/api.ts";
import classes from "./states.module.css";

export interface EmptyStateProps {
  title: string;
  /** What would stand here, and how it comes to. */
  children: ReactNode;
  action?: ReactNode;
}

export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <div className={classes.state}>
      <Text fw={600}>{title}</Text>
      <Text className={classes.detail}>{children}</Text>
      {action}
    </div>
  );
}

export function ErrorState({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  const api = error instanceof ApiError ? error : null;
  return (
    <div className={classes.state} role="alert">
      <Text fw={600}>{titleOf(api)}</Text>
      <Text>{api === null ? "The answer was not what this page understands." : api.message}</Text>
      {api?.requestId === null || api === null ? null : (
        <Text className={classes.detail}>
          Request id <Code>{api.requestId}</Code>
        </Text>
      )}
      {onRetry === undefined || api?.code === "forbidden" ? null : (
        <Button variant="default" size="xs" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

function titleOf(error: ApiError | null): string {
  if (error?.code === "not-found") return "Not found";
  if (error?.code === "forbidden") return "Not yours to see";
  return "This could not be loaded";
}

export interface QueryViewProps<Data> {
  query: UseQueryResult<Data, Error>;
  /** Height of the skeleton in px. */
  height?: number;
  children: (data: Data) => ReactNode;
}

/** A query's states: skeleton, failure, and data; data stay while a refresh fails, with a note. */
export function QueryView<Data>({ query, height = 160, children }: QueryViewProps<Data>) {
  const { data, error, refetch } = query;
  const retry = () => {
    void refetch();
  };
  if (data === undefined) {
    if (error !== null) return <ErrorState error={error} onRetry={retry} />;
    return (
      <div role="status" aria-label="Loading">
        <Skeleton height={height} radius="sm" />
      </div>
    );
  }
  return (
    <>
      {error === null ? null : (
        <div className={classes.stale} role="status">
          Not refreshed: {error.message} What you see is from{" "}
          {new Date(query.dataUpdatedAt).toLocaleTimeString()}.
        </div>
      )}
      {children(data)}
    </>
  );
}
