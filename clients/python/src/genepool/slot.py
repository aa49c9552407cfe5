"""What a service knows about one agent type and tag: the copy to serve and when to ask again."""

from __future__ import annotations

import dataclasses
import threading
from dataclasses import dataclass, field
from typing import Optional

from .errors import GenepoolError, PromptNotFound
from .prompt import Prompt


@dataclass
class Copy:
    """A prompt in memory. Times are seconds of the monotonic clock."""

    prompt: Prompt
    #: The registry's JSON text, as it is kept on disk.
    body: str
    etag: Optional[str]
    #: How the registry confirmed it last: "live", "revalidated", or "last-known-good" for one read from disk.
    confirmed: str
    confirmed_at: float
    #: How old it was at confirmed_at: above 0 only for one read from disk.
    age_then: float = 0.0

    def age(self, now: float) -> float:
        return self.age_then + max(0.0, now - self.confirmed_at)

    def served(self, now: float, stale_after: float) -> Prompt:
        age = self.age(now)
        source = self.confirmed
        if source != "last-known-good" and age > stale_after:
            source = "stale"
        # A dictionary of its own: what a caller changes in it must not reach the next caller.
        return dataclasses.replace(self.prompt, source=source, age=age, parameters=dict(self.prompt.parameters))


@dataclass(eq=False)
class Flight:
    """One attempt to learn about a slot, shared by all who wait for it."""

    #: Of time.monotonic: the real one, whatever clock ages are measured with.
    deadline: float
    #: Set when the slot is up to date, and later when the disk is as well.
    done: threading.Event = field(default_factory=threading.Event)
    saved: threading.Event = field(default_factory=threading.Event)


@dataclass
class Slot:
    """Guarded by its service's lock."""

    agent_type: str
    tag: str
    copy: Optional[Copy] = None
    #: The highest tag generation served so far: an answer below it comes from a replica that lags behind.
    generation_floor: int = 0
    flight: Optional[Flight] = None
    #: Whether the disk was asked.
    is_loaded: bool = False
    #: When to ask again (monotonic).
    due: float = 0.0
    #: Attempts that failed since the last that did not.
    failures: int = 0
    #: Why the last attempt failed; None after one that did not.
    error: Optional[GenepoolError] = None
    #: When a copy was last written to disk, or tried to (monotonic).
    saved_at: Optional[float] = None
    disk: threading.Lock = field(default_factory=threading.Lock)

    @property
    def missing(self) -> Optional[PromptNotFound]:
        return self.error if isinstance(self.error, PromptNotFound) else None
