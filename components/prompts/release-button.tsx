import { Alert, Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { z } from "zod";
import { releaseReason } from "#lib/domain/plain-text.ts";
import { type PublicPrompt, publicPrompt } from "#lib/http/shapes/prompt.ts";
import { sendJson } from "../data/api.ts";
import { agentQuery } from "../data/queries.ts";

const released = z.object({ prompt: publicPrompt });

/** Asks for the reason and puts the prompt into production without proof; for administrators, where the setting is on. */
export function ReleaseButton({ prompt }: { prompt: PublicPrompt }) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant="default" size="xs" onClick={open}>
        Release without proof
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={`Release ${prompt.agent_type} ${prompt.version} without proof`}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <ReleaseDialogue prompt={prompt} onClose={close} />
      </Modal>
    </>
  );
}

function ReleaseDialogue({ prompt, onClose }: { prompt: PublicPrompt; onClose: () => void }) {
  const queryClient = useQueryClient();
  const { data: agent } = useQuery(agentQuery(prompt.agent_type));
  const [reason, setReason] = useState("");
  const release = useMutation({
    mutationFn: (prodGeneration: number) =>
      sendJson("POST", `/prompts/${prompt.id}/release`, { reason, prodGeneration }, released),
    onSuccess: async ({ prompt: after }) => {
      await queryClient.invalidateQueries();
      notifications.show({
        message: `${after.agent_type} ${after.version} is in production without proof.`,
      });
      onClose();
    },
  });
  const checked = releaseReason.safeParse(reason);
  const replaced = agent?.prod?.version ?? null;
  return (
    <Stack gap="md">
      <Text>
        {replaced === null ? "Controllers" : `It replaces ${replaced} at once, and controllers`}{" "}
        fetch it from then on. Nothing says that it is better. It is marked as unproven until
        another version replaces it, and the ledger keeps your name and your reason.
      </Text>
      <Textarea
        label="Reason"
        withAsterisk
        placeholder="Why this cannot wait for a proof"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        autosize
        minRows={2}
        maxRows={5}
        maxLength={2_000}
        error={reason !== "" && !checked.success ? "A few words, three at least" : null}
        data-autofocus
      />
      {release.error === null ? null : (
        <Alert color="red" title="Not released" role="alert">
          {release.error.message}
        </Alert>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          loading={release.isPending}
          disabled={!checked.success || agent === undefined}
          onClick={() => release.mutate(agent?.prod?.generation ?? 0)}
        >
          Release without proof
        </Button>
      </Group>
    </Stack>
  );
}
