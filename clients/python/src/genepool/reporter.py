"""Sends reported runs in the background: bounded, in batches, again until they arrive, and once more at exit."""

from __future__ import annotations

import atexit
import threading
import time
import weakref
from collections import deque
from typing import Any, Callable, Deque, Dict, List, Optional

from .run import EncodedRun, encode_run
from .transport import Answer, ExchangeFailed, Transport

_BATCH_RUNS_MAX = 100
_BATCH_BYTES_MAX = 1_048_576
_RUN_BYTES_MAX = 8 * 1_048_576
_EXIT_SECONDS = 2.0


class RunReporter:
    """
    Runs wait in a buffer of ``buffer_runs`` and ``buffer_bytes``; beyond it the oldest are dropped and counted. A batch
    goes out every ``every_seconds`` or when it is full. The registry counts a run once, however often it is sent.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        draw: Callable[[], float],
        buffer_runs: int = 10_000,
        buffer_bytes: int = 32 * 1_048_576,
        every_seconds: float = 1.0,
        timeout: float = 5.0,
        retry_seconds: float = 1.0,
        retry_seconds_max: float = 60.0,
    ) -> None:
        self._transport = transport
        self._draw = draw
        self._buffer_runs = buffer_runs
        self._buffer_bytes = buffer_bytes
        self._every = every_seconds
        self._timeout = timeout
        self._retry_first = retry_seconds
        self._retry_max = retry_seconds_max
        self._changed = threading.Condition()
        self._forget_all()
        # By a weak reference: a service that nobody holds any more must not live until exit.
        held = weakref.ref(self)
        atexit.register(_close_held, held)

    def _forget_all(self) -> None:
        self._waiting: Deque[EncodedRun] = deque()
        self._bytes = 0
        self._in_flight = 0
        self._limit = _BATCH_RUNS_MAX
        self._thread: Optional[threading.Thread] = None
        self._hurries = 0
        self._is_closed = False
        self._failures = 0
        self._retry_at = 0.0
        self._sent = self._dropped = self._rejected = 0
        self._last_error: Optional[str] = None

    def report(self, agent_type: str, outcome: str, **run: Any) -> str:
        """Buffers a run and answers with its id."""
        encoded = encode_run(agent_type, outcome, **run)
        with self._changed:
            if len(encoded.data) > min(_RUN_BYTES_MAX, self._buffer_bytes):
                self._dropped += 1
                self._last_error = f"a run of {len(encoded.data)} bytes is too large to be sent"
                return encoded.run_id
            self._waiting.append(encoded)
            self._bytes += len(encoded.data)
            while len(self._waiting) > self._buffer_runs or self._bytes > self._buffer_bytes:
                self._bytes -= len(self._waiting.popleft().data)
                self._dropped += 1
            if self._thread is None and not self._is_closed:
                self._start()
            elif len(self._waiting) >= self._limit:
                self._changed.notify_all()
        return encoded.run_id

    def _start(self) -> None:
        """Without a thread, at their limit or while Python exits, runs wait for the next report to try again."""
        thread = threading.Thread(target=self._work, name="genepool-report", daemon=True)
        try:
            thread.start()
            self._thread = thread
        except RuntimeError as error:
            self._last_error = f"no thread to send runs with: {error}"

    def flush(self, timeout: float) -> bool:
        """Sends without waiting for a full batch; True when nothing is left within ``timeout`` seconds."""
        with self._changed:
            self._hurries += 1
            self._retry_at = 0.0
            self._changed.notify_all()
            try:
                return self._changed.wait_for(lambda: not self._waiting and self._in_flight == 0, timeout)
            finally:
                self._hurries -= 1

    def close(self, timeout: float) -> bool:
        """Flushes; then the thread ends, and what is reported later is only counted as waiting."""
        is_empty = self.flush(timeout)
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        return is_empty

    def status(self) -> Dict[str, Any]:
        """waiting, sent, dropped (buffer full or run too large), rejected (the registry refused it), last_error."""
        with self._changed:
            return {
                "waiting": len(self._waiting) + self._in_flight,
                "sent": self._sent,
                "dropped": self._dropped,
                "rejected": self._rejected,
                "last_error": self._last_error,
            }

    def after_fork(self) -> None:
        """The parent sends what it buffered; a child begins anew."""
        self._changed = threading.Condition()
        self._forget_all()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._is_closed or bool(self._waiting))
                if self._is_closed:
                    return
                began = time.monotonic()
                while not self._is_closed and self._pause(began) > 0:
                    self._changed.wait(self._pause(began))
                if self._is_closed:
                    return
                batch = self._take()
            if batch:
                self._handle(batch, self._send(batch))

    def _pause(self, began: float) -> float:
        """Seconds until the next batch goes out: it fills up, unless somebody hurries or it is full."""
        is_worth_it = self._hurries > 0 or len(self._waiting) >= self._limit
        goes_at = began if is_worth_it else began + self._every
        return max(goes_at, self._retry_at) - time.monotonic()

    def _take(self) -> List[EncodedRun]:
        batch: List[EncodedRun] = []
        size = 0
        while self._waiting and len(batch) < self._limit:
            size += len(self._waiting[0].data)
            if batch and size > _BATCH_BYTES_MAX:
                break
            batch.append(self._waiting.popleft())
        self._bytes -= sum(len(run.data) for run in batch)
        self._in_flight = len(batch)
        return batch

    def _send(self, batch: List[EncodedRun]) -> Optional[Answer]:
        body = b'{"runs":[' + b",".join(run.data for run in batch) + b"]}"
        try:
            return self._transport.exchange(
                "POST",
                "/api/v1/runs",
                deadline=time.monotonic() + self._timeout,
                headers={"content-type": "application/json"},
                body=body,
            )
        except ExchangeFailed as failure:
            with self._changed:
                self._last_error = f"The registry did not take the runs: {failure}."
            return None

    def _handle(self, batch: List[EncodedRun], answer: Optional[Answer]) -> None:
        with self._changed:
            self._in_flight = 0
            if answer is not None and 200 <= answer.status < 300:
                self._sent += len(batch)
                self._failures = 0
                self._limit = min(_BATCH_RUNS_MAX, self._limit * 2)
            elif answer is not None and answer.status in (400, 413, 422):
                self._divide(batch, answer)
            else:
                self._put_back(batch)
                self._wait_longer(answer)
            self._changed.notify_all()

    def _divide(self, batch: List[EncodedRun], answer: Answer) -> None:
        """One bad run refuses its whole batch: halves find it, and it alone is lost."""
        text = answer.body[:500].decode("utf-8", "replace")
        self._last_error = f"The registry answered {answer.status}: {text}"
        if len(batch) == 1:
            self._rejected += 1
            return
        self._put_back(batch)
        self._limit = (len(batch) + 1) // 2

    def _put_back(self, batch: List[EncodedRun]) -> None:
        self._waiting.extendleft(reversed(batch))
        self._bytes += sum(len(run.data) for run in batch)
        while len(self._waiting) > self._buffer_runs or self._bytes > self._buffer_bytes:
            self._bytes -= len(self._waiting.popleft().data)
            self._dropped += 1

    def _wait_longer(self, answer: Optional[Answer]) -> None:
        self._failures += 1
        pause = self._retry_first * 2.0 ** min(self._failures - 1, 10)
        if answer is not None:
            self._last_error = f"The registry answered {answer.status}."
            if answer.retry_after is not None and answer.retry_after.isdigit():
                pause = max(pause, float(answer.retry_after))
        self._retry_at = time.monotonic() + min(pause, self._retry_max) * (0.8 + 0.2 * self._draw())


def _close_held(held: "weakref.ref[RunReporter]") -> None:
    reporter = held()
    if reporter is not None:
        reporter.close(_EXIT_SECONDS)
