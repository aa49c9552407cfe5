"""Stops asking a server that keeps failing: after a pause one request probes it, and a success closes the circuit."""

from __future__ import annotations

from typing import Callable


class CircuitBreaker:
    """Not thread-safe: its owner holds a lock. Times are seconds of a monotonic clock."""

    def __init__(
        self,
        draw: Callable[[], float],
        *,
        failures_max: int = 3,
        pause_seconds: float = 5.0,
        pause_seconds_max: float = 30.0,
    ) -> None:
        self._draw = draw
        self._failures_max = failures_max
        self._pause_first = pause_seconds
        self._pause_max = pause_seconds_max
        self._pause = pause_seconds
        self._failures = 0
        self._closed_until_probe = 0.0

    @property
    def is_open(self) -> bool:
        return self._failures >= self._failures_max

    def admit(self, now: float) -> bool:
        """Whether a request may be made now. While open, one probe is admitted per pause."""
        if not self.is_open:
            return True
        if now < self._closed_until_probe:
            return False
        self._closed_until_probe = now + self._pause
        return True

    def succeeded(self) -> None:
        self._failures = 0
        self._pause = self._pause_first

    def failed(self, now: float) -> None:
        was_open = self.is_open
        self._failures += 1
        if not self.is_open:
            return
        if was_open:
            self._pause = min(self._pause * 2, self._pause_max)
        # Jitter, so that a fleet does not probe a server that comes back all at once.
        self._closed_until_probe = now + self._pause * (0.8 + 0.4 * self._draw())
