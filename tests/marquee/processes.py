"""A site of real processes: a home, a port, and an environment in which only its settings are set."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

PATIENCE = 240
"""Timeout in seconds; a build with an empty home takes most of a minute."""


@dataclass(frozen=True)
class Site:
    """A home and a port, with an environment in which only these settings are set."""

    home: Path
    port: int
    settings: Mapping[str, str] = field(default_factory=dict)
    code: Path | None = None
    """The folder of another version of Marquee; None for this one."""

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of its processes."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MARQUEE_", "COV_"))}
        code = str(self.code) if self.code else kept.get("PYTHONPATH")
        path = os.pathsep.join((str(self.home / "absent"), *filter(None, [code])))
        settings = {"MARQUEE_HOME": str(self.home), "MARQUEE_PORT": str(self.port), "MARQUEE_OFFLINE": "1"}
        return {**kept, **settings, **self.settings, "PYTHONPATH": path}

    def without(self, *modules: str) -> Site:
        """Make these modules appear not installed; return the site."""
        folder = self.home / "absent"
        folder.mkdir(parents=True, exist_ok=True)
        for name in modules:
            (folder / f"{name}.py").write_text(f"raise ModuleNotFoundError({name!r})\n", encoding="utf-8")
        return self

    def call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command until it exits."""
        return subprocess.run(
            command(*arguments),
            env=self.environment,
            cwd=self.code,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    @contextmanager
    def running(self, *arguments: str, log: IO[str] | None = None) -> Iterator[subprocess.Popen[str]]:
        """Yield a running server, stopped at the end unless the test has stopped it.

        Args:
            arguments: the command.
            log: receives its messages. A pipe does unless this is given, and is full after some hundred requests.
        """
        said = log or subprocess.PIPE
        process = subprocess.Popen(command(*arguments), env=self.environment, cwd=self.code, stderr=said, text=True)
        try:
            self._wait(process)
            yield process
        finally:
            process.terminate()
            process.wait(timeout=30)

    def get(self, path: str) -> str:
        """Return the content of a page."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return str(answer.read(), "utf-8")

    def _wait(self, process: subprocess.Popen[str]) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and process.poll() is None:
            try:
                self.get("/health/ready")
                return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        process.kill()
        raise AssertionError(f"no answer: {process.stderr.read() if process.stderr else ''}")


def command(*arguments: str) -> list[str]:
    """Return the command line of a command."""
    return [sys.executable, "-m", "marquee", *arguments]


def free_port() -> int:
    """Return an unused port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def children(process: int) -> list[str]:
    """Return the processes that a process has started."""
    return Path(f"/proc/{process}/task/{process}/children").read_text(encoding="utf-8").split()
