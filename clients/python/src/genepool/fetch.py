"""One attempt to learn about a slot: the disk first, then the registry, then what follows from its answer."""

from __future__ import annotations

import dataclasses
import json
import threading
from typing import Any, Callable, Dict, NamedTuple, Optional, Union
from urllib.parse import quote

from .breaker import CircuitBreaker
from .errors import AccessRefused, GenepoolError, PromptNotFound, RegistryUnavailable
from .last_known_good import LastKnownGood
from .prompt import InvalidPrompt, Prompt, parse_prompt
from .slot import Copy, Slot
from .transport import Answer, ExchangeFailed, Transport

_BODY_BYTES_MAX = 1_048_576
# A file that says again what it said is rewritten this seldom, so that its age stays a useful figure.
_RESAVE_SECONDS = 300.0


class _Fetched(NamedTuple):
    #: None where the registry confirmed the copy in memory.
    prompt: Optional[Prompt]
    body: str
    etag: Optional[str]


class Fetcher:
    """Its state is guarded by the service's lock, which is never held during input or output."""

    def __init__(
        self,
        transport: Transport,
        kept: Optional[LastKnownGood],
        refresh_seconds: float,
        clock: Callable[[], float],
        wall_clock: Callable[[], float],
        draw: Callable[[], float],
    ) -> None:
        self._transport = transport
        self._kept = kept
        self._refresh = refresh_seconds
        self._clock = clock
        self._wall_clock = wall_clock
        self._draw = draw
        self.breaker = CircuitBreaker(draw)
        self._requests = 0
        self._generations_refused = 0
        self._last_error: Optional[str] = None
        self._disk_error: Optional[str] = None

    def run(
        self,
        lock: threading.Lock,
        slot: Slot,
        deadline: float,
        is_admitted: bool,
        is_current: Callable[[], bool],
    ) -> Callable[[], None]:
        """
        Updates the slot, unless it was given up meanwhile. Answers with what is left to write to the disk, for
        after the waiting callers were let go. Raises nothing: a failure is part of the slot's state.
        """
        self._load(lock, slot, is_current)
        if not is_admitted:
            return _nothing
        with lock:
            self._requests += 1
            etag = None if slot.copy is None else slot.copy.etag
        fetched = self._ask(slot, etag, deadline)
        with lock:
            if not is_current():
                return _nothing
            if isinstance(fetched, GenepoolError):
                self.failed(slot, fetched)
                return self._forgetting(slot) if isinstance(fetched, PromptNotFound) else _nothing
            return self._succeeded(lock, slot, fetched)

    def failed(self, slot: Slot, error: GenepoolError) -> None:
        """Notes a failure and when to try again; the caller holds the lock."""
        now = self._clock()
        slot.error = error
        slot.failures += 1
        self._last_error = str(error)
        pause = min(self._refresh, 2.0 ** min(slot.failures - 1, 10))
        slot.due = now + pause * self._jitter()
        if isinstance(error, RegistryUnavailable):
            self.breaker.failed(now)
            return
        self.breaker.succeeded()
        if isinstance(error, PromptNotFound):
            # The registry knows better than any copy; a tag that is made again may count from 1.
            slot.copy = None
            slot.generation_floor = 0

    def status(self) -> Dict[str, Any]:
        """The caller holds the lock."""
        return {
            "requests": self._requests,
            "circuit": "open" if self.breaker.is_open else "closed",
            "generations_refused": self._generations_refused,
            "last_error": self._last_error,
            "disk_error": self._disk_error,
        }

    def _ask(self, slot: Slot, etag: Optional[str], deadline: float) -> Union[_Fetched, GenepoolError]:
        agent_type, tag = quote(slot.agent_type, safe=""), quote(slot.tag, safe="")
        path = f"/api/v1/agents/{agent_type}/prompt?tag={tag}"
        headers = {} if etag is None else {"if-none-match": etag}
        try:
            answer = self._transport.exchange(
                "GET", path, deadline=deadline, headers=headers, body_bytes_max=_BODY_BYTES_MAX
            )
            if answer.status == 304 and etag is not None:
                return _Fetched(None, "", etag)
            if answer.status != 200:
                return _refusal(answer, slot)
            body = answer.body.decode("utf-8")
            return _Fetched(parse_prompt(body, slot.agent_type, slot.tag), body, answer.etag)
        except (ExchangeFailed, InvalidPrompt, UnicodeDecodeError) as failure:
            return RegistryUnavailable(f"The registry gave no usable answer: {failure}.")

    def _succeeded(self, lock: threading.Lock, slot: Slot, fetched: _Fetched) -> Callable[[], None]:
        now = self._clock()
        self.breaker.succeeded()
        if fetched.prompt is not None and not self._is_newer(slot, fetched.prompt):
            self._generations_refused += 1
            slot.due = now + self._refresh * self._jitter()
            return _nothing
        slot.failures, slot.error = 0, None
        slot.due = now + self._refresh * self._jitter()
        if fetched.prompt is not None:
            copy = Copy(fetched.prompt, fetched.body, fetched.etag, "live", now)
        elif slot.copy is not None:
            copy = dataclasses.replace(slot.copy, confirmed="revalidated", confirmed_at=now, age_then=0.0)
        else:
            return _nothing
        is_same = slot.copy is not None and slot.copy.body == copy.body
        slot.copy = copy
        if is_same and slot.saved_at is not None and now - slot.saved_at < _RESAVE_SECONDS:
            return _nothing
        return lambda: self._save(lock, slot, copy)

    def _is_newer(self, slot: Slot, prompt: Prompt) -> bool:
        """False for what a replica answers that lags behind what was served; one generation never holds two prompts."""
        generation, floor, held = prompt.tag_generation or 0, slot.generation_floor, slot.copy
        if generation != floor or held is None or held.prompt.tag_generation != floor:
            return generation >= floor
        return held.prompt.content_hash == prompt.content_hash

    def _load(self, lock: threading.Lock, slot: Slot, is_current: Callable[[], bool]) -> None:
        with lock:
            if slot.is_loaded or self._kept is None:
                slot.is_loaded = True
                return
            # Set before: where the disk hangs, the next attempt goes to the registry.
            slot.is_loaded = True
        kept = self._kept.load(slot.agent_type, slot.tag)
        if kept is None:
            return
        age = max(0.0, self._wall_clock() - kept.saved_at)
        with lock:
            if is_current() and slot.copy is None:
                now = self._clock()
                slot.copy = Copy(kept.prompt, kept.body, kept.etag, "last-known-good", now, age)

    def _save(self, lock: threading.Lock, slot: Slot, copy: Copy) -> None:
        """Skipped while an earlier write of the same file hangs: then the next confirmation writes."""
        if self._kept is None or not slot.disk.acquire(blocking=False):
            return
        error = None
        try:
            self._kept.save(slot.agent_type, slot.tag, copy.body, copy.etag, self._wall_clock())
        except OSError as failure:
            error = f"{type(failure).__name__}: {failure}"
        finally:
            slot.disk.release()
        with lock:
            self._disk_error = error
            # A disk that is full is tried again as seldom as a file is rewritten.
            slot.saved_at = self._clock()

    def _forgetting(self, slot: Slot) -> Callable[[], None]:
        kept = self._kept
        if kept is None:
            return _nothing

        def forget() -> None:
            try:
                kept.forget(slot.agent_type, slot.tag)
            except OSError as failure:
                self._disk_error = f"{type(failure).__name__}: {failure}"

        return forget

    def _jitter(self) -> float:
        return 0.9 + 0.2 * self._draw()


def _nothing() -> None:
    """There is nothing to write."""


def _refusal(answer: Answer, slot: Slot) -> GenepoolError:
    error: Any = None
    try:
        error = json.loads(answer.body)["error"]
        code, message = str(error["code"]), str(error["message"])
    except (ValueError, KeyError, TypeError, RecursionError):
        code, message = "", f"status {answer.status}"
    # A proxy's 404 says nothing about the tag: only the registry's own machine code does.
    if answer.status == 404 and code == "not-found":
        details = error.get("details")
        reason = details.get("reason") if isinstance(details, dict) else None
        return PromptNotFound(message, slot.agent_type, slot.tag, reason)
    if answer.status in (401, 403):
        return AccessRefused(f"The registry refuses this key: {message}", answer.status)
    return RegistryUnavailable(f"The registry answered {answer.status}: {message}")
