/** Differences of the objectives that count: one target of twenty, 5 % of the cost, 10 % of the latency. */
export const margins = { success: 0.05, logCost: Math.log(1.05), logLatency: Math.log(1.1) };
