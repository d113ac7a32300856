"""What is counted, who may read it, and that the alerts use nothing else."""

from __future__ import annotations

import dataclasses
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from core.config import Settings
from core.errors import SearchUnavailable, StoreUnavailable
from core.jobs.runs import Outcome, Run
from core.types import Degradation
from engine.clock import now
from engine.services import Services
from tests import fakes
from tests.fake_jobs import FakeOperations
from tests.webapp.server.channels import Channel, ask, run
from webapp.app import create_app
from webapp.metrics.instruments import Instruments
from webapp.metrics.requests import counting
from webapp.metrics.sampler import Sampler
from webapp.metrics.site_figures import KEPT, SiteFigures
from webapp.server import assembly
from webapp.server.admission import Admission
from webapp.server.front import MAX_TARGET, Front
from webapp.server.health import Health
from webapp.server.shares import Share

ROOT = Path(__file__).parents[3]
DEPLOYED = ROOT / "deploy" / "prometheus"
TOKEN = "a token of sixteen letters and more"
ALERTS = yaml.safe_load((DEPLOYED / "alerts.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
PAGE = (ROOT / "docs" / "monitoring.md").read_text(encoding="utf-8")
SUFFIX = re.compile(r"_(bucket|count|sum|total|created)$")
Collected = Mapping[tuple[str, tuple[tuple[str, str], ...]], float]


@dataclass
class Losing:
    """A queue that lost events."""

    dropped: int = 0


@dataclass
class Counted:
    """Instruments and what they show."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    instruments: Instruments = field(init=False)

    def __post_init__(self) -> None:
        self.instruments = Instruments(self.registry)

    def value(self, name: str, **labels: str) -> float | None:
        """Return the value of a sample; None if there is none."""
        return self.registry.get_sample_value(name, labels)


@pytest.fixture
def counted() -> Counted:
    return Counted()


def client(counted: Counted, services: Services) -> Any:
    """Return a client of an application that counts."""
    return create_app(services, count=counting(counted.instruments)).test_client()


def front(**settings: Any) -> Front:
    """Return a server with these settings."""
    return assembly.create_front(fakes.services(settings=Settings(rate_limits=False, **settings)))


def answer(server: Front, target: str = "/metrics", **headers: str) -> Channel:
    """Return the response to a request."""
    return run(lambda: ask(server, target, **headers))


def names(text: str) -> set[str]:
    """Return the names of the families in a response."""
    return {family.name for family in text_string_to_metric_families(text)}


def test_requests_are_counted_by_route_method_and_status(counted: Counted) -> None:
    site = client(counted, fakes.services())
    for movie in (fakes.MOVIES[0].id, fakes.MOVIES[1].id):
        assert site.get(f"/api/movies/{movie}").status_code == 200
    route = "/api/movies/<int:movie_id>"
    routes = {sample.labels["route"] for sample in _samples(counted, "marquee_http_requests_total")}
    assert len(routes) == 1
    assert str(fakes.MOVIES[0].id) not in routes.copy().pop(), route
    labels = {"route": routes.pop(), "method": "GET", "status": "200"}
    assert counted.value("marquee_http_requests_total", **labels) == 2
    assert counted.value("marquee_http_request_duration_seconds_count", route=labels["route"]) == 2


def test_unknown_addresses_and_methods_share_a_label(counted: Counted) -> None:
    site = client(counted, fakes.services())
    for number in range(3):
        site.open(f"/nowhere/{number}", method=f"METHOD{number}")
    assert counted.value("marquee_http_requests_total", route="(unknown)", method="OTHER", status="404") == 3


def test_a_page_that_the_browser_has_already_counts_with_its_final_status(counted: Counted) -> None:
    site = client(counted, fakes.services())
    tag = site.get("/about").headers["ETag"]
    site.get("/about", headers={"If-None-Match": tag})
    assert counted.value("marquee_http_requests_total", route="/about", method="GET", status="304") == 1


def test_searches_and_those_without_results_are_counted(counted: Counted) -> None:
    site = client(counted, fakes.services())
    for query in ("zzzzqqqq", fakes.MOVIES[0].title):
        assert site.get("/api/search", query_string={"q": query}).status_code == 200
    assert counted.value("marquee_searches_total") == 2
    assert counted.value("marquee_searches_empty_total") == 1


def test_searches_that_lack_something_are_counted_by_what_it_is(counted: Counted) -> None:
    services = fakes.services()
    site = client(counted, dataclasses.replace(services, search=fakes.degraded(services.search, Degradation.POPULAR)))
    for path in ("/api/search", "/search"):
        assert site.get(path, query_string={"q": fakes.MOVIES[0].title}).status_code == 200
    assert counted.value("marquee_searches_degraded_total", reason="popular") == 2
    assert counted.value("marquee_searches_degraded_total", reason="encoder") == 0
    assert counted.value("marquee_searches_total") == 2


@pytest.mark.parametrize(
    ("error", "dependency"), [(SearchUnavailable("away"), "search"), (StoreUnavailable("away"), "database")]
)
def test_requests_that_fail_because_of_a_dependency_are_counted(
    counted: Counted, error: Exception, dependency: str
) -> None:
    assert client(counted, fakes.broken_services(error)).get("/api/search?q=robot").status_code == 503
    assert counted.value("marquee_dependency_errors_total", dependency=dependency) == 1


def test_a_sample_shows_threads_parts_connections_and_only_new_losses(counted: Counted) -> None:
    losing = Losing()
    health = Health({"search": lambda: "", "accounts": lambda: "away"}, dict)
    for name, part in health._parts.items():
        part.problem = health.checks[name]()
    sampler = Sampler(
        counted.instruments, {Share.PAGES: Admission(4)}, health, lambda: {"in_use": 3}, {"events": losing}
    )
    for lost in (2, 2, 5):
        losing.dropped = lost
        sampler.sample()
    assert counted.value("marquee_events_dropped_total", queue="events") == 5
    assert counted.value("marquee_http_threads", share="pages") == 4
    assert counted.value("marquee_part_up", part="search") == 1
    assert counted.value("marquee_part_up", part="accounts") == 0
    assert counted.value("marquee_database_connections", state="in_use") == 3


def test_jobs_have_their_latest_outcome_and_age() -> None:
    at = now()
    ended = [
        Run(1, "retrain", Outcome.FAILED, at, ended_at=at - timedelta(hours=2)),
        Run(2, "retrain", Outcome.DONE, at, ended_at=at - timedelta(hours=1)),
        Run(3, "a job of the past", Outcome.DONE, at, ended_at=at),
    ]
    registry = CollectorRegistry()
    registry.register(SiteFigures(_with(FakeOperations(ended)), clock=lambda: at))
    value = registry.get_sample_value
    assert value("marquee_job_last_outcome", {"job_name": "retrain", "outcome": "done"}) == 1
    assert value("marquee_job_last_outcome", {"job_name": "retrain", "outcome": "failed"}) == 0
    assert value("marquee_job_last_run_age_seconds", {"job_name": "retrain"}) == 3600
    assert value("marquee_job_last_run_age_seconds", {"job_name": "a job of the past"}) is None
    assert value("marquee_index_movies") == len(fakes.MOVIES)
    assert value("marquee_scheduler_up") == 1


def test_figures_of_the_site_are_read_at_most_every_ten_seconds() -> None:
    elapsed = [0.0]
    operations = FakeOperations()
    registry = CollectorRegistry()
    registry.register(SiteFigures(_with(operations), timer=lambda: elapsed[0]))
    assert registry.get_sample_value("marquee_scheduler_up") == 1
    operations.holder = ""
    assert registry.get_sample_value("marquee_scheduler_up") == 1
    elapsed[0] = KEPT
    assert registry.get_sample_value("marquee_scheduler_up") == 0


def test_what_cannot_be_read_is_left_out() -> None:
    registry = CollectorRegistry()
    registry.register(SiteFigures(fakes.broken_services(StoreUnavailable("away"))))
    assert registry.get_sample_value("marquee_scheduler_up") is None


def test_there_are_no_metrics_unless_they_are_configured() -> None:
    server = front()
    assert server.metrics is None
    assert answer(server).status == 404


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN, "Bearer ü"])
def test_metrics_on_the_websites_port_need_the_token(authorization: str) -> None:
    refused = answer(front(metrics_token=SecretStr(TOKEN)), authorization=authorization)
    assert (refused.status, refused.headers["www-authenticate"]) == (401, "Bearer")
    assert b"marquee_" not in refused.body


def test_metrics_are_served_to_the_holder_of_the_token() -> None:
    server = front(metrics_token=SecretStr(TOKEN))
    assert answer(server, "/nowhere" * (MAX_TARGET // 8 + 1)).status == 414
    found = answer(server, authorization=f"Bearer {TOKEN}")
    assert found.status == 200
    assert found.headers["content-type"].startswith("text/plain; version=")
    assert 'marquee_http_refused_total{status="414"} 1.0' in found.body.decode()
    assert answer(server, "/health/live").status == 200


def test_a_port_of_its_own_serves_metrics_only() -> None:
    server = front(metrics_port=8000, port=8001)  # the port of requests in these tests
    assert answer(server).status == 200
    assert answer(server, "/about").status == 404
    assert run(lambda: ask(server, "/metrics", "POST")).status == 405


def test_a_token_protects_a_port_of_its_own_too() -> None:
    server = front(metrics_port=8000, port=8001, metrics_token=SecretStr(TOKEN))
    assert answer(server).status == 401
    assert answer(server, authorization=f"bearer {TOKEN}").status == 200


def test_the_metrics_cannot_use_the_websites_port_without_a_token() -> None:
    with pytest.raises(ValueError, match="MARQUEE_METRICS_PORT: expected another port than MARQUEE_PORT"):
        Settings(port=8000, metrics_port=8000)


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule["alert"])
def test_every_metric_of_an_alert_is_exported(rule: Mapping[str, Any]) -> None:
    used = {SUFFIX.sub("", name) for name in re.findall(r"marquee_\w+", rule["expr"])}
    assert used <= _exported()


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule["alert"])
def test_an_alert_leads_to_a_section_of_the_documentation(rule: Mapping[str, Any]) -> None:
    assert set(rule["annotations"]) == {"summary", "description", "runbook_url"}
    assert rule["annotations"]["runbook_url"] == f"docs/monitoring.md#{rule['alert'].lower()}"
    assert f"### {rule['alert']}\n" in PAGE


def test_the_documentation_lists_exactly_the_exported_metrics() -> None:
    listed = set(re.findall(r"^\| `(marquee_\w+)` \|", PAGE, re.MULTILINE))
    assert {SUFFIX.sub("", name) for name in listed} == _exported()


@pytest.mark.prometheus
@pytest.mark.parametrize("command", [("check", "rules", "alerts.yml"), ("test", "rules", "alerts.test.yml")])
def test_promtool_accepts_the_alerts_and_their_tests(command: tuple[str, ...]) -> None:
    promtool = shutil.which("promtool")
    assert promtool is not None
    run = subprocess.run([promtool, *command], cwd=DEPLOYED, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def _exported() -> set[str]:
    """Return the names of all metrics that a server exports."""
    text = answer(front(metrics_token=SecretStr(TOKEN)), authorization=f"Bearer {TOKEN}").body.decode()
    return {SUFFIX.sub("", name) for name in names(text)}


def _samples(counted: Counted, name: str) -> Iterator[Any]:
    return (sample for family in counted.registry.collect() for sample in family.samples if sample.name == name)


def _with(operations: FakeOperations) -> Services:
    over: Any = operations
    return dataclasses.replace(fakes.services(), operations=over)
