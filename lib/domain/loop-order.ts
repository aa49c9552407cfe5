import { z } from "zod";

/** What can be asked of the loop of generations of an agent type. */
export const loopOrderKinds = [
  "generation",
  "pause",
  "resume",
  "stop",
  "schedule",
  "unschedule",
] as const;
export type LoopOrderKind = (typeof loopOrderKinds)[number];

const months = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
const weekdays = "SUN MON TUE WED THU FRI SAT".split(" ");

/** By field: lowest and highest number, and names for the first ones. */
const cronFields: readonly { low: number; high: number; names: readonly string[] }[] = [
  { low: 0, high: 59, names: [] },
  { low: 0, high: 23, names: [] },
  { low: 1, high: 31, names: [] },
  { low: 1, high: 12, names: months },
  { low: 0, high: 7, names: weekdays },
];

function isCron(text: string): boolean {
  const parts = text.split(" ");
  return (
    parts.length === cronFields.length &&
    cronFields.every((field, index) =>
      (parts[index] ?? "").split(",").every((part) => {
        const [, from, to, step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d{1,3}))?$/.exec(part) ?? [];
        if (from === undefined || Number(step ?? 1) < 1) return false;
        if (from === "*") return to === undefined;
        const [first, last] = [numberOf(from, field), numberOf(to ?? from, field)];
        return first >= field.low && first <= last && last <= field.high;
      }),
    )
  );
}

/** Not a number for what is neither a number nor a name of the field. */
function numberOf(word: string, { low, names }: { low: number; names: readonly string[] }): number {
  const named = names.indexOf(word.toUpperCase());
  if (named >= 0) return named + low;
  return /^\d{1,2}$/.test(word) ? Number(word) : Number.NaN;
}

/** When in UTC, as cron has it. */
export const cronText = z.string().max(100).refine(isCron, {
  message: "must be five fields as cron has them: minute, hour, day, month and weekday",
});

/** One order; a schedule names its times, the others have none. */
export const loopOrderRequest = z
  .strictObject({
    kind: z.enum(loopOrderKinds),
    cron: cronText.optional(),
  })
  .refine(({ kind, cron }) => (kind === "schedule") === (cron !== undefined), {
    path: ["cron"],
    message: "goes with the order schedule, and that order needs it",
  });
export type LoopOrderRequest = z.infer<typeof loopOrderRequest>;
