import { Text } from "@mantine/core";
import type { PayBackShape } from "#lib/http/shapes/pay-back.ts";
import { count, usd } from "../ui/format.ts";

/** When adopting a candidate has paid for the search that found it, and what one more success costs. */
export function PayBackLine({ payBack }: { payBack: PayBackShape }) {
  const { searchUsd, callsToPayBack: calls, usdPerExtraSuccess: extra, horizonCalls } = payBack;
  const back =
    calls.value === null
      ? `The search cost ${usd(searchUsd)}, which the candidate never pays back: it is not cheaper.`
      : `It pays the ${usd(searchUsd)} of its search back after ${count(calls.value)} calls (${end(calls.low, count)} to ${end(calls.high, count)}).`;
  const gain =
    extra.value === null
      ? ""
      : ` Over ${count(horizonCalls)} calls, one more success costs ${usd(extra.value)} (${extra.low === null ? "no bound" : usd(extra.low)} to ${extra.high === null ? "no bound" : usd(extra.high)}).`;
  return (
    <Text size="sm" c="var(--gp-text-dim)" mt="md" maw="68ch">
      {back}
      {gain}
    </Text>
  );
}

function end(value: number | null, show: (value: number) => string): string {
  return value === null ? "never" : show(value);
}
