"""A prompt as the registry serves it, checked before anyone sees it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Tuple, Union

from .canonical import content_hash
from .errors import RenderUnavailable

#: Where an answer came from, from best to worst.
SOURCES = ("live", "revalidated", "stale", "last-known-good", "fallback")

_MARKER = re.compile(r"^(system|user|assistant):[ \t]*\Z")
# What JavaScript trims, as the registry does.
_BLANKS = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
)


class InvalidPrompt(Exception):
    """The server's body is not the prompt that was asked for."""


@dataclass(frozen=True)
class Prompt:
    """What an agent is told, and where this copy came from."""

    agent_type: str
    tag: str
    content: str
    #: One of "live", "revalidated", "stale", "last-known-good", "fallback".
    source: str
    #: Seconds since the registry last confirmed this copy; None for a fallback, which it never did.
    age: Optional[float]
    #: None for a fallback that states none, like tag_generation and prompt_id.
    version: Optional[str] = None
    #: Rises with every move of the tag.
    tag_generation: Optional[int] = None
    prompt_id: Optional[str] = None
    content_hash: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    tools: Tuple[str, ...] = ()

    def render(self, **variables: Any) -> str:
        """The content as one text, rendered by Jinja2's sandbox; an undefined variable raises jinja2.UndefinedError."""
        return str(_environment().from_string(self.content).render(**variables))

    def render_messages(self, **variables: Any) -> List[Dict[str, str]]:
        """The content divided at its role markers, each part rendered: [{"role": …, "content": …}, …]."""
        environment = _environment()
        return [
            {"role": role, "content": environment.from_string(source).render(**variables)}
            for role, source in split_messages(self.content)
        ]


def split_messages(content: str) -> List[Tuple[str, str]]:
    """
    (role, source) pairs. A line that holds only ``system:``, ``user:`` or ``assistant:`` begins a message; text without
    any is one system message. The source is divided before it is rendered, so that no variable can forge a role.
    """
    lines = re.split(r"\r\n?|\n", content)
    if not any(_MARKER.match(line) for line in lines):
        return [("system", content)]
    messages: List[Tuple[str, str]] = []
    role, start = "system", 0
    for index, line in enumerate([*lines, "system:"]):
        marker = _MARKER.match(line)
        if marker is None:
            continue
        source = "\n".join(lines[start:index]).strip(_BLANKS)
        if source:
            messages.append((role, source))
        role, start = marker.group(1), index + 1
    return messages


def parse_prompt(text: str, agent_type: str, tag: str) -> Prompt:
    """The prompt in a body of the registry. Raises InvalidPrompt unless it is complete and its hash is right."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidPrompt(f"the answer is not JSON: {error}") from error
    served = _member(body, "tag", dict)
    content, parameters = _member(body, "content", str), _member(body, "parameters", dict)
    tools = _member(body, "tools", list)
    generation = _member(served, "generation", int)
    if _member(body, "agent_type", str) != agent_type or _member(served, "name", str) != tag:
        raise InvalidPrompt(f"the answer is not about {agent_type} and {tag}")
    if isinstance(generation, bool) or generation < 1:
        raise InvalidPrompt("the tag's generation is not a positive number")
    if not all(isinstance(tool, str) for tool in tools):
        raise InvalidPrompt("the tools are not names")
    stated = _member(body, "content_hash", str)
    if _hash(content, parameters, tools) != stated:
        raise InvalidPrompt("the content does not have the hash that it states")
    return Prompt(
        agent_type=agent_type,
        tag=tag,
        content=content,
        source="live",
        age=0.0,
        version=_member(body, "version", str),
        tag_generation=generation,
        prompt_id=_member(body, "id", str),
        content_hash=stated,
        parameters=parameters,
        tools=tuple(tools),
    )


def fallback_prompt(given: Union[str, Mapping[str, Any]], agent_type: str, tag: str) -> Prompt:
    """The prompt of a caller's own text, or of {"content", "version"?, "parameters"?, "tools"?}; raises ValueError."""
    members: Dict[str, Any] = {"content": given} if isinstance(given, str) else dict(given)
    content, version = members.get("content"), members.get("version")
    parameters, tools = members.get("parameters", {}), members.get("tools", [])
    if not isinstance(content, str) or not isinstance(version, (str, type(None))):
        raise ValueError(f'the fallback of "{agent_type}" needs a text or {{"content": text}}')
    if not isinstance(parameters, Mapping) or not isinstance(tools, (list, tuple)):
        raise ValueError(f'the fallback of "{agent_type}" has parameters or tools that are none')
    return Prompt(
        agent_type=agent_type,
        tag=tag,
        content=content,
        source="fallback",
        age=None,
        version=version,
        content_hash=content_hash(content, dict(parameters), list(tools)),
        parameters=dict(parameters),
        tools=tuple(tools),
    )


def _member(holder: Any, name: str, kind: type) -> Any:
    value = holder.get(name) if isinstance(holder, dict) else None
    if not isinstance(value, kind):
        raise InvalidPrompt(f'the answer has no usable "{name}"')
    return value


def _hash(content: str, parameters: Any, tools: Any) -> str:
    try:
        return content_hash(content, parameters, tools)
    except (TypeError, OverflowError, RecursionError) as error:
        raise InvalidPrompt(f"the answer cannot be hashed: {error}") from error


def _environment() -> Any:
    try:
        from jinja2 import StrictUndefined
        from jinja2.sandbox import ImmutableSandboxedEnvironment
    except ImportError as error:
        raise RenderUnavailable(
            "render() needs Jinja2: run `pip install Jinja2`, or fill in prompt.content yourself."
        ) from error
    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
