import { Button, Group, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { type LoopOrderShape, type LoopShape, loopOrder } from "#lib/http/shapes/loop.ts";
import { sendJson } from "../data/api.ts";
import { loopQuery, meQuery } from "../data/queries.ts";
import { TimeAgo } from "../ui/figures.tsx";
import { Section } from "../ui/page.tsx";

/** The agent's loop of generations on Temporal, with its orders; nothing where Temporal is not configured. */
export function LoopPanel({ agentType }: { agentType: string }) {
  const { data: loop } = useQuery(loopQuery(agentType));
  const { data: me } = useQuery(meQuery);
  if (loop === undefined || !loop.configured) return null;
  return (
    <Section
      title="Optimization loop"
      note={loop.cron === null ? "no schedule" : `due at ${loop.cron} (cron, UTC)`}
    >
      <Stack gap="sm">
        <Standing loop={loop} />
        <Waiting orders={loop.orders} />
        {me === undefined || me.role === "viewer" ? null : <Orders loop={loop} />}
      </Stack>
    </Section>
  );
}

function Standing({ loop: { state, unknown } }: { loop: LoopShape }) {
  if (unknown !== null)
    return (
      <Text role="status">
        {unknown} Orders are kept and delivered when Temporal is back; everything else goes on.
      </Text>
    );
  if (state === null) return <Text>No loop runs; the first request starts one.</Text>;
  const { paused, currentOptimizationId, waiting, finished, refused, last } = state;
  return (
    <>
      <Text>
        {paused ? "Paused" : "Running"}. Requests: {waiting} waiting, {finished} finished, {refused}{" "}
        refused.
      </Text>
      {currentOptimizationId === null ? null : (
        <Link href={`/optimizations/${currentOptimizationId}`}>Optimization under way</Link>
      )}
      {last?.reason ? <Text c="dimmed">The last one was refused: {last.reason}</Text> : null}
    </>
  );
}

function Waiting({ orders }: { orders: readonly LoopOrderShape[] }) {
  return orders
    .filter(({ deliveredAt }) => deliveredAt === null)
    .map(({ id, kind, createdAt, waiting }) => (
      <Text key={id} role="status">
        The order “{kind}” waits for Temporal since <TimeAgo at={createdAt} />
        {waiting === null ? "" : `: ${waiting}`}.
      </Text>
    ));
}

function Orders({ loop: { agentType, state } }: { loop: LoopShape }) {
  const queryClient = useQueryClient();
  const order = useMutation({
    mutationFn: (kind: "generation" | "pause" | "resume" | "stop") =>
      sendJson("POST", `/agents/${agentType}/loop`, { kind }, loopOrder),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["agents", agentType, "loop"] }),
    onError: (error) =>
      notifications.show({ color: "red", title: "Not ordered", message: error.message }),
  });
  const paused = state?.paused === true;
  return (
    <Group gap="xs">
      <Button
        size="xs"
        variant="default"
        loading={order.isPending}
        onClick={() => order.mutate("generation")}
      >
        Request generation
      </Button>
      <Button
        size="xs"
        variant="default"
        disabled={order.isPending}
        onClick={() => order.mutate(paused ? "resume" : "pause")}
      >
        {paused ? "Resume loop" : "Pause loop"}
      </Button>
      <Button
        size="xs"
        variant="default"
        disabled={order.isPending || state === null}
        onClick={() => order.mutate("stop")}
      >
        Stop loop
      </Button>
    </Group>
  );
}
