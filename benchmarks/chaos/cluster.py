"""A site of several servers: nginx, two web servers, PostgreSQL behind PgBouncer, Redis, three nodes of Elasticsearch.

The web servers share nothing on disk but the folder that stands for the bucket of models.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.chaos import servers as programs
from benchmarks.chaos.clients import Address
from benchmarks.chaos.servers import Node, WebServer
from benchmarks.chaos.site import Part, Site, prepare
from core.config import Settings
from tests import redis_servers
from tests.indexer.elastic import clusters
from tests.marquee.processes import free_port
from tests.poolers import PgBouncer, pooled
from tests.proxies import HOST, Nginx

NAME = "nginx, two servers, PgBouncer, PostgreSQL, Redis, three nodes of Elasticsearch"
SERVERS = ("server A", "server B")
NODES = tuple(f"node {number}" for number in range(clusters.NODES))
DATABASE, POOLER, COUNTS, PROXY = "PostgreSQL", "PgBouncer", "Redis", "nginx"
CONNECTIONS = 20
"""Connections of the pooler to the database."""
REQUESTS_PER_SECOND = ("rate=20r/s", "rate=200r/s")
"""The limit of each address as delivered and here, where few addresses stand for all users."""


@contextmanager
def cluster() -> Iterator[Site]:
    """Run the site."""
    if not os.environ.get("MARQUEE_TEST_ES_SCRIPT"):
        raise SystemExit("set MARQUEE_TEST_ES_SCRIPT to a script that starts an Elasticsearch, or use --only small")
    with tempfile.TemporaryDirectory(prefix="marquee-chaos-") as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)  # PgBouncer runs as another user
        elastic = stack.enter_context(clusters.started("--nodes", str(clusters.NODES), "--heap", "256m"))
        postgres = stack.enter_context(programs.postgres())
        redis = stack.enter_context(redis_servers.running(_made(folder / "redis")))
        pooler = PgBouncer(postgres.url, _made(folder / "pgbouncer"), CONNECTIONS)
        stack.callback(pooler.stop)
        pooler.start()
        common = {
            "offline": True,
            "demo": False,
            "drain_seconds": 1.0,
            "proxies": 1,
            "hosts": HOST,
            "secret_key": "chaos-" * 8,
            "elasticsearch_url": [f"http://127.0.0.1:{elastic.port + node}" for node in range(clusters.NODES)],
            "elasticsearch_replicas": 1,
            "database_url": pooled(postgres.url, pooler.port),
            "database_direct_url": postgres.url,
            "rate_limit_storage": redis.url,
            "models_url": f"file://{_made(folder / 'models')}",
            "log_level": "WARNING",
        }
        servers = [WebServer(_settings(common, folder / server[-1])) for server in SERVERS]
        prepare(servers[0].settings, "index", "train")
        for other in servers[1:]:
            prepare(other.settings, "export-encoder")
        for server in servers:
            stack.callback(server.stop)
            server.start()
        nginx = Nginx(_made(folder / "nginx"), tuple(server.settings.port for server in servers))
        nginx.write(*REQUESTS_PER_SECOND)
        stack.callback(nginx.stop)
        nginx.start()
        every: dict[str, Part] = {
            **dict(zip(SERVERS, servers, strict=True)),
            **{name: Node(elastic, number) for number, name in enumerate(NODES)},
            DATABASE: postgres,
            POOLER: pooler,
            COUNTS: redis,
            PROXY: nginx,
        }
        yield Site(NAME, servers[0].settings, Address(nginx.https, HOST, nginx.trusted), parts=every)


def _settings(common: dict[str, object], home: Path) -> Settings:
    return Settings.model_validate({**common, "home": _made(home), "host": "127.0.0.1", "port": free_port()})


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
