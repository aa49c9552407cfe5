import type { Clock } from "#lib/clock.ts";
import type { Logger } from "#lib/log.ts";
import { pause } from "#lib/pause.ts";
import { runTraffic, type TrafficPorts } from "#workbench/traffic.ts";

export interface TrafficLoopOptions {
  ports: () => Promise<TrafficPorts>;
  isOn: () => Promise<boolean>;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
}

const pauseMs = 4_000;
const tracesPerRound = 1;

/** Demo traffic: about fifteen runs a minute through the production prompts, as long as the setting is on. */
export async function runDemoTraffic(options: TrafficLoopOptions): Promise<void> {
  const { signal, clock, log } = options;
  let ports: TrafficPorts | null = null;
  while (!signal.aborted) {
    try {
      if (await options.isOn()) {
        ports ??= await options.ports();
        // The clock gives each round a seed of its own: a restart never repeats a trace id.
        const seed = clock.now().getTime();
        await runTraffic(ports, {
          seed,
          from: 0,
          to: tracesPerRound,
          concurrency: 1,
          timeOf: () => clock.now(),
        });
      }
    } catch (error) {
      if (!signal.aborted) log.error({ err: error }, "a round of demo traffic failed");
    }
    await pause(pauseMs, signal);
  }
}
