/** The three simulated models: what they cost, how fast they are and how well they remember. */
export const simulatedModelNames = ["standard", "small", "large"] as const;
export type SimulatedModelName = (typeof simulatedModelNames)[number];

interface SimulatedPrice {
  inputUsdPerMTok: number;
  outputUsdPerMTok: number;
}

/** USD per million tokens, in the range of hosted models of three sizes. */
export const simulatedPrices: Readonly<Record<SimulatedModelName, SimulatedPrice>> = {
  small: { inputUsdPerMTok: 0.08, outputUsdPerMTok: 0.32 },
  standard: { inputUsdPerMTok: 0.25, outputUsdPerMTok: 1 },
  large: { inputUsdPerMTok: 1.25, outputUsdPerMTok: 5 },
};

export interface Ability {
  /** Probability to remember a plain instruction of a short prompt, 0..1. */
  recall: number;
  /** Tokens of prompt at which that probability has fallen to 1/e; it falls as exp(−(tokens / span)²). */
  span: number;
  /** Habits that nobody asked for are shown with this probability times their own, 0..1. */
  instinct: number;
  /** Probability to answer a plain question well, 0..1. */
  judgement: number;
  latencyBaseMs: number;
  latencyPerInputTokenMs: number;
  latencyPerOutputTokenMs: number;
}

export const abilities: Readonly<Record<SimulatedModelName, Ability>> = {
  small: {
    recall: 0.92,
    span: 1_700,
    instinct: 0.8,
    judgement: 0.62,
    latencyBaseMs: 180,
    latencyPerInputTokenMs: 0.05,
    latencyPerOutputTokenMs: 7,
  },
  standard: {
    recall: 0.995,
    span: 2_500,
    instinct: 1,
    judgement: 0.72,
    latencyBaseMs: 350,
    latencyPerInputTokenMs: 0.1,
    latencyPerOutputTokenMs: 14,
  },
  large: {
    recall: 0.999,
    span: 5_000,
    instinct: 1.15,
    judgement: 0.84,
    latencyBaseMs: 600,
    latencyPerInputTokenMs: 0.2,
    latencyPerOutputTokenMs: 26,
  },
};
