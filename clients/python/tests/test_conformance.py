"""Every scenario of the vectors, against a real server and real files, on clocks that are set by hand."""

from __future__ import annotations

import json
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Dict, List, Optional

from genepool import GenepoolError, PromptService

from .support import CONFORMANCE, NODE, Clock, MisbehavingServer

WORST_CALL_MS = 1_500
REPORT_OPTIONS = {"retrySeconds": "retry_seconds", "bufferRuns": "buffer_runs"}


class Run:
    """One scenario's client, server, clocks and files."""

    def __init__(self, test: unittest.TestCase, scenario: Dict[str, Any], directory: Path) -> None:
        self.test = test
        self.scenario = scenario
        self.clock = Clock()
        self.server = MisbehavingServer()
        self.directory = directory
        self.answers: List[Dict[str, Any]] = []
        self.client = self._client()

    def _client(self) -> PromptService:
        disk = self.scenario.get("disk", "kept")
        blocked = self.directory / "file"
        blocked.write_text("a file, not a directory", "utf-8")
        directories = {"none": None, "unwritable": blocked / "below", "kept": self.directory / "kept"}
        return PromptService(
            self.server.url,
            "gp_test",
            cache_dir=directories[disk],
            bundled=self.scenario.get("bundled"),
            clock=lambda: self.clock.now,
            wall_clock=lambda: self.clock.wall,
            draw=lambda: 0.5,
            report_options={REPORT_OPTIONS[name]: value for name, value in self.scenario.get("options", {}).items()},
        )

    def step(self, step: Dict[str, Any]) -> None:
        if "server" in step:
            self.server.order(step["server"])
        if "advance" in step:
            self.clock.advance(step["advance"])
        if "wallJump" in step:
            self.clock.wall += step["wallJump"]
        if "restart" in step:
            self.client = self._client()
        if "spoil" in step:
            self._spoil(step["spoil"])
        if "get" in step:
            self._get(step["get"])
        if "report" in step:
            for _ in range(step["report"]["count"]):
                self.client.report_run("engineer", "success", model=step["report"].get("model"))
        if "flush" in step:
            self.client.flush(step["flush"])
        self._check(step.get("expect", {}))

    def _get(self, get: Dict[str, Any]) -> None:
        self.answers = []
        concurrent = get.get("concurrent", 0)
        if concurrent:
            with ThreadPoolExecutor(concurrent) as pool:
                self.answers = list(pool.map(lambda _: self._call(get), range(concurrent)))
            return
        for _ in range(get.get("calls", 1)):
            self.clock.advance(get.get("every", 0))
            self.answers.append(self._call(get))
            if "every" in get:
                self.test.assertTrue(self.client.wait_idle())
        self.test.assertTrue(self.client.wait_idle())

    def _call(self, get: Dict[str, Any]) -> Dict[str, Any]:
        started = time.monotonic()
        answer: Dict[str, Any] = {"error": None}
        try:
            prompt = self.client.get_prompt(get["agent"], get.get("tag", "prod"), fallback=get.get("fallback"))
            answer.update(
                source=prompt.source,
                version=prompt.version,
                generation=prompt.tag_generation,
                age=prompt.age,
            )
        except GenepoolError as error:
            answer["error"] = error.code
        took = time.monotonic() - started
        self.test.assertLess(took, get.get("withinMs", WORST_CALL_MS) / 1_000)
        return answer

    def _spoil(self, how: str) -> None:
        files = list((self.directory / "kept").glob("*.json"))
        self.test.assertTrue(files)
        for file in files:
            data = bytearray(file.read_bytes())
            if how == "flip":
                data[data.index(b"1.0.0") + 2] ^= 1  # A version that reads as well as the right one.
            file.write_bytes({"flip": data, "truncate": data[: len(data) // 2], "garbage": b"\x00\xff{"}[how])

    def _check(self, expect: Dict[str, Any]) -> None:
        if not expect:
            return
        seen = self.server.seen()
        reports = self.client.status()["reports"]
        totals: Dict[str, Optional[int]] = {
            "requests": seen["prompts"],
            "conditional": seen["conditional"],
            "received": len(seen["runIds"]),
            **{name: reports[name] for name in ("sent", "dropped", "rejected", "waiting")},
        }
        for name, wanted in expect.items():
            if name in totals:
                self.test.assertEqual(totals[name], wanted, name)
            elif name == "requestsMax":
                self.test.assertLessEqual(seen["prompts"], wanted)
            else:
                for answer in self.answers:
                    self.test.assertEqual(answer.get(name), wanted, f"{name} of {answer}")
        if "error" not in expect:
            self.test.assertEqual([answer["error"] for answer in self.answers if answer["error"]], [])

    def stop(self) -> None:
        self.client.close(0)
        self.server.stop()


@unittest.skipIf(NODE is None, "the conformance server needs Node")
class ConformanceTest(unittest.TestCase):
    """One test per scenario, added below."""


def _test_of(scenario: Dict[str, Any]):
    def test(self: unittest.TestCase) -> None:
        with tempfile.TemporaryDirectory() as directory:
            run = Run(self, scenario, Path(directory))
            self.addCleanup(run.stop)
            for number, step in enumerate(scenario["steps"]):
                with self.subTest(step=number):
                    run.step(step)

    test.__doc__ = scenario["name"]
    return test


for _number, _scenario in enumerate(json.loads((CONFORMANCE / "scenarios.json").read_text("utf-8"))):
    setattr(ConformanceTest, f"test_{_number:02}", _test_of(_scenario))
