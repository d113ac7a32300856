"""The administrators' API: permissions, responses and errors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import webapp
from core.config import Settings
from core.errors import ModelMissing, StoreUnavailable
from core.jobs.job_catalogue import JOBS
from core.jobs.runs import Outcome
from core.recommendations.models import Status
from core.users import Scope
from engine.services import Services
from tests import fakes
from tests.fake_jobs import NEXT, VERSIONS
from webapp.admin.api.event_streams import MOST

PASSWORD = "correct horse"
NEWEST, PUBLISHED, REJECTED = (version.version for version in VERSIONS)
READS = (
    "/training-status",
    "/training-status/stream",
    "/metrics",
    "/metrics/history",
    "/models",
    f"/models/compare?first={NEWEST}&second={PUBLISHED}",
    "/models/best",
    "/jobs",
    "/jobs/runs",
    "/jobs/runs/1",
    "/insights",
    "/experiments",
    "/audit",
)
WRITES = (
    ("POST", "/train"),
    ("POST", "/retrain"),
    ("POST", "/jobs/trending/run"),
    ("POST", "/jobs/runs/1/cancel"),
    ("POST", f"/models/activate/{NEWEST}"),
    ("DELETE", f"/models/{REJECTED}"),
)
EVERYTHING = [*(("GET", path) for path in READS), *WRITES]


@dataclass
class Office:
    """A site, and programs that call it."""

    services: Any = field(default_factory=lambda: fakes.services(settings=Settings(secret_key="k" * 40)))

    def __post_init__(self) -> None:
        self.client: FlaskClient = webapp.create_app(self.services).test_client()
        self.boss = self.token("Grace", administrator=True)

    def token(self, name: str, *scopes: Scope, administrator: bool = False) -> str:
        """Return the token of a new user, with both scopes by default."""
        user = self.services.accounts.sign_up(name, PASSWORD)
        if administrator:
            user = self.services.accounts.make_administrator(user)
        return str(self.services.accounts.add_token(user, "tests", frozenset(scopes or Scope))[1])

    def call(self, method: str, path: str, *, token: str | None = None, **more: Any) -> TestResponse:
        """Send a request as the administrator, or with another token; an empty one is no token."""
        wanted = self.boss if token is None else token
        headers = {"Authorization": f"Bearer {wanted}"} if wanted else {}
        return self.client.open(f"/api/ml{path}", method=method, headers=headers, **more)

    def get(self, path: str) -> Any:
        """Return the JSON of a GET request."""
        answer = self.call("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json

    def post(self, path: str, body: Mapping[str, object] | None = None) -> TestResponse:
        """Send a POST request."""
        return self.call("POST", path, **({} if body is None else {"json": body}))


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.mark.parametrize(("method", "path"), EVERYTHING)
def test_visitors_are_asked_to_sign_in_and_users_are_refused(office: Office, method: str, path: str) -> None:
    nobody = office.call(method, path, token="")
    assert (nobody.status_code, nobody.mimetype) == (401, "application/problem+json")
    user = office.call(method, path, token=office.token("Ada"))
    assert (user.status_code, user.mimetype) == (403, "application/problem+json")
    assert "administrators" in user.json["detail"]
    assert office.services.operations.all_runs == []
    assert office.services.lifecycle.done == []


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_a_read_only_token_changes_nothing(office: Office, method: str, path: str) -> None:
    office.services.operations.enqueue(
        "implicit-feedback", parameters={}, by=office.services.accounts.sign_up("Bob", PASSWORD)
    )
    reader = office.token("Rita", Scope.READ, Scope.ADMIN, administrator=True)
    assert office.call(method, path, token=reader).status_code == 403
    assert office.call("GET", "/models", token=reader).status_code == 200
    assert len(office.services.operations.audit) == 1


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_a_browser_needs_the_csrf_token(office: Office, method: str, path: str) -> None:
    user = office.services.accounts.sign_up("Eve", PASSWORD)
    office.services.accounts.make_administrator(user)
    browser = office.client.application.test_client()
    token = _form_token(browser.get("/sign-in").text)
    browser.post("/sign-in", data={"name": "Eve", "password": PASSWORD, "csrf_token": token})
    assert browser.get("/api/ml/jobs").status_code == 200
    refused = browser.open(f"/api/ml{path}", method=method)
    assert refused.status_code == 400
    assert "X-CSRFToken" in refused.json["detail"]
    mine = browser.get("/").text.split('name="csrf-token" content="')[1].partition('"')[0]
    allowed = browser.open(f"/api/ml{path}", method=method, headers={"X-CSRFToken": mine})
    assert allowed.status_code in (200, 202, 204, 404), allowed.text


def test_a_training_run_is_queued_and_followed_to_its_end(office: Office) -> None:
    answer = office.post("/train", {"factors": 32, "alpha": 2.5})
    assert answer.status_code == 202
    assert answer.headers["Location"] == answer.json["status_url"] == "/api/ml/jobs/runs/1"
    assert (answer.json["job"], answer.json["outcome"], answer.json["ended"]) == ("retrain", "queued", False)
    assert answer.json["parameters"] == {"factors": 32, "alpha": 2.5}
    figures = {"loss": [3.0, float("nan"), 1.0]}
    office.services.operations.change(1, outcome=Outcome.RUNNING, progress=0.5, doing="epoch 3", figures=figures)
    status = office.get("/training-status")
    assert (status["training"], status["run"]["doing"], status["scheduler"]) == (True, "epoch 3", "here:1")
    assert status["run"]["figures"] == {"loss": [3.0, None, 1.0]}
    office.services.operations.change(1, outcome=Outcome.REJECTED)
    status = office.get("/training-status")
    assert (status["training"], status["run"]["outcome"]) == (False, "rejected")


def test_retraining_uses_a_warm_start_by_default(office: Office) -> None:
    assert office.post("/retrain").json["parameters"] == {"warm_start": True}
    office.services.operations.change(1, outcome=Outcome.DONE)
    assert office.post("/retrain", {"warm_start": False}).json["parameters"] == {"warm_start": False}


def test_queueing_a_job_twice_is_a_conflict(office: Office) -> None:
    assert office.post("/train").status_code == 202
    for path in ("/train", "/retrain", "/jobs/retrain/run"):
        answer = office.post(path)
        assert (answer.status_code, answer.mimetype) == (409, "application/problem+json")
        assert "already" in answer.json["detail"]
    assert len(office.services.operations.all_runs) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"factors": 3}, "factors"),
        ({"factors": "many"}, "factors"),
        ({"colour": 1}, "colour"),
        ({"model": "x"}, "model"),
    ],
)
def test_an_invalid_parameter_is_named(office: Office, body: Mapping[str, object], field: str) -> None:
    answer = office.post("/train", body)
    assert answer.status_code == 400
    assert list(answer.json["errors"]) == [field]
    assert office.services.operations.all_runs == []


@pytest.mark.parametrize("body", [b"[1]", b"{", b'"x"', b"null", b'{"factors": [1]}', b'{"factors": null}'])
def test_a_body_that_is_not_an_object_of_values_is_refused(office: Office, body: bytes) -> None:
    answer = office.call("POST", "/train", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert office.call("POST", "/train", data=b"x=1", content_type="text/plain").status_code == 415


def test_without_a_scheduler_nothing_is_queued(office: Office) -> None:
    office.services.operations.holder = ""
    answer = office.post("/train")
    assert answer.status_code == 503
    assert "No scheduler is running" in answer.json["detail"]
    assert office.services.operations.all_runs == []
    assert office.get("/jobs")["scheduler"] == ""


def test_the_schedule_lists_the_parameters_of_each_job(office: Office) -> None:
    office.post("/jobs/trending/run")
    office.services.operations.change(1, outcome=Outcome.FAILED, error="Traceback: broken")
    office.post("/jobs/trending/run")
    jobs = {job["name"]: job for job in office.get("/jobs")["results"]}
    assert len(jobs) == len(JOBS)
    assert (jobs["trending"]["live"]["id"], jobs["trending"]["last"]["id"]) == (2, 1)
    assert jobs["trending"]["cadence"] == "every 15 minutes"
    factors = next(row for row in jobs["retrain"]["parameters"] if row["name"] == "factors")
    assert (factors["least"], factors["most"], factors["default"]) == (4, 256, 64)


def test_the_schedule_shows_the_next_run_of_each_job(office: Office) -> None:
    jobs = {job["name"]: job for job in office.get("/jobs")["results"]}
    assert datetime.fromisoformat(jobs["trending"]["next"]) == NEXT
    assert jobs["retrain"]["next"] is None


def test_unknown_jobs_and_runs_are_not_found(office: Office) -> None:
    for method, path in (("POST", "/jobs/sing/run"), ("GET", "/jobs/runs/7"), ("POST", "/jobs/runs/7/cancel")):
        assert office.call(method, path).status_code == 404


def test_runs_are_paged(office: Office) -> None:
    for _ in range(5):
        office.post("/jobs/implicit-feedback/run")
        office.services.operations.change(len(office.services.operations.all_runs), outcome=Outcome.DONE)
    seen, path = [], "/jobs/runs?job=implicit-feedback&limit=2"
    while path:
        page = office.get(path)
        seen += [run["id"] for run in page["results"]]
        path = page["next"].removeprefix("/api/ml")
    assert seen == [5, 4, 3, 2, 1]
    assert office.get("/jobs/runs?job=retrain")["results"] == []


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "before=0", "before=x", "before=99999999999999999999", "x=1"]
)
def test_page_sizes_are_limited(office: Office, query: str) -> None:
    for path in ("/jobs/runs", "/audit"):
        assert office.call("GET", f"{path}?{query}").status_code == 400


def test_a_run_can_be_cancelled(office: Office) -> None:
    office.post("/train")
    answer = office.post("/jobs/runs/1/cancel")
    assert (answer.status_code, answer.json["cancel"]) == (202, True)


def test_versions_are_listed_and_compared_and_the_best_is_found(office: Office) -> None:
    models = office.get("/models")
    assert models["current"] == PUBLISHED
    assert [model["version"] for model in models["results"]] == [NEWEST, PUBLISHED, REJECTED]
    compared = office.get(f"/models/compare?first={PUBLISHED}&second={NEWEST}")
    rows = {row["name"]: row for row in compared["metrics"]}
    assert rows["ndcg@10"]["difference"] == pytest.approx(0.02)
    assert (rows["rmse"]["first"], rows["rmse"]["difference"]) == (None, None)
    assert compared["parameters"] == [{"name": "factors", "first": 32, "second": 64}]
    assert office.get("/models/best")["version"] == NEWEST
    assert office.get("/models/best?metric=coverage")["version"] == PUBLISHED
    assert office.call("GET", "/models/best?metric=charm").json["errors"].keys() == {"metric"}
    assert office.call("GET", f"/models/compare?first={PUBLISHED}&second=never").status_code == 404
    assert office.call("GET", "/models/compare").json["errors"].keys() == {"first", "second"}


def test_metrics_are_those_of_the_published_version(office: Office) -> None:
    assert office.get("/metrics")["version"] == PUBLISHED
    assert [row["version"] for row in office.get("/metrics/history")["results"]] == [REJECTED, PUBLISHED, NEWEST]
    assert office.get("/metrics")["baselines"]["popularity"] == {"ndcg@10": 0.17, "coverage": 0.02}
    assert [one["policy"] for one in office.get("/metrics")["exploration"]] == ["best", "at random"]
    assert office.get("/metrics/history")["results"][0]["exploration"] == []
    office.services.lifecycle.models = []
    assert office.call("GET", "/metrics").status_code == 404
    assert office.get("/models") == {"current": "", "results": []}


def test_the_reports_describe_the_data(office: Office) -> None:
    report = office.get("/insights?days=2&limit=1")
    assert (report["ratings"], report["sparsity"], report["cold_share"]) == (1305, 0.9, 0.25)
    assert report["ratings_per_day"] == [{"day": "2024-01-01", "ratings": 0}, {"day": "2024-01-02", "ratings": 3}]
    assert report["unanswered"] == [{"text": "a film about nothing", "times": 9, "users": 4}]
    assert [row["sessions"]["share"] for row in report["online"]] == [0.1, 0.11, 0.12]
    assert office.call("GET", "/insights?days=0").status_code == 400


def test_experiments_include_effects_and_conclusions(office: Office) -> None:
    ranker, empty = office.get("/experiments")["results"]
    assert [variant["name"] for variant in ranker["variants"]] == ["published", "bold", "interleave"]
    assert [effect["excludes_zero"] for effect in ranker["effects"]] == [True, False, False]
    assert (ranker["drafted"]["wins"], ranker["drafted"]["winner"]) == ([5, 11], "")
    assert (empty["since"], empty["effects"], empty["drafted"]) == (None, [], None)


def test_a_version_is_published_and_another_deleted(office: Office) -> None:
    answer = office.post(f"/models/activate/{NEWEST}")
    assert (answer.status_code, answer.json["status"]) == (200, "published")
    assert office.call("DELETE", f"/models/{NEWEST}").status_code == 409
    assert office.call("DELETE", f"/models/{PUBLISHED}").status_code == 204
    assert office.call("DELETE", f"/models/{PUBLISHED}").status_code == 404
    assert office.services.lifecycle.done == [("activate", NEWEST, "Grace"), ("delete", PUBLISHED, "Grace")]


def test_a_damaged_version_is_not_published(office: Office) -> None:
    lifecycle = office.services.lifecycle
    lifecycle.models = [replace(model, status=Status.DAMAGED) for model in lifecycle.models]
    answer = office.post(f"/models/activate/{NEWEST}")
    assert answer.status_code == 503
    assert "damaged" in answer.json["detail"]


def test_every_change_is_in_the_audit_log_with_its_author(office: Office) -> None:
    office.post("/train")
    office.post("/jobs/runs/1/cancel")
    lines = office.get("/audit?limit=1")
    line = lines["results"][0]
    assert (line["id"], line["by_name"], line["action"], line["subject"]) == (2, "Grace", "cancel", "1")
    assert line["details"] == {"job": "retrain"}
    older = office.get(lines["next"].removeprefix("/api/ml"))
    assert [line["action"] for line in older["results"]] == ["run"]


@pytest.mark.parametrize(
    "error", [StoreUnavailable("the database is away"), ModelMissing("no model; run marquee train")]
)
def test_an_unavailable_service_is_a_problem_with_a_message(error: Exception) -> None:
    sound = fakes.services(settings=Settings(secret_key="k" * 40))
    broken = fakes.broken_services(error, settings=sound.settings)
    office = Office(_with(broken, accounts=sound.accounts))
    for method, path in EVERYTHING:
        answer = office.call(method, path)
        assert (answer.status_code, answer.json["detail"]) == (503, str(error)), path


def _with(services: Services, **parts: Any) -> Services:
    return replace(services, **parts)


def _form_token(page: str) -> str:
    return page.split('name="csrf_token" value="')[1].partition('"')[0]


def test_a_stream_sends_changes_and_ends_with_the_run(office: Office) -> None:
    office.post("/train")
    office.services.operations.change(1, outcome=Outcome.DONE, figures={"loss": [1.0]})
    events = _events(office.call("GET", "/training-status/stream").text)
    assert [name for name, _ in events] == ["run", "end"]
    assert json.loads(events[0][1])["figures"] == {"loss": [1.0]}
    assert office.call("GET", "/training-status/stream?run=9").status_code == 404


def test_the_number_of_streams_is_limited(office: Office) -> None:
    office.post("/train")
    path = "/training-status/stream?seconds=1"
    opened = [office.call("GET", path, buffered=False) for _ in range(MOST)]
    refused = office.call("GET", path)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "10")
    opened.pop().close()
    assert office.call("GET", path).status_code == 200
    for stream in opened:
        stream.close()


def _events(text: str) -> list[tuple[str, str]]:
    lines = [block.split("\n") for block in text.split("\n\n") if block.startswith("event: ")]
    return [(name.removeprefix("event: "), data.removeprefix("data: ")) for name, data in lines]
