"""Clocks that are set by hand and the server that misbehaves."""

from __future__ import annotations

import json
import shutil
import subprocess
import urllib.request
from pathlib import Path
from typing import Any, Dict

CONFORMANCE = Path(__file__).resolve().parents[2] / "conformance"
NODE = shutil.which("node")


class Clock:
    """A monotonic and a wall clock that go on by themselves never."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.wall = 1_800_000_000.0

    def advance(self, seconds: float) -> None:
        self.now += seconds
        self.wall += seconds


class MisbehavingServer:
    """The server of the vectors, as a child process that ends with us."""

    def __init__(self) -> None:
        if NODE is None:
            raise RuntimeError("the conformance server needs Node")
        script = CONFORMANCE / "misbehaving-server.mjs"
        self._process = subprocess.Popen([NODE, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        ports = json.loads(self._process.stdout.readline())
        self.url = f"http://127.0.0.1:{ports['prompts']}"
        self._control = f"http://127.0.0.1:{ports['control']}/"

    def order(self, given: Any) -> None:
        request = urllib.request.Request(self._control, json.dumps(given).encode("utf-8"), method="POST")
        urllib.request.urlopen(request, timeout=10).close()

    def seen(self) -> Dict[str, Any]:
        with urllib.request.urlopen(self._control, timeout=10) as answer:
            return json.load(answer)

    def stop(self) -> None:
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(10)
