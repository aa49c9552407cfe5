"use client";

import { Alert, Button, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { z } from "zod";
import { publicPrompt } from "#lib/http/shapes/prompt.ts";
import type { ReviewPacket } from "#lib/http/shapes/review.ts";
import { ApiError, sendJson } from "../data/api.ts";
import { meQuery } from "../data/queries.ts";
import classes from "./review.module.css";

const decided = z.object({ prompt: publicPrompt });
const reasonMin = 3;

/** Approve or reject, with a reason; stays in view. The decision names the evidence and the prod it was taken on. */
export function DecisionBar({ packet }: { packet: ReviewPacket }) {
  const { prompt, evidenceDigest, prodGeneration, blocked } = packet;
  const queryClient = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const [reason, setReason] = useState("");
  const decide = useMutation({
    mutationFn: (decision: "approve" | "reject") =>
      sendJson(
        "POST",
        `/prompts/${prompt.id}/${decision}`,
        { reason, evidenceDigest, prodGeneration },
        decided,
      ),
    onSuccess: async ({ prompt: after }) => {
      await queryClient.invalidateQueries();
      notifications.show({
        message:
          after.status === "production"
            ? `${after.agent_type} ${after.version} is in production.`
            : `${after.agent_type} ${after.version} is rejected and archived.`,
      });
    },
  });
  const lookAgain = async () => {
    await queryClient.invalidateQueries();
    decide.reset();
  };
  if (me === undefined) return null;
  if (me.role !== "admin") {
    return (
      <div className={classes.bar} role="note">
        An administrator can approve or reject this candidate.
      </div>
    );
  }
  const ready = reason.trim().length >= reasonMin && !decide.isPending;
  return (
    <section className={classes.bar} aria-label="Decision">
      <Refusal error={decide.error} onLookAgain={() => void lookAgain()} />
      {blocked === null ? null : (
        <Alert color="yellow" variant="light" p="xs">
          Cannot be approved: {blocked}
        </Alert>
      )}
      <div className={classes.barRow}>
        <Textarea
          label="Reason"
          withAsterisk
          placeholder="Kept with the decision, for whoever asks later"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          autosize
          minRows={1}
          maxRows={4}
          maxLength={2_000}
        />
        <div className={classes.buttons}>
          <Button variant="default" disabled={!ready} onClick={() => decide.mutate("reject")}>
            Reject candidate
          </Button>
          <Button
            disabled={!ready || blocked !== null}
            loading={decide.isPending && decide.variables === "approve"}
            onClick={() => decide.mutate("approve")}
          >
            Approve candidate
          </Button>
        </div>
      </div>
    </section>
  );
}

function Refusal({ error, onLookAgain }: { error: Error | null; onLookAgain: () => void }) {
  if (error === null) return null;
  const conflict = error instanceof ApiError && error.code === "conflict";
  return (
    <Alert
      color={conflict ? "yellow" : "red"}
      variant="light"
      role="alert"
      title={conflict ? "Something changed while you read" : "Not decided"}
    >
      {error.message}{" "}
      {conflict ? (
        <Button variant="default" size="compact-xs" onClick={onLookAgain}>
          Look again
        </Button>
      ) : null}
    </Alert>
  );
}
