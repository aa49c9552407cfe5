import { type Command, Option } from "commander";
import { requireAgentType } from "#lib/db/agent-types.ts";
import { loopOrderKinds, loopOrderRequest } from "#lib/domain/loop-order.ts";
import { env } from "#lib/env.ts";
import { AppError } from "#lib/errors.ts";
import type { LoopShape } from "#lib/http/shapes/loop.ts";
import { loopOrderShape, loopView } from "#lib/http/views/loop-view.ts";
import { orderLoop } from "#lib/optimizations/order-loop.ts";
import { parseInput } from "#lib/parse-input.ts";
import { lazyTemporal } from "#lib/temporal/connection.ts";
import { temporalSettings } from "#lib/temporal/settings.ts";
import { withDatabase } from "../database.ts";
import { printJson, printTable } from "../output.ts";

interface LoopOptions {
  order?: string;
  cron?: string;
  json?: boolean;
}

/** `genepool loop <agent>`: what the loop of generations is at, and orders to it. */
export function addLoopCommand(program: Command): void {
  program
    .command("loop <agent>")
    .description("show the loop of generations of an agent on Temporal, or order something of it")
    .addOption(new Option("--order <kind>", "what to order").choices([...loopOrderKinds]))
    .option("--cron <times>", "with --order schedule: five fields as cron has them, in UTC")
    .option("--json", "machine-readable output")
    .addHelpText(
      "after",
      `
An order is kept in the database until the optimizer has delivered it.

Examples:
  genepool loop engineer
  genepool loop engineer --order generation
  genepool loop engineer --order schedule --cron "0 3 * * MON-FRI"`,
    )
    .action(loop);
}

async function loop(agent: string, { order, cron, json }: LoopOptions): Promise<void> {
  const settings = temporalSettings(env());
  if (settings === null)
    throw new AppError("conflict", "Loops of generations run on Temporal: set TEMPORAL_ADDRESS.");
  await withDatabase(async (db) => {
    const { name } = await requireAgentType(db, agent);
    if (order !== undefined || cron !== undefined) {
      const request = parseInput(loopOrderRequest, { kind: order, cron }, "The order is");
      const by = { agentType: name, requestedBy: "command line" };
      const { order: written } = await orderLoop(db, { ...request, ...by });
      if (json) return printJson(loopOrderShape(written));
      process.stdout.write(`Ordered (${written.id}); the optimizer delivers it.\n`);
      return;
    }
    const temporal = lazyTemporal(settings);
    try {
      const view = await loopView(db, temporal.client, name);
      if (json) printJson(view);
      else print(view);
    } finally {
      await temporal.close();
    }
  });
}

function print({ agentType, state, unknown, cron, orders }: LoopShape): void {
  const words =
    state === null
      ? (unknown ?? "no loop runs")
      : `${state.paused ? "paused" : "running"}, ${state.waiting} wishes wait, ${state.finished} finished, ${state.refused} refused`;
  const now = state?.currentOptimizationId;
  process.stdout.write(`${agentType}: ${words}${now ? `, under way: ${now}` : ""}\n`);
  process.stdout.write(`Schedule: ${cron === null ? "none" : `${cron} (UTC)`}\n`);
  printTable(
    ["order", "by", "at", "state"],
    orders.map((order) => [
      order.kind,
      order.requestedBy,
      order.createdAt,
      order.refusal ?? (order.deliveredAt === null ? `waits ${order.waiting ?? ""}` : "delivered"),
    ]),
  );
}
