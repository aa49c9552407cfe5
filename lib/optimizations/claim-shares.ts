/**
 * Part of a proof's alpha that the claim of a gain gets; the rest is for lower cost. A prompt that is no better can be
 * handed over wrongly by either claim, and that a prompt is cheaper shows on few rows.
 */
export const gainShare = 0.8;
