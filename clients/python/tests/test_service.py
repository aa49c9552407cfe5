"""What the vectors cannot say: disks that fill up, names that do not resolve, threads, forks and exits."""

from __future__ import annotations

import errno
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path
from unittest import mock

from genepool import PromptService, RegistryUnavailable

from .support import NODE, MisbehavingServer

GOOD = {"prompts": [{"kind": "prompt", "version": "1.0.0", "generation": 1}], "runs": [{"kind": "ok"}]}
SOURCES = Path(__file__).resolve().parent.parent / "src"


@unittest.skipIf(NODE is None, "the conformance server needs Node")
class ServiceTest(unittest.TestCase):
    def setUp(self) -> None:
        self.server = MisbehavingServer()
        self.addCleanup(self.server.stop)
        self.server.order(GOOD)
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)

    def _service(self, **settings) -> PromptService:
        service = PromptService(self.server.url, "gp_test", cache_dir=self.directory, **settings)
        # Last come first: a thread that still writes its file would meet a folder that is being removed.
        self.addCleanup(service.wait_idle, 2.0)
        self.addCleanup(service.close, 0)
        return service

    def test_a_full_disk_is_noted_and_leaves_the_former_file_whole(self) -> None:
        first = self._service()
        first.get_prompt("engineer")
        self.assertTrue(first.wait_idle())
        self.server.order({"prompts": [{"kind": "prompt", "version": "2.0.0", "generation": 2}]})
        second = self._service()
        with mock.patch("os.fsync", side_effect=OSError(errno.ENOSPC, "No space left on device")):
            self.assertEqual(second.get_prompt("engineer").version, "2.0.0")
            self.assertTrue(second.wait_idle())
        self.assertIn("No space left", second.status()["disk_error"])
        self.assertEqual([file.suffix for file in self.directory.iterdir()], [".json"])
        self.server.order("down")
        kept = self._service().get_prompt("engineer")
        self.assertEqual((kept.source, kept.version), ("last-known-good", "1.0.0"))

    def test_the_kept_file_is_for_its_user_alone(self) -> None:
        service = self._service()
        service.get_prompt("engineer")
        self.assertTrue(service.wait_idle())
        (file,) = self.directory.iterdir()
        self.assertEqual(file.stat().st_mode & 0o077, 0)

    def test_a_disk_that_hangs_does_not_keep_a_call_waiting(self) -> None:
        release = threading.Event()
        self.addCleanup(release.set)
        service = self._service(timeout=0.3, bundled={"engineer": "bundled"})
        with mock.patch(
            "genepool.last_known_good.LastKnownGood.load", side_effect=lambda *_: release.wait(10) and None
        ):
            started = time.monotonic()
            self.assertEqual(service.get_prompt("engineer").source, "fallback")
            self.assertLess(time.monotonic() - started, 0.9)
        time_limit = time.monotonic() + 5
        while service.get_prompt("engineer").source != "live" and time.monotonic() < time_limit:
            service.wait_idle(0.1)
        self.assertEqual(service.get_prompt("engineer").source, "live")

    def test_a_name_that_does_not_resolve_in_time_costs_one_deadline(self) -> None:
        release = threading.Event()
        self.addCleanup(release.set)

        def resolve(*_arguments, **_options):
            release.wait(10)
            raise socket.gaierror("gave up")

        service = PromptService("http://registry.invalid", "gp_test", cache_dir=None, timeout=0.3)
        with mock.patch("socket.getaddrinfo", resolve):
            for _ in range(3):
                started = time.monotonic()
                with self.assertRaises(RegistryUnavailable):
                    service.get_prompt("engineer")
                self.assertLess(time.monotonic() - started, 0.9)
            started = time.monotonic()
            with self.assertRaises(RegistryUnavailable):
                service.get_prompt("engineer")
            self.assertLess(time.monotonic() - started, 0.2, "the circuit is open")

    def test_a_tls_handshake_that_hangs_costs_one_deadline(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            url = f"https://127.0.0.1:{listener.getsockname()[1]}"
            service = PromptService(url, "gp_test", cache_dir=None, timeout=0.3)
            started = time.monotonic()
            with self.assertRaisesRegex(RegistryUnavailable, "deadline"):
                service.get_prompt("engineer")
            self.assertLess(time.monotonic() - started, 0.9)
            self.assertTrue(service.wait_idle(1.0), "no thread is left behind")

    def test_what_a_caller_changes_does_not_reach_the_next(self) -> None:
        service = self._service()
        service.get_prompt("engineer").parameters["temperature"] = 2
        self.assertEqual(service.get_prompt("engineer").parameters["temperature"], 0.7)

    def test_without_a_thread_to_be_had_calls_are_served_and_runs_wait(self) -> None:
        service = self._service(bundled={"engineer": "bundled"})
        with mock.patch("threading.Thread.start", side_effect=RuntimeError("can't start new thread")):
            self.assertEqual(service.get_prompt("engineer").source, "fallback")
            with self.assertRaisesRegex(RegistryUnavailable, "thread"):
                service.get_prompt("critic")
            service.report_run("engineer", "success")
        service.report_run("engineer", "success")
        self.assertTrue(service.flush(3.0))
        self.assertEqual(service.status()["reports"]["sent"], 2)

    def test_a_warm_call_makes_no_request_and_is_quick(self) -> None:
        service = self._service()
        service.get_prompt("engineer")
        started = time.perf_counter()
        for _ in range(2_000):
            service.get_prompt("engineer")
        self.assertLess((time.perf_counter() - started) / 2_000, 0.001)
        self.assertEqual(self.server.seen()["prompts"], 1)

    def test_generations_never_go_back_under_64_threads(self) -> None:
        moves = [{"kind": "prompt", "version": f"1.{n}.0", "generation": n + 1 - 2 * (n % 5 == 4)} for n in range(60)]
        self.server.order({"prompts": moves})
        service = self._service(refresh_seconds=0.01, timeout=2.0)
        service.get_prompt("engineer")
        wrong = []

        def read() -> None:
            last = 0
            for _ in range(400):
                generation = service.get_prompt("engineer").tag_generation
                if generation < last:
                    wrong.append((last, generation))
                last = generation

        readers = [threading.Thread(target=read) for _ in range(64)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        self.assertEqual(wrong, [])
        self.assertGreater(service.get_prompt("engineer").tag_generation, 1)

    def _program(self, lines: str, limit: float = 10.0) -> "subprocess.CompletedProcess[str]":
        head = f"import sys; sys.path.insert(0, {str(SOURCES)!r})\nfrom genepool import PromptService\n"
        head += f"service = PromptService({self.server.url!r}, 'gp_test', cache_dir=None)\n"
        return subprocess.run(
            [sys.executable, "-W", "ignore::DeprecationWarning", "-c", head + lines],
            capture_output=True,
            text=True,
            timeout=limit,
        )

    def test_reported_runs_are_sent_at_exit(self) -> None:
        ended = self._program("for _ in range(120): service.report_run('engineer', 'success')")
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        self.assertEqual(len(self.server.seen()["runIds"]), 120)

    def test_an_exit_does_not_wait_for_a_registry_that_hangs(self) -> None:
        self.server.order({"runs": [{"kind": "hang"}]})
        started = time.monotonic()
        ended = self._program("service.report_run('engineer', 'failure')")
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        self.assertLess(time.monotonic() - started, 4.5)

    @unittest.skipUnless(hasattr(os, "fork"), "no fork here")
    def test_a_forked_child_serves_and_reports_on_its_own(self) -> None:
        ended = self._program(
            "import os\n"
            "service.get_prompt('engineer'); service.report_run('engineer', 'success', run_id='parent')\n"
            "child = os.fork()\n"
            "if child == 0:\n"
            "    assert service.get_prompt('engineer').version == '1.0.0'\n"
            "    assert service.get_prompt('critic').source == 'live'\n"
            "    service.report_run('engineer', 'success', run_id='child')\n"
            "    os._exit(0 if service.flush(3) else 1)\n"
            "sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
        )
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        self.assertEqual(sorted(self.server.seen()["runIds"]), ["child", "parent"])

    def test_a_bundled_file_is_read_once_and_checked(self) -> None:
        file = self.directory / "prompts.json"
        file.write_text(json.dumps({"engineer": "any", "engineer:canary": {"content": "new"}}), "utf-8")
        self.server.order("down")
        service = self._service(bundled=file)
        self.assertEqual(service.get_prompt("engineer").content, "any")
        self.assertEqual(service.get_prompt("engineer", "canary").content, "new")
        file.write_text("[]", "utf-8")
        with self.assertRaises(ValueError):
            self._service(bundled=file)

    def test_settings_that_cannot_work_are_refused(self) -> None:
        for url, key in (
            ("ftp://x", "k"),
            ("localhost:3000", "k"),
            ("http://x?y", "k"),
            ("http://x", "a\r\nb"),
            ("http://x", ""),
        ):
            with self.assertRaises(ValueError):
                PromptService(url, key)
