import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { optimizationSummary } from "#lib/http/shapes/optimization.ts";
import { sendJson } from "../data/api.ts";
import { meQuery } from "../data/queries.ts";

/** Queues an optimization with the default settings and opens its page; viewers do not see it. */
export function StartButton({
  agentType,
  variant = "default",
}: {
  agentType: string;
  variant?: "default" | "filled";
}) {
  const router = useRouter();
  const queryClient = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const start = useMutation({
    mutationFn: () => sendJson("POST", "/optimizations", { agentType }, optimizationSummary),
    onSuccess: async (run) => {
      await queryClient.invalidateQueries();
      router.push(`/optimizations/${run.id}`);
    },
    onError: (error) =>
      notifications.show({ color: "red", title: "Not started", message: error.message }),
  });
  if (me === undefined || me.role === "viewer") return null;
  return (
    <Button variant={variant} size="xs" loading={start.isPending} onClick={() => start.mutate()}>
      Start optimization
    </Button>
  );
}
