"""A real server whose Elasticsearch or encoder fails while it is searched, and one with more load than it can take."""

from __future__ import annotations

import json
import os
import shutil
import signal
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from core.jobs.work import SilentWatch
from engine.search.encoders import manifest
from tests import sample
from tests.indexer.elastic import clusters
from tests.indexer.elastic.clusters import Cluster
from tests.marquee.processes import Site, children, free_port

pytestmark = pytest.mark.slow

PATIENCE = 90.0
REQUEST_TIMEOUT = 4.0
ASKED, NEW = "a man relives the same day over and over", "a rat becomes a chef in a paris restaurant"


@dataclass(frozen=True)
class Answer:
    """A response, and how long it took in seconds."""

    status: int
    headers: Message
    text: str
    seconds: float

    @property
    def body(self) -> Any:
        """The JSON of the response."""
        return json.loads(self.text)


def get(site: Site, path: str, **query: str) -> Answer:
    """Return the response to a request."""
    url = f"http://127.0.0.1:{site.port}{path}" + (f"?{urllib.parse.urlencode(query)}" if query else "")
    began = time.monotonic()
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as found:
            status, headers, text = found.status, found.headers, found.read().decode()
    except urllib.error.HTTPError as error:
        status, headers, text = error.code, error.headers, error.read().decode()
    return Answer(status, headers, text, time.monotonic() - began)


def search(site: Site, text: str) -> Answer:
    """Return the response to a search."""
    return get(site, "/api/search", q=text)


def until(holds: Callable[[], bool]) -> None:
    """Wait until it holds."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it never did"
        time.sleep(0.1)


@contextmanager
def served(site: Site, log: Path) -> Iterator[None]:
    """Run a server until the end of the block."""
    with log.open("w") as file, site.running("serve", log=file):
        until(lambda: get(site, "/health/ready?strict").status == 200)
        yield


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """An Elasticsearch of one node, which tests may stop and kill."""
    with clusters.started("--heap", "512m") as cluster:
        yield cluster


@pytest.fixture(scope="module")
def on_elasticsearch(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site over the sample in this Elasticsearch."""
    home = tmp_path_factory.mktemp("home") / "site"
    shutil.copytree(sample.embedded(sample.shared(tmp_path_factory.getbasetemp()) / "sample").home, home)
    settings = sample.Settings(home=home, offline=True, elasticsearch_url=(cluster.url,))
    sample.build_index(settings, SilentWatch())
    return Site(
        home,
        free_port(),
        {
            "MARQUEE_ELASTICSEARCH_URL": cluster.url,
            "MARQUEE_ELASTICSEARCH_TIMEOUT": "2",
            "MARQUEE_REQUEST_TIMEOUT": str(REQUEST_TIMEOUT),
            "MARQUEE_METRICS_PORT": str(free_port()),
            "MARQUEE_RATE_LIMITS": "false",
        },
    )


def _metrics(site: Site) -> str:
    url = f"http://127.0.0.1:{site.settings['MARQUEE_METRICS_PORT']}/metrics"
    with urllib.request.urlopen(url, timeout=PATIENCE) as found:
        return str(found.read(), "utf-8")


@pytest.mark.elasticsearch
def test_searches_go_on_while_elasticsearch_hangs_and_after_it_is_killed(
    on_elasticsearch: Site, cluster: Cluster, tmp_path: Path
) -> None:
    site = on_elasticsearch
    with served(site, tmp_path / "log"):
        before = search(site, ASKED)
        assert (before.status, before.body["degraded"]) == (200, [])
        movie = before.body["results"][0]["id"]
        with cluster.stopped(0):
            _assert_degrades(site, before.body)
            until(lambda: get(site, "/health/ready?strict").status == 503)
            ready = get(site, "/health/ready")
            assert (ready.status, ready.body["status"], list(ready.body["degraded"])) == (200, "degraded", ["search"])
        until(lambda: search(site, NEW).body["degraded"] == [])
        until(lambda: get(site, "/health/ready?strict").status == 200)
        cluster.kill(0)
        _assert_degrades(site, before.body)
        assert get(site, f"/api/movies/{movie}").status == 200, "it was shown before"
        metrics = _metrics(site)
    assert 'marquee_searches_degraded_total{reason="cached"} 0.0' not in metrics
    assert 'marquee_searches_degraded_total{reason="popular"} 0.0' not in metrics
    assert "Traceback" not in (tmp_path / "log").read_text()


