"""Clusters of a test's own, started by the script that MARQUEE_TEST_ES_SCRIPT names."""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running cluster."""

    script: str
    home: str
    port: int
    url: str
    """Address of the first node, with user and password where it asks for them."""

    def kill(self, node: int) -> None:
        """End one node as a crash would."""
        subprocess.run([self.script, "kill", str(node), "--home", self.home], check=True, capture_output=True)


@contextmanager
def started(*arguments: str) -> Iterator[Cluster]:
    """A cluster until the end of the block; `arguments` are the script's."""
    script = os.environ.get("MARQUEE_TEST_ES_SCRIPT")
    if not script:
        pytest.skip("needs MARQUEE_TEST_ES_SCRIPT, a script that starts an Elasticsearch")
    # Not below pytest's own folder, into which the user that runs the nodes may not look.
    with tempfile.TemporaryDirectory(prefix="marquee-es-") as home:
        Path(home).chmod(0o755)
        port = _free_port()
        try:
            start = [script, "start", *arguments, "--port", str(port), "--home", home]
            done = subprocess.run(start, check=True, capture_output=True, text=True)
            yield Cluster(script, home, port, done.stdout.split()[-1])
        finally:
            subprocess.run([script, "stop", "--home", home], check=False, capture_output=True)


def _free_port() -> int:
    """A port that is free, as is the one by which the nodes speak to each other, 100 above it."""
    while True:
        with socket.socket() as one, socket.socket() as other:
            one.bind(("127.0.0.1", 0))
            port: int = one.getsockname()[1]
            if port < 65_000 and other.connect_ex(("127.0.0.1", port + 100)):
                return port
