import { type Logger, pino } from "pino";

export type { Logger };

/** A structured logger to standard error; one line of JSON an event. */
export function createLogger(options: { level: string; name: string }): Logger {
  return pino(
    {
      level: options.level,
      name: options.name,
      redact: ["password", "apiKey", "*.password", "*.apiKey"],
    },
    pino.destination(2),
  );
}
