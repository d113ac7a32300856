"""Real services over the sample catalogue, on both engines, and a real S3 server."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from uuid import uuid4

import fsspec
import pytest

from core.config import Settings
from engine.services import Services
from tests import sample

START_LIMIT = 60.0


@pytest.fixture(scope="session")
def embedded_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings whose home holds the sample, indexed by the embedded engine."""
    return sample.embedded(sample.shared(tmp_path_factory.getbasetemp()) / "sample")


@pytest.fixture(scope="session")
def embedded_services(embedded_settings: Settings) -> Services:
    """The sample on the embedded engine."""
    return sample.services(embedded_settings)


@pytest.fixture(scope="session")
def elastic_services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The sample on a real Elasticsearch."""
    home = sample.shared(tmp_path_factory.getbasetemp()) / "sample"
    with sample.elastic(home, os.environ["ELASTICSEARCH_URL"]) as settings:
        yield sample.services(settings)


@pytest.fixture(params=["embedded", pytest.param("elastic", marks=pytest.mark.elasticsearch)])
def services(request: pytest.FixtureRequest) -> Services:
    """The sample on each engine in turn."""
    found: Services = request.getfixturevalue(f"{request.param}_services")
    return found


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The URL of an S3 server in its own process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    end = time.monotonic() + START_LIMIT
    while True:
        try:
            urllib.request.urlopen(f"{url}/moto-api/", timeout=1).close()  # noqa: S310
            break
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
    yield url
    server.kill()
    server.wait()


@pytest.fixture
def s3_bucket(s3: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of a new bucket, with its credentials and its endpoint in the environment."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    configure_s3(monkeypatch, endpoint_url=s3)
    bucket = f"test-{uuid4().hex[:8]}"
    fsspec.filesystem("s3").mkdir(bucket)
    return f"s3://{bucket}"


def configure_s3(monkeypatch: pytest.MonkeyPatch, **options: str) -> None:
    """Apply `FSSPEC_S3_…` like at the start of a process."""
    fsspec.config.set_conf_env(
        fsspec.config.conf, {f"FSSPEC_S3_{name.upper()}": value for name, value in options.items()}
    )
    monkeypatch.setitem(fsspec.config.conf, "s3", {**options})
