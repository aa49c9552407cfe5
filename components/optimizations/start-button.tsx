import { Button, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { meQuery } from "../data/queries.ts";
import { StartDialogue } from "./start-dialogue.tsx";

/** Opens the dialogue that says what an optimization would take, and starts it; viewers do not see it. */
export function StartButton({
  agentType,
  variant = "default",
}: {
  agentType: string;
  variant?: "default" | "filled";
}) {
  const [opened, { open, close }] = useDisclosure(false);
  const { data: me } = useQuery(meQuery);
  if (me === undefined || me.role === "viewer") return null;
  return (
    <>
      <Button variant={variant} size="xs" onClick={open}>
        Start optimization
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        size="xl"
        title={`Start an optimization of the ${agentType}`}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <StartDialogue agentType={agentType} onCancel={close} />
      </Modal>
    </>
  );
}
