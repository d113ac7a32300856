"""A real PgBouncer in transaction mode in front of the PostgreSQL server of the tests."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from tests.marquee.processes import free_port
from tests.marquee.test_serving import until

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


@contextmanager
def pgbouncer(server: str, connections: int = CONNECTIONS) -> Iterator[int]:
    """Run a pooler for all databases of a server; yield its port."""
    url, listens = sa.make_url(server), free_port()
    # Not in pytest's folders, which the user of the pooler cannot access.
    with tempfile.TemporaryDirectory(prefix="marquee-pgbouncer-") as name:
        folder = Path(name)
        file = folder / "pgbouncer.ini"
        place = {"host": url.host, "port": url.port or 5432, "user": url.username, "password": url.password}
        text = CONFIGURATION.format(**place, listens=listens, connections=connections, folder=folder)
        file.write_text(text, encoding="utf-8")
        process = subprocess.Popen([*_as_another_user(folder), _program(), "-q", file], stderr=subprocess.DEVNULL)
        try:
            until(lambda: _listens(listens))
            yield listens
        finally:
            process.terminate()
            process.wait(30)


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
