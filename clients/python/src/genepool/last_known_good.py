"""The last answer of the registry on disk, so that a restart without the registry still has its prompts."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path
from typing import NamedTuple, Optional

from .prompt import InvalidPrompt, Prompt, parse_prompt

_FORMAT = 1


class Kept(NamedTuple):
    prompt: Prompt
    body: str
    etag: Optional[str]
    #: The wall clock's seconds when it was written: for information, no decision rests on it.
    saved_at: float


def default_cache_dir() -> Path:
    """Where programs of this user keep what they can do without."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "genepool"


class LastKnownGood:
    """One file per server, agent type and tag. Any failure leaves the old file or none, never half of one."""

    def __init__(self, directory: Path, url: str) -> None:
        self._directory = directory
        self._url = url

    def path(self, agent_type: str, tag: str) -> Path:
        """The file's name is a hash: tags are any text, and file systems are particular."""
        name = json.dumps([self._url, agent_type, tag], ensure_ascii=True, separators=(",", ":"))
        return self._directory / f"{hashlib.sha256(name.encode('ascii')).hexdigest()[:32]}.json"

    def load(self, agent_type: str, tag: str) -> Optional[Kept]:
        """What was kept, or None when there is nothing whole: a file that is wrong in any way does not count."""
        try:
            envelope = json.loads(self.path(agent_type, tag).read_text("utf-8"))
            payload = envelope["payload"]
            if envelope["format"] != _FORMAT or envelope["sha256"] != _sha256(payload):
                return None
            kept = json.loads(payload)
            etag, saved_at = kept["etag"], float(kept["saved_at"])
            if kept["url"] != self._url or not isinstance(etag, (str, type(None))):
                return None
            return Kept(parse_prompt(kept["body"], agent_type, tag), kept["body"], etag, saved_at)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, InvalidPrompt):
            return None

    def save(self, agent_type: str, tag: str, body: str, etag: Optional[str], saved_at: float) -> None:
        """Replaces the file in one step, after its bytes reached the disk. Raises OSError when it cannot."""
        payload = json.dumps({"url": self._url, "etag": etag, "saved_at": saved_at, "body": body}, ensure_ascii=True)
        envelope = {"format": _FORMAT, "sha256": _sha256(payload), "payload": payload}
        path = self.path(agent_type, tag)
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}.part")
        try:
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(json.dumps(envelope, ensure_ascii=True).encode("ascii"))
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, path)
        except OSError:
            part.unlink(missing_ok=True)
            raise
        _sync_directory(self._directory)

    def forget(self, agent_type: str, tag: str) -> None:
        """Removes the file: the registry said that there is no such tag. Raises OSError when it cannot."""
        self.path(agent_type, tag).unlink(missing_ok=True)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _sync_directory(directory: Path) -> None:
    if sys.platform == "win32":
        return  # Directories cannot be opened there.
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
