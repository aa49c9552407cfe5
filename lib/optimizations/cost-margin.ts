/** Costs are means of few trials, and prompts grow: what comes may turn out more expensive than what was. */
export const costMargin = 1.25;
