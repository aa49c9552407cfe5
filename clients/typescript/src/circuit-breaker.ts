const failuresMax = 3;
const pauseFirstMs = 5_000;
const pauseMaxMs = 30_000;

/**
 * Stops asking a server that keeps failing: after a pause one request probes it, and a success closes the circuit. Times
 * are milliseconds of a monotonic clock.
 */
export class CircuitBreaker {
  readonly #draw: () => number;
  #failures = 0;
  #pauseMs = pauseFirstMs;
  #probeAt = 0;

  constructor(draw: () => number) {
    this.#draw = draw;
  }

  get isOpen(): boolean {
    return this.#failures >= failuresMax;
  }

  /** Whether a request may be made now. While open, one probe is admitted per pause. */
  admit(now: number): boolean {
    if (!this.isOpen) return true;
    if (now < this.#probeAt) return false;
    this.#probeAt = now + this.#pauseMs;
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#pauseMs = pauseFirstMs;
  }

  failed(now: number): void {
    const wasOpen = this.isOpen;
    this.#failures += 1;
    if (!this.isOpen) return;
    if (wasOpen) this.#pauseMs = Math.min(this.#pauseMs * 2, pauseMaxMs);
    // Jitter, so that a fleet does not probe a server that comes back all at once.
    this.#probeAt = now + this.#pauseMs * (0.8 + 0.4 * this.#draw());
  }
}
