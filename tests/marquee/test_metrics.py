"""Metrics of `marquee serve` with two worker processes, and Prometheus' own programs on them."""

from __future__ import annotations

import itertools
import json
import os
import re
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.marquee.processes import free_port
from tests.marquee.test_serving import Running, served, until

DEPLOYED = Path(__file__).parents[2] / "deploy" / "prometheus"
DASHBOARD = DEPLOYED.parent / "grafana" / "marquee.json"
MONITORING = DEPLOYED.parents[1] / "docs" / "monitoring.md"
ROUTE = "/api/movies/<int:movie_id>"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def port() -> int:
    """The port of the metrics."""
    return free_port()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, port: int) -> Iterator[Running]:
    """A server with two workers and metrics on a port of their own."""
    with served(tmp_path_factory, workers="2", drain_seconds="0", rate_limits="0", metrics_port=str(port)) as server:
        until(lambda: len(server.workers()) == 2 and value(port, "marquee_workers") == 2)
        yield server


def scraped(port: int) -> str:
    """Return the metrics as text."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
        return str(answer.read(), "utf-8")


def value(port: int, name: str, **labels: str) -> float:
    """Return the sum of the samples with this name and these labels."""
    return sum(
        sample.value
        for family in text_string_to_metric_families(scraped(port))
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    )


def growth(port: int, act: Callable[[], object], name: str, **labels: str) -> float:
    """Return by how much a metric grows while `act` runs."""
    before = value(port, name, **labels)
    act()
    return value(port, name, **labels) - before


def test_the_requests_of_both_workers_are_added_up(site: Running, port: int) -> None:
    def ask() -> None:
        for _ in range(40):
            assert site.get("/api/search?q=robot")[0] == 200

    assert growth(port, ask, "marquee_http_requests_total", route="/api/search", method="GET", status="200") == 40
    assert growth(port, ask, "marquee_http_request_duration_seconds_count", route="/api/search") == 40
    assert growth(port, ask, "marquee_search_stage_duration_seconds_count", stage="engine") == 40
    assert growth(port, ask, "marquee_searches_total") == 40


def test_no_sample_names_a_path_or_a_text_that_somebody_sent(site: Running, port: int) -> None:
    site.get("/api/search?q=unmistakable")
    site.get("/unmistakable/page")
    site.get("/api/movies/987654321")
    text = scraped(port)
    assert "unmistakable" not in text
    assert "987654321" not in text
    assert value(port, "marquee_http_requests_total", route="(unknown)", status="404") >= 1


def test_counts_go_on_when_a_worker_is_killed(site: Running, port: int) -> None:
    site.get("/api/genres")
    before = value(port, "marquee_http_requests_total")
    workers = site.workers()
    os.kill(min(workers), signal.SIGKILL)
    until(lambda: len(site.workers() - {min(workers)}) == 2 and value(port, "marquee_workers") == 2)
    assert value(port, "marquee_http_requests_total") >= before
    assert growth(port, lambda: [site.get("/api/genres") for _ in range(9)], "marquee_http_requests_total") == 9


def test_the_website_has_no_metrics_and_their_port_no_website(site: Running, port: int) -> None:
    assert site.get("/metrics")[0] == 404
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30)


def test_every_metric_of_the_alerts_is_exported_by_a_running_site(site: Running, port: int) -> None:
    assert site.get("/api/genres")[0] == 200
    text = scraped(port)
    for name in ("marquee_workers", "marquee_part_up", "marquee_index_age_seconds", "marquee_events_dropped_total"):
        assert f"\n{name}" in text


def queries() -> dict[str, list[str]]:
    """Return the queries of the dashboard by panel, for all servers within a minute."""
    board = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    return {
        panel["title"]: [
            target["expr"].replace("$instance", ".*").replace("$__rate_interval", "1m") for target in panel["targets"]
        ]
        for panel in board["panels"]
    }


def test_the_dashboard_asks_for_exported_metrics_and_their_labels(site: Running, port: int) -> None:
    assert site.get("/api/genres")[0] == 200
    families = {family.name: family for family in text_string_to_metric_families(scraped(port))}
    asked = set(re.findall(r"marquee_[a-z_]+", " ".join(itertools.chain(*queries().values()))))
    known = {name + suffix for name in families for suffix in ("", "_total", "_bucket", "_sum", "_count")}
    # Jobs and models appear once there are any.
    late = {"marquee_job_last_outcome", "marquee_job_last_run_age_seconds", "marquee_model_age_seconds"}
    assert asked - known <= late
    documented = MONITORING.read_text(encoding="utf-8")
    assert [name for name in late if f"`{name}`" not in documented] == []
    shown = {re.sub(r"_(bucket|sum|count)$", "", name) for name in asked}
    exported = set(re.findall(r"^\| `(marquee_[a-z_]+)`", documented, re.M))
    assert exported - shown == set(), "every documented metric is on the dashboard"


def test_the_panels_of_the_dashboard_do_not_overlap() -> None:
    board = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    cells = [
        (x, y)
        for panel in board["panels"]
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])


@pytest.mark.prometheus
def test_prometheus_scrapes_a_running_site_and_loads_the_alerts(site: Running, port: int, tmp_path: Path) -> None:
    assert site.get("/api/genres")[0] == 200
    config = (DEPLOYED / "prometheus.yml").read_text(encoding="utf-8")
    assert "127.0.0.1:9464" in config
    config = config.replace("127.0.0.1:9464", f"127.0.0.1:{port}").replace("15s", "1s")
    (tmp_path / "prometheus.yml").write_text(config, encoding="utf-8")
    (tmp_path / "alerts.yml").write_text((DEPLOYED / "alerts.yml").read_text(encoding="utf-8"), encoding="utf-8")
    own = free_port()
    command = [
        "prometheus",
        f"--config.file={tmp_path / 'prometheus.yml'}",
        f"--storage.tsdb.path={tmp_path / 'data'}",
        f"--web.listen-address=127.0.0.1:{own}",
    ]
    with (tmp_path / "log").open("w") as log, subprocess.Popen(command, stderr=log, stdout=log) as prometheus:
        try:
            until(lambda: _asked(own, 'up{job="marquee"}') == ["1"])
            until(lambda: _asked(own, "sum(marquee_workers)") == ["2"])
            with urllib.request.urlopen(f"http://127.0.0.1:{own}/api/v1/rules", timeout=30) as answer:
                rules = json.load(answer)["data"]["groups"][0]["rules"]
            assert {rule["health"] for rule in rules} <= {"ok", "unknown"}
            refused = {query for asked in queries().values() for query in asked if _refused(own, query)}
            assert refused == set(), "Prometheus understands every query of the dashboard"
        finally:
            prometheus.terminate()


def _refused(port: int, query: str) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/query?query={quote(query)}", timeout=30).close()
    except urllib.error.HTTPError:
        return True
    return False


def _asked(port: int, query: str) -> list[str]:
    """Return the values that Prometheus has for a query; empty until it responds."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/query?query={quote(query)}", timeout=30) as answer:
            return [one["value"][1] for one in json.load(answer)["data"]["result"]]
    except OSError:
        return []
