"""Prompts that a program brings along for the day on which neither registry nor disk has one."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Dict, Mapping, Optional, Union

from .prompt import Prompt, fallback_prompt

#: A prompt's text, or {"content", "version"?, "parameters"?, "tools"?}.
Fallback = Union[str, Mapping[str, Any]]
#: Fallbacks by agent type or "agent type:tag", or the path of a JSON file that holds them.
Bundled = Union[Mapping[str, Fallback], str, "os.PathLike[str]"]


class BundledPrompts:
    def __init__(self, prompts: Mapping[str, Fallback]) -> None:
        self._prompts: Dict[str, Fallback] = dict(prompts)
        for name, given in self._prompts.items():
            fallback_prompt(given, name, "")

    def get(self, agent_type: str, tag: str) -> Optional[Prompt]:
        given = self._prompts.get(f"{agent_type}:{tag}", self._prompts.get(agent_type))
        return None if given is None else fallback_prompt(given, agent_type, tag)


def read_bundled(bundled: Optional[Bundled]) -> BundledPrompts:
    """Raises OSError for a file that cannot be read, ValueError for one that holds no prompts."""
    if bundled is None:
        return BundledPrompts({})
    if isinstance(bundled, Mapping):
        return BundledPrompts(bundled)
    prompts = json.loads(Path(bundled).read_text("utf-8"))
    if not isinstance(prompts, dict):
        raise ValueError(f"{bundled} holds no object of prompts")
    return BundledPrompts(prompts)
