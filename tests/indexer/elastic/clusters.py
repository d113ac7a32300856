"""Elasticsearch clusters for a test, started by the script in MARQUEE_TEST_ES_SCRIPT."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.marquee.processes import free_port

NODES = 3
"""The most nodes that a cluster has."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running cluster."""

    script: str
    home: str
    port: int
    url: str
    """Address of the first node, with user and password if required."""

    @contextmanager
    def stopped(self, node: int) -> Iterator[None]:
        """Stop a node during the block, as a machine does that swaps: it accepts connections and never answers."""
        process = int((Path(self.home) / f"node{node}" / "pid").read_text(encoding="utf-8"))
        os.killpg(process, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(process, signal.SIGCONT)

    def kill(self, node: int) -> None:
        """Kill a node."""
        subprocess.run([self.script, "kill", str(node), "--home", self.home], check=True, capture_output=True)


@contextmanager
def started(*arguments: str) -> Iterator[Cluster]:
    """Start a cluster until the end of the block; `arguments` are passed to the script."""
    script = os.environ.get("MARQUEE_TEST_ES_SCRIPT")
    if not script:
        pytest.skip("needs MARQUEE_TEST_ES_SCRIPT, a script that starts an Elasticsearch")
    # Not in pytest's folders, which the nodes' user cannot access.
    with tempfile.TemporaryDirectory(prefix="marquee-es-") as home:
        Path(home).chmod(0o755)
        try:
            yield _start(script, arguments, home)
        finally:
            subprocess.run([script, "stop", "--home", home], check=False, capture_output=True)


def _start(script: str, arguments: tuple[str, ...], home: str) -> Cluster:
    """Start the nodes; if they do not start, once more on other ports, which another process may have taken."""
    failures = []
    for _attempt in range(2):
        port = _free_port()
        start = [script, "start", *arguments, "--port", str(port), "--home", home]
        done = subprocess.run(start, check=False, capture_output=True, text=True)
        if done.returncode == 0:
            return Cluster(script, home, port, done.stdout.split()[-1])
        logs = sorted(Path(home).glob("node*/out.log"))
        ends = [f"{log.parent.name}: {log.read_text(encoding='utf-8', errors='replace')[-2000:]}" for log in logs]
        failures.append("\n".join([done.stderr.strip(), *ends]))
        subprocess.run([script, "stop", "--home", home], check=False, capture_output=True)
    pytest.fail("Elasticsearch did not start:\n" + "\n".join(failures))


def _free_port() -> int:
    """Return the first of three free ports; 100 above them, the nodes' transport ports are free as well."""
    while True:
        port = free_port()
        if port < 65_000 and all(
            map(_is_free, (*range(port + 1, port + NODES), *range(port + 100, port + 100 + NODES)))
        ):
            return port


def _is_free(port: int) -> bool:
    """Bind the port, as a server does: an outgoing connection uses a port too, and nothing would answer there."""
    try:
        with socket.create_server(("127.0.0.1", port)):
            return True
    except OSError:
        return False
