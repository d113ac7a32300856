"""A real PgBouncer in transaction mode in front of the PostgreSQL server of the tests."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from tests.marquee.processes import free_port
from tests.marquee.test_serving import until
from tests.server_processes import ServerProcess

CONNECTIONS = 2
"""Connections to the server for each database: fewer than threads, so that transactions really share them."""
CONFIGURATION = """
[databases]
* = host={host} port={port} user={user} password={password}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listens}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {connections}
max_client_conn = 1000
server_idle_timeout = 5
query_wait_timeout = 60
logfile = {folder}/log
"""


@dataclass
class PgBouncer(ServerProcess):
    """A pooler for all databases of a server; it can be killed and started again.

    Attributes:
        server: the URL of the server.
        folder: a folder that the user `postgres` can access, which pytest's are not.
        connections: connections to the server for each database.
    """

    server: str
    folder: Path
    connections: int = CONNECTIONS
    port: int = field(default_factory=free_port)

    def start(self) -> None:
        """Start it and wait until it listens."""
        url, file = sa.make_url(self.server), self.folder / "pgbouncer.ini"
        place = {"host": url.host, "port": url.port or 5432, "user": url.username, "password": url.password}
        pooled = {"listens": self.port, "connections": self.connections, "folder": self.folder}
        file.write_text(CONFIGURATION.format(**place, **pooled), encoding="utf-8")
        command = [*_as_another_user(self.folder), _program(), "-q", str(file)]
        self._process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
        until(lambda: _listens(self.port))


@contextmanager
def pgbouncer(server: str, connections: int = CONNECTIONS) -> Iterator[int]:
    """Run a pooler for all databases of a server; yield its port."""
    with tempfile.TemporaryDirectory(prefix="marquee-pgbouncer-") as folder:
        pooler = PgBouncer(server, Path(folder), connections)
        pooler.start()
        try:
            yield pooler.port
        finally:
            pooler.stop()


def pooled(url: str, port: int) -> str:
    """Return the URL of a database through a pooler."""
    made = sa.make_url(url).set(host="127.0.0.1", port=port, password=None, query={"pgbouncer": "true"})
    return made.render_as_string(hide_password=False)


def _program() -> str:
    return shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"


def _as_another_user(folder: Path) -> list[str]:
    """Return the command that changes the user, since PgBouncer refuses to be root."""
    if os.geteuid() != 0:
        return []
    shutil.chown(folder, "postgres")
    return ["runuser", "-u", "postgres", "--"]


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
