/** What the product is compared with: searches over prompts that see nothing but edits and counted trials. */

/** A prompt to improve, its benchmarks, and the only ways to learn about it. */
export interface Task<Prompt> {
  seed: number;
  start: Prompt;
  /** Trials that the whole search may use. */
  budget: number;
  /** Benchmarks that prompts are measured on. */
  ids: readonly string[];
  /** Equal for equal prompts. */
  keyOf(prompt: Prompt): string;
  /** Whether the budget holds a run of the prompt on each of these; one that was made before and would repeat itself costs nothing. */
  fits(prompt: Prompt, ids: readonly string[]): boolean;
  /** Runs the prompt once on each benchmark, in a repeat that it has not had where repeats differ. */
  passes(prompt: Prompt, ids: readonly string[]): Promise<boolean[]>;
  /** A child by one edit, made against the failures in the parent's last runs; null when none could be made. */
  edit(parent: Prompt, step: number): Promise<Prompt | null>;
  /** A child with instructions of both. */
  cross(mother: Prompt, father: Prompt, step: number): Promise<Prompt>;
}

/** A search; answers the prompt that it would hand over. */
export interface Method {
  name: string;
  run<Prompt>(task: Task<Prompt>): Promise<Prompt>;
}

/** A step may cost no trial, when its child is refused or known: without a bound a small world could go on for ever. */
export const stepsMax = 2_000;

export function share(passes: readonly boolean[]): number {
  return passes.filter(Boolean).length / Math.max(1, passes.length);
}
