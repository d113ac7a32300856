"""Real Redis servers for tests, each on a free port of this machine."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import redis

from tests.marquee.processes import free_port
from tests.marquee.test_serving import until
from tests.server_processes import ServerProcess

PASSWORD = "a-password-of-redis"


@dataclass
class RedisServer(ServerProcess):
    """A server that can be killed and started again."""

    folder: Path
    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        """Its URL with the password."""
        return f"redis://:{PASSWORD}@127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it responds; it stores nothing on disk."""
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        with (self.folder / f"redis-{self.port}.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--requirepass", PASSWORD], stdout=log, cwd=self.folder, start_new_session=True
            )
        with redis.Redis.from_url(self.url) as client:
            until(lambda: _responds(client))


def _responds(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False


@contextmanager
def running(folder: Path) -> Iterator[RedisServer]:
    """Yield a server, killed at the end."""
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()
