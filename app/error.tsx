"use client";

import { Button } from "@mantine/core";
import { Page } from "#components/ui/page.tsx";

export default function ErrorPage({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <main>
      <Page
        title="This page failed"
        lede={
          error.digest === undefined
            ? "The server's log says why."
            : `The server's log says why, beside the digest ${error.digest}.`
        }
      >
        <div>
          <Button variant="default" onClick={reset}>
            Try again
          </Button>
        </div>
      </Page>
    </main>
  );
}
