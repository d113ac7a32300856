"""The servers of a site: Marquee itself, PostgreSQL and the nodes of Elasticsearch, each killed and started alone."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import server, workplace
from core.config import Settings
from tests.indexer.elastic.clusters import Cluster
from tests.marquee.test_serving import until
from tests.server_processes import ServerProcess

POSTGRES = server.ROOT / "deploy" / "postgres-for-tests.sh"
QUIET: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


@dataclass
class WebServer(ServerProcess):
    """`marquee serve` on this machine."""

    settings: Settings

    def start(self) -> None:
        """Start it, and wait until it is ready."""
        environment = workplace.environment(self.settings)
        self._process = subprocess.Popen(
            server.COMMAND, cwd=server.ROOT, env=environment, start_new_session=True, **QUIET
        )
        until(lambda: server.is_ready(self.settings.port))


@dataclass
class Postgres:
    """A PostgreSQL server with its data in a folder of its own."""

    folder: Path

    @property
    def url(self) -> str:
        """Its URL, which does not change when it is started again."""
        return (self.folder / "url").read_text(encoding="utf-8").strip()

    @property
    def pid(self) -> int:
        """Its main process."""
        return int((self.folder / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0])

    def start(self) -> None:
        """Start it, on its data if there are any."""
        action = "again" if self.folder.exists() else "start"
        subprocess.run([POSTGRES, action, self.folder], check=True, **QUIET)

    def kill(self) -> None:
        """Stop it without a shutdown."""
        subprocess.run([POSTGRES, "kill", self.folder], check=True, **QUIET)


@dataclass
class Node:
    """A node of Elasticsearch."""

    cluster: Cluster
    number: int

    @property
    def pid(self) -> int:
        """Its launcher; the JVM is its child."""
        return int((Path(self.cluster.home) / f"node{self.number}" / "pid").read_text(encoding="utf-8"))

    def start(self) -> None:
        """Start it on its data, and wait until all nodes are there."""
        command = [self.cluster.script, "revive", str(self.number), "--home", self.cluster.home]
        subprocess.run(command, check=True, **QUIET)

    def kill(self) -> None:
        """Kill it."""
        self.cluster.kill(self.number)


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Run a server, deleted at the end."""
    folder = Path(tempfile.mkdtemp(prefix="marquee-chaos-postgres-"))
    folder.chmod(0o755)  # the server runs as another user
    made = Postgres(folder / "server")
    made.start()
    try:
        yield made
    finally:
        subprocess.run([POSTGRES, "stop", made.folder], check=False, **QUIET)
        shutil.rmtree(folder, ignore_errors=True)