def _assert_degrades(site: Site, before: Any) -> None:
    """Check that every answer comes in time, and says what it lacks."""
    failures: list[Answer] = []

    def ask(text: str) -> None:
        answer = search(site, text)
        if answer.status != 200 or answer.seconds > REQUEST_TIMEOUT + 2.0:
            failures.append(answer)

    threads = [threading.Thread(target=ask, args=[f"{NEW} {number}"]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    again, other = search(site, ASKED), search(site, "a lawyer defends a whale")
    assert (again.status, again.body["degraded"]) == (200, ["cached"])
    assert [movie["id"] for movie in again.body["results"]] == [movie["id"] for movie in before["results"]]
    assert (other.status, other.body["degraded"]) == (200, ["popular"])
    assert other.body["results"]
    page = get(site, "/search", q="a lawyer defends a whale")
    assert "Search is unavailable right now: these are popular films instead." in page.text
    unseen = get(site, "/years/1931")
    assert unseen.status == 503
    assert int(unseen.headers["Retry-After"]) > 0
    assert get(site, "/health/live").status == 200


def test_a_server_with_a_broken_encoder_searches_by_words_until_it_is_repaired(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    home = tmp_path / "site"
    settings = sample.embedded(sample.shared(tmp_path_factory.getbasetemp()) / "sample")
    shutil.copytree(settings.home, home)
    model = manifest.folder(settings.model_copy(update={"home": home})) / manifest.MODEL
    good = model.read_bytes()
    model.write_bytes(good[:1000])
    site = Site(home, free_port(), {"MARQUEE_RATE_LIMITS": "false"})
    with (tmp_path / "log").open("w") as file, site.running("serve", log=file):
        until(lambda: "search" in get(site, "/health/ready").text)
        found = search(site, ASKED)
        assert (found.status, found.body["degraded"]) == (200, ["encoder"])
        assert "Groundhog Day" in [movie["title"] for movie in found.body["results"][:3]]
        model.write_bytes(good)
        until(lambda: search(site, ASKED).body["degraded"] == [])
        until(lambda: get(site, "/health/ready?strict").status == 200)


@dataclass
class Load:
    """Clients that search as fast as they are answered."""

    site: Site
    statuses: list[int] = field(default_factory=list)
    slowest: float = 0.0
    hints: set[str] = field(default_factory=set)
    over: threading.Event = field(default_factory=threading.Event)

    def ask(self, number: int) -> None:
        """Search until the end, each time for something else."""
        count = 0
        while not self.over.is_set():
            count += 1
            answer = search(self.site, f"a robot alone on an empty earth {number} {count}")
            self.statuses.append(answer.status)
            self.slowest = max(self.slowest, answer.seconds)
            if answer.status == 503:
                self.hints.add(answer.headers["Retry-After"])


def test_more_load_than_a_server_can_take_is_refused_at_once_and_health_is_answered(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    home = sample.embedded(sample.shared(tmp_path_factory.getbasetemp()) / "sample").home
    metrics = free_port()
    limits = {"THREADS": "1", "MAX_WAITING": "3", "RATE_LIMITS": "false", "METRICS_PORT": str(metrics)}
    site = Site(home, free_port(), {f"MARQUEE_{name}": value for name, value in limits.items()})
    with served(site, tmp_path / "log"):
        load = Load(site)
        threads = [threading.Thread(target=load.ask, args=[number]) for number in range(40)]
        for thread in threads:
            thread.start()
        try:
            until(lambda: load.statuses.count(503) >= 50 and load.statuses.count(200) >= 20)
            assert get(site, "/health/live").status == 200
            assert get(site, "/health/ready").status == 200
            figures = _metrics(site)
        finally:
            load.over.set()
            for thread in threads:
                thread.join()
        assert set(load.statuses) == {200, 503}
        assert load.hints == {"1"}
        waiting = [line for line in figures.splitlines() if line.startswith('marquee_http_waiting{share="pages"}')]
        assert float(waiting[0].split()[-1]) <= 3
        assert 'marquee_http_refused_total{status="503"} 0.0' not in figures
        until(lambda: search(site, ASKED).status == 200)


def test_a_worker_that_is_replaced_during_an_outage_of_the_encoder_serves_too(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    home = tmp_path / "site"
    settings = sample.embedded(sample.shared(tmp_path_factory.getbasetemp()) / "sample")
    shutil.copytree(settings.home, home)
    site = Site(home, free_port(), {"MARQUEE_RATE_LIMITS": "false"})
    with (tmp_path / "log").open("w") as file, site.running("serve", log=file) as process:
        until(lambda: search(site, ASKED).status == 200)
        shutil.rmtree(manifest.folder(settings.model_copy(update={"home": home})))
        (worker,) = children(process.pid)
        os.kill(int(worker), signal.SIGKILL)
        until(lambda: children(process.pid) not in ([worker], []))
        until(lambda: _status(site) == 200)
        assert search(site, ASKED).body["degraded"] == ["encoder"]


def _status(site: Site) -> int:
    try:
        return search(site, ASKED).status
    except OSError:
        return 0
