"""What a call can raise. Every class carries a ``code`` for programs."""

from __future__ import annotations

from typing import Optional


class GenepoolError(Exception):
    """Base of everything this package raises on purpose."""

    code = "error"


class PromptNotFound(GenepoolError):
    """The registry answered that the agent type has no such tag; no other tag is ever served instead."""

    code = "not-found"

    def __init__(self, message: str, agent_type: str, tag: str, reason: Optional[str] = None) -> None:
        super().__init__(message)
        self.agent_type = agent_type
        self.tag = tag
        self.reason = reason


class AccessRefused(GenepoolError):
    """The registry refuses the key (401 or 403), and there is no copy to serve."""

    code = "access-refused"

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class RegistryUnavailable(GenepoolError):
    """No usable answer within the deadline, no last-known-good copy and no fallback."""

    code = "unavailable"


class RenderUnavailable(GenepoolError):
    """``render`` was called, and Jinja2 is not installed."""

    code = "render-unavailable"
