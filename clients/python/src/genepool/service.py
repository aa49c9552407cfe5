"""The prompt service: prompts from memory, kept fresh in the background, with a way out when the registry is away."""

from __future__ import annotations

import os
import random
import threading
import time
import weakref
from pathlib import Path
from typing import Any, Callable, Dict, Mapping, Optional, Set, Tuple, Union

from .bundled import Bundled, Fallback, read_bundled
from .errors import RegistryUnavailable
from .fetch import Fetcher
from .last_known_good import LastKnownGood, default_cache_dir
from .prompt import Prompt, fallback_prompt
from .reporter import RunReporter
from .slot import Flight, Slot
from .transport import Transport

# A call may outlast its flight by this much, so that the flight's own failure is what the caller learns.
_GRACE_SECONDS = 0.1

_DEFAULT = object()
_services: "weakref.WeakSet[PromptService]" = weakref.WeakSet()


class PromptService:
    """
    Serves prompts of one registry. Safe to share between threads; make one per process.

    ``timeout``: seconds any call may take, whatever the server does. ``refresh_seconds``: how often a prompt in use is
    asked for again, in the background. ``stale_after_seconds``: from this age on a call waits for the registry first,
    and what it could not confirm is called "stale". ``cache_dir``: where copies are kept on disk; None for nowhere.
    ``bundled``: prompts to fall back to, as a mapping ``{agent type or "agent type:tag": text or {"content": …}}`` or
    the path of a JSON file with one. Raises ValueError or OSError for settings that cannot work.
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        timeout: float = 1.0,
        refresh_seconds: float = 15.0,
        stale_after_seconds: float = 60.0,
        cache_dir: Union[str, "os.PathLike[str]", object, None] = _DEFAULT,
        bundled: Optional[Bundled] = None,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
        draw: Callable[[], float] = random.random,
        report_options: Optional[Mapping[str, Any]] = None,
    ) -> None:
        transport = Transport(url, key)
        self._timeout = timeout
        self._stale_after = stale_after_seconds
        self._clock = clock
        self._bundled = read_bundled(bundled)
        self._lock = threading.Lock()
        self._slots: Dict[Tuple[str, str], Slot] = {}
        self._airborne: Set[Flight] = set()
        directory = default_cache_dir() if cache_dir is _DEFAULT else cache_dir
        kept = None if directory is None else LastKnownGood(Path(str(directory)), url.rstrip("/"))
        self._fetcher = Fetcher(transport, kept, refresh_seconds, clock, wall_clock, draw)
        self._reporter = RunReporter(transport, draw=draw, **(report_options or {}))
        _services.add(self)

    def get_prompt(self, agent_type: str, tag: str = "prod", *, fallback: Optional[Fallback] = None) -> Prompt:
        """
        The prompt behind a tag, within ``timeout``. Raises PromptNotFound when the registry says that there is no such
        tag and the call gives no ``fallback``; AccessRefused or RegistryUnavailable when there is nothing to serve.
        """
        given = fallback_prompt(fallback, agent_type, tag) if fallback is not None else None
        reserve = given or self._bundled.get(agent_type, tag)
        deadline = time.monotonic() + self._timeout
        with self._lock:
            slot = self._slots.setdefault((agent_type, tag), Slot(agent_type, tag))
            flight = self._take_off(slot, has_reserve=reserve is not None, deadline=deadline)
            must_wait = flight is not None and self._must_wait(slot, reserve)
        if flight is not None and must_wait:
            flight.done.wait(max(0.0, min(deadline, flight.deadline) + _GRACE_SECONDS - time.monotonic()))
        with self._lock:
            self._abandon_late(slot)
            return self._answer(slot, given, reserve)

    def report_run(self, agent_type: str, outcome: str, **run: Any) -> str:
        """
        Notes one run of an agent and returns its id at once; it is sent in the background, in batches. ``outcome`` is
        "success" or "failure". Optional: ``prompt`` (from get_prompt), ``run_id``, ``trace_id``, ``benchmark_id``,
        ``cost_usd``, ``input_tokens``, ``output_tokens``, ``latency_ms``, ``model``, ``simulated``,
        ``error_signature``, ``failure``, ``started_at`` (aware datetime) and ``steps``. Raises TypeError or ValueError
        for what cannot be a run.
        """
        return self._reporter.report(agent_type, outcome, **run)

    def flush(self, timeout: float = 5.0) -> bool:
        """Sends the reported runs now; True when all were handled within ``timeout`` seconds."""
        return self._reporter.flush(timeout)

    def close(self, timeout: float = 2.0) -> bool:
        """Flushes and stops the reporter; prompts can still be asked for. Called at exit by itself."""
        return self._reporter.close(timeout)

    def status(self) -> Dict[str, Any]:
        """Counts and states for a health page: requests, refusals, the circuit, reports, the last error."""
        with self._lock:
            prompts = self._fetcher.status()
        return {**prompts, "reports": self._reporter.status()}

    def wait_idle(self, timeout: float = 5.0) -> bool:
        """Waits until no prompt is being asked for or written to disk; False when that took more than ``timeout``."""
        deadline = time.monotonic() + timeout
        with self._lock:
            flights = list(self._airborne)
        return all(flight.saved.wait(max(0.0, deadline - time.monotonic())) for flight in flights)

    def _take_off(self, slot: Slot, *, has_reserve: bool, deadline: float) -> Optional[Flight]:
        """The flight under way, or a new one where the slot is due; None when memory is fresh or asking is off."""
        self._abandon_late(slot)
        if slot.flight is not None:
            return slot.flight
        now = self._clock()
        has_something = slot.copy is not None or (has_reserve and slot.failures > 0)
        if has_something and now < slot.due:
            return None
        is_admitted = self._fetcher.breaker.admit(now)
        if not is_admitted and slot.is_loaded:
            return None
        flight = Flight(deadline)
        thread = threading.Thread(
            target=self._fly, args=(slot, flight, is_admitted), name="genepool-fetch", daemon=True
        )
        slot.flight = flight
        self._airborne.add(flight)
        try:
            thread.start()
        except RuntimeError as error:
            slot.flight = None
            self._airborne.discard(flight)
            self._fetcher.failed(slot, RegistryUnavailable(f"no thread to ask the registry with: {error}"))
            return None
        return flight

    def _must_wait(self, slot: Slot, reserve: Optional[Prompt]) -> bool:
        """Whoever has something to serve waits only for a server that answered last time."""
        if slot.copy is None:
            return reserve is None or slot.failures == 0
        return slot.failures == 0 and slot.copy.age(self._clock()) > self._stale_after

    def _fly(self, slot: Slot, flight: Flight, is_admitted: bool) -> None:
        def is_current() -> bool:
            return slot.flight is flight

        try:
            try:
                write = self._fetcher.run(self._lock, slot, flight.deadline, is_admitted, is_current)
            finally:
                with self._lock:
                    if is_current():
                        slot.flight = None
                flight.done.set()
            write()
        finally:
            flight.saved.set()
            with self._lock:
                self._airborne.discard(flight)

    def _abandon_late(self, slot: Slot) -> None:
        """A flight can outlast its deadline where nothing can interrupt it: resolving a name, a disk that hangs."""
        flight = slot.flight
        if flight is None or flight.done.is_set():
            return
        if time.monotonic() < flight.deadline + _GRACE_SECONDS / 2:
            return
        slot.flight = None
        self._fetcher.failed(slot, RegistryUnavailable("no answer within the deadline"))

    def _answer(self, slot: Slot, given: Optional[Prompt], reserve: Optional[Prompt]) -> Prompt:
        if slot.missing is not None:
            if given is not None:
                return given
            raise slot.missing.with_traceback(None)
        if slot.copy is not None:
            prompt = slot.copy.served(self._clock(), self._stale_after)
            slot.generation_floor = max(slot.generation_floor, prompt.tag_generation or 0)
            return prompt
        if reserve is not None:
            return reserve
        if slot.error is not None:
            raise slot.error.with_traceback(None)
        raise RegistryUnavailable(
            f'No prompt for "{slot.agent_type}" with tag "{slot.tag}": the registry does not answer.'
        )

    def _after_fork(self) -> None:
        """Threads and whoever held a lock stay in the parent."""
        self._lock = threading.Lock()
        for slot in self._slots.values():
            slot.flight = None
            slot.disk = threading.Lock()
        self._airborne = set()
        self._reporter.after_fork()


def _after_fork_in_child() -> None:
    for service in list(_services):
        service._after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
