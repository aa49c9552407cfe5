import { Button, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import type { PromptRef } from "#lib/http/shapes/prompt.ts";
import { meQuery } from "../data/queries.ts";
import { StartDialogue } from "./start-dialogue.tsx";

interface OpenButtonProps {
  agentType: string;
  proves: readonly PromptRef[];
  variant: "default" | "filled";
  label: string;
  title: string;
}

const none: readonly PromptRef[] = [];

/** Opens the dialogue that says what an optimization would take, and starts it; viewers do not see it. */
export function StartButton({
  agentType,
  variant = "default",
}: {
  agentType: string;
  variant?: "default" | "filled";
}) {
  return (
    <OpenButton
      agentType={agentType}
      proves={none}
      variant={variant}
      label="Start optimization"
      title={`Start an optimization of the ${agentType}`}
    />
  );
}

/** Opens the same dialogue for prompts that go to the proof without a search. */
export function ProveButton({
  agentType,
  proves,
  against,
}: {
  agentType: string;
  proves: readonly PromptRef[];
  /** The version in production. */
  against: string;
}) {
  const what = proves.length === 1 ? proves[0]?.version : `${proves.length} prompts`;
  return (
    <OpenButton
      agentType={agentType}
      proves={proves}
      variant="default"
      label={`Prove ${what} against ${against}`}
      title={`Prove ${proves.map(({ version }) => version).join(", ")} against ${against}`}
    />
  );
}

function OpenButton({ agentType, proves, variant, label, title }: OpenButtonProps) {
  const [opened, { open, close }] = useDisclosure(false);
  const { data: me } = useQuery(meQuery);
  if (me === undefined || me.role === "viewer") return null;
  return (
    <>
      <Button variant={variant} size="xs" onClick={open}>
        {label}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        size="xl"
        title={title}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <StartDialogue agentType={agentType} proves={proves} onCancel={close} />
      </Modal>
    </>
  );
}
