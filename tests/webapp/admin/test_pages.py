"""The administration pages: permissions, content and escaping."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from flask import url_for
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import webapp
from core.config import Settings
from core.errors import IndexMissing, ModelMissing, StoreUnavailable
from core.jobs.job_catalogue import JOBS, Job
from core.jobs.runs import Outcome
from core.types import MovieId
from core.users import User, UserId
from tests import fakes
from tests.fake_jobs import LONG_AGO, NEXT, VERSIONS
from tests.made_up import MOVIES
from webapp.admin import charts, metric_catalogue
from webapp.admin.metric_catalogue import ACTIVITY, FAILED_JOBS, MODEL_AGE, OFFLINE, ONLINE, Metric

PASSWORD = "correct horse"
NEWEST, PUBLISHED, REJECTED = (version.version for version in VERSIONS)
PAGES = (
    "",
    "/models",
    f"/models/{NEWEST}",
    f"/models/compare?first={NEWEST}&second={PUBLISHED}",
    "/training",
    "/jobs",
    "/jobs/retrain",
    "/runs/1",
    "/activity",
    "/users",
    "/users/Ada/recommendations",
    "/movies?q=s",
    "/movies/101",
    "/metrics",
    "/data",
    "/trending",
    "/searches",
    "/understanding",
    "/understanding/1",
    "/experiments",
    "/audit",
)
FORMS = (
    "/training",
    "/jobs/implicit-feedback/run",
    "/runs/1/cancel",
    f"/models/{NEWEST}/activate",
    f"/models/{REJECTED}/delete",
    "/understanding",
    "/understanding/1",
    "/understanding/1/delete",
    "/understanding/import",
)
HOSTILE = '<script>alert("x")</script><img src=x onerror=y>\x1b[31m"\'&'


@dataclass
class Browser:
    """A browser, signed in as somebody."""

    client: FlaskClient

    def get(self, path: str = "") -> TestResponse:
        """Open an administration page."""
        return self.client.get(f"/admin{path}")

    def post(self, path: str, **fields: str) -> TestResponse:
        """Send a form with the token of the pages, and follow the redirect."""
        token = _token(self.client.get("/account").text)
        sent = {"csrf_token": token, **fields}
        return self.client.post(f"/admin{path}", data=sent, follow_redirects=True)


@dataclass
class House:
    """A site with an administrator and a run."""

    services: Any = field(default_factory=lambda: fakes.services(settings=Settings(secret_key="k" * 40)))

    def __post_init__(self) -> None:
        self.app = webapp.create_app(self.services)
        accounts = self.services.accounts
        self.grace: User = accounts.make_administrator(accounts.sign_up("Grace", PASSWORD))
        ada = accounts.sign_up("Ada", PASSWORD)
        self.services.operations.accounts = (ada,)
        self.services.understandings.label("a witty heist", "wish", "mood:funny", by=self.grace)

    def browser(self, name: str = "") -> Browser:
        """Return a browser; signed in if a name is given."""
        client = self.app.test_client()
        if name:
            token = _token(client.get("/sign-in").text)
            client.post("/sign-in", data={"name": name, "password": PASSWORD, "csrf_token": token})
        return Browser(client)

    def without(self, **parts: Any) -> Browser:
        """Return the administrator's browser, with some services replaced after signing in."""
        cookie = self.browser("Grace").client.get_cookie("marquee")
        assert cookie
        client = webapp.create_app(replace(self.services, **parts)).test_client()
        client.set_cookie("marquee", cookie.value)
        return Browser(client)

    def train(self, **changes: Any) -> None:
        """Queue a training run with this progress."""
        self.services.operations.enqueue("retrain", parameters={"factors": 32}, by=self.grace)
        self.services.operations.change(1, **changes)


@pytest.fixture
def house() -> House:
    made = House()
    made.train(outcome=Outcome.RUNNING, started_at=LONG_AGO, figures={"loss": {"als": [3.0, 2.0, 1.5]}})
    return made


@pytest.fixture
def grace(house: House) -> Browser:
    return house.browser("Grace")


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_for_administrators_only(house: House, path: str) -> None:
    nobody = house.browser().get(path)
    assert (nobody.status_code, nobody.headers["Location"].startswith("/sign-in")) == (303, True)
    user = house.browser("Ada").get(path)
    assert user.status_code == 403
    assert "administrators" in user.text
    page = house.browser("Grace").get(path)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert "<script>" not in page.text
    assert " style=" not in page.text


@pytest.mark.parametrize("path", FORMS)
def test_a_form_of_another_user_changes_nothing(house: House, path: str) -> None:
    assert house.browser().client.post(f"/admin{path}").status_code == 303
    assert house.browser("Ada").post(path).status_code == 403
    forged = house.browser("Grace").client.post(f"/admin{path}", data={"csrf_token": "wrong"})
    assert forged.status_code == 400
    assert len(house.services.operations.audit) == 1
    assert house.services.lifecycle.done == []


def test_only_administrators_have_the_menu_item(house: House) -> None:
    assert 'href="/admin"' in house.browser("Grace").client.get("/").text
    assert 'href="/admin"' not in house.browser("Ada").client.get("/").text


def test_the_overview_shows_the_published_model_and_current_runs(grace: Browser) -> None:
    text = grace.get().text
    assert f"<b>{PUBLISHED}</b>" in text
    assert "0.29" in text
    assert "<code>here:1</code>" in text
    assert 'href="/admin/runs/1"' in text


def test_the_overview_says_how_today_compares_with_the_week_before(grace: Browser) -> None:
    text = grace.get().text
    today = re.findall(r'<li class="figure-card">.*?</li>', text, re.DOTALL)
    names = [re.sub(r"<[^>]+>", "", re.search(r"<h3>(.*?)</h3>", card)[1]) for card in today]  # type: ignore[index]
    assert names == [metric.name for metric in (*ACTIVITY, MODEL_AGE, FAILED_JOBS)]
    users, _, clicked, empty, helpful, _, _, p95, errors, age, failed = (
        " ".join(re.sub(r"<[^>]+>", "", c).split()) for c in today
    )
    assert "22 users +4 users against the daily mean of the 7 days before" in users
    assert "38 % −4 percentage points" in clicked
    assert "Higher is better; target at least 40 %: missed" in clicked
    assert "4 % ±0 percentage points" in empty
    assert "Lower is better; target at most 5 %: met" in empty
    assert "Helpful 75 %" in helpful
    assert "70 ms" in p95
    assert "target at most 60 ms: missed" in p95
    assert "target at most 0 errors: met" in errors
    assert "days" in age
    assert failed.startswith("Failed jobs 0 jobs")


@pytest.mark.parametrize(
    "metric", [*ACTIVITY, MODEL_AGE, FAILED_JOBS, *OFFLINE, *ONLINE], ids=lambda metric: metric.key
)
def test_every_metric_has_a_meaning_and_a_page(house: House, metric: Metric) -> None:
    assert metric.meaning.endswith(".")
    with house.app.test_request_context():
        assert house.browser("Grace").client.get(url_for(metric.endpoint)).status_code == 200


def test_every_metric_of_a_version_is_explained_with_its_direction(grace: Browser) -> None:
    text = " ".join(re.sub(r"<[^>]+>", " ", grace.get("/metrics").text).split())
    assert "NDCG@k – higher is better" in text
    assert "RMSE stars lower is better" in text
    assert "Click-through rate % higher is better" in text
    measured = {name for version in VERSIONS for name in version.metrics}
    assert {metric.key for metric in metric_catalogue.offline(measured)} == {"ndcg", "recall", "coverage", "rmse"}


def test_a_version_is_compared_with_its_baselines(grace: Browser) -> None:
    text = " ".join(re.sub(r"<[^>]+>", " ", grace.get("/models/20240102-000000").text).split())
    assert (
        "Compared with baselines Metric This version Popularity coverage 0.45 0.02 ndcg@10 0.29 0.17 recall@20" in text
    )
    assert "Compared with baselines" not in grace.get("/models/20240103-000000").text


def test_the_metrics_show_what_other_policies_would_have_achieved(grace: Browser) -> None:
    text = " ".join(re.sub(r"<[^>]+>", " ", grace.get("/metrics").text).split())
    assert "the best movie by score 900 410.2 25.0% 21.0% to 29.0% 26.0%" in text
    assert "any candidate at random 900 12.5 too few draws" in text


def test_the_biases_of_all_groups_share_a_chart() -> None:
    measured = {"ndcg@10": 0.3, "popularity_bias_niche": 1.2, "popularity_bias_diverse": 0.4, "novelty": 2.0}
    found = charts.metrics([replace(VERSIONS[0], metrics=measured)])
    assert [[line.name for line in chart.series] for chart in found] == [
        ["ndcg@10"],
        ["popularity_bias_diverse", "popularity_bias_niche"],
        ["novelty"],
    ]


def test_a_preview_shows_what_a_user_would_get_and_is_audited(house: House, grace: Browser) -> None:
    ada = house.services.accounts.users[UserId(2)]
    house.services.diaries.rate(ada, MovieId(103), 5)
    before = dict(house.services.diaries.diaries)
    asked = grace.get("/users?q=Ada")
    assert (asked.status_code, asked.headers["Location"]) == (302, "/admin/users/Ada/recommendations")
    text = grace.get("/users/Ada/recommendations").text
    assert 'href="/admin/movies/101"' in text
    assert 'href="/admin/movies/103"' not in text
    assert house.services.diaries.diaries == before
    assert house.services.events.events == []
    last = house.services.operations.audit[-1]
    assert (last.by, last.action, last.subject) == (house.grace.id, "preview", "Ada")


def test_a_preview_of_nobody_is_not_found_and_not_audited(house: House, grace: Browser) -> None:
    before = len(house.services.operations.audit)
    assert grace.get("/users/Nobody/recommendations").status_code == 404
    assert len(house.services.operations.audit) == before


def test_a_movie_has_a_page_with_its_figures(grace: Browser) -> None:
    assert 'href="/admin/movies/101"' in grace.get(f"/movies?q={MOVIES[1].title}").text
    assert "No movie has a title" in grace.get("/movies?q=zzzz").text
    text = " ".join(re.sub(r"<[^>]+>", " ", grace.get("/movies/101").text).split())
    for words in ("last 30 days 270", "last 30 days 90", "33.3%", "Mean rating (stars) 3.833", "unnamed 70 30", "4 4"):
        assert words in text
    assert grace.get("/movies/999999").status_code == 404


def test_a_version_is_published_from_the_list(house: House, grace: Browser) -> None:
    page = grace.post(f"/models/{NEWEST}/activate")
    assert f"Published {NEWEST}." in page.text
    assert house.services.lifecycle.current().version == NEWEST
    page = grace.post(f"/models/{REJECTED}/delete")
    assert f"Deleted {REJECTED}." in page.text
    assert grace.get(f"/models/{REJECTED}").status_code == 404


def test_the_published_version_has_no_delete_button(grace: Browser) -> None:
    text = grace.get("/models").text
    assert f"/models/{NEWEST}/delete" in text
    assert f"/models/{PUBLISHED}/delete" not in text
    refused = grace.post(f"/models/{PUBLISHED}/delete")
    assert "serves; publish another one first" in refused.text


def test_two_versions_are_compared(grace: Browser) -> None:
    text = grace.get(f"/models/compare?first={PUBLISHED}&second={NEWEST}").text
    assert "+0.02" in text
    assert "−0.05" in text
    assert re.search(r"factors</th><td>32</td><td>64", text)
    assert grace.get(f"/models/compare?first={PUBLISHED}&second=never").status_code == 404


def test_a_training_run_gets_the_parameters_that_differ_from_the_defaults(house: House, grace: Browser) -> None:
    house.services.operations.change(1, outcome=Outcome.DONE)
    form = {"p-factors": "16", "p-alpha": "1.5", "p-model": "blend", "p-warm_start": "on", "p-colour": "red"}
    page = grace.post("/training", **form)
    assert page.request.path == "/admin/runs/2"
    assert dict(house.services.operations.get(2).parameters) == {"factors": 16, "warm_start": True}


@pytest.mark.parametrize(("typed", "words"), [("many", "whole number"), ("1.5", "whole number"), ("3", "4 to 256")])
def test_an_invalid_parameter_is_reported_on_the_page(house: House, grace: Browser, typed: str, words: str) -> None:
    house.services.operations.change(1, outcome=Outcome.DONE)
    page = grace.post("/training", **{"p-factors": typed})
    assert page.request.path == "/admin/training"
    assert words in page.text
    assert len(house.services.operations.all_runs) == 1


def test_a_busy_job_or_a_missing_scheduler_is_reported_on_the_page(house: House, grace: Browser) -> None:
    assert "already" in grace.post("/jobs/retrain/run").text
    house.services.operations.holder = ""
    assert "No scheduler is running" in grace.post("/jobs/implicit-feedback/run").text
    assert "marquee jobs run" in grace.get("/jobs").text
    assert len(house.services.operations.all_runs) == 1


def test_a_job_is_started_and_cancelled(house: House, grace: Browser) -> None:
    page = grace.post("/jobs/implicit-feedback/run")
    assert (page.request.path, "Queued implicit-feedback" in page.text) == ("/admin/runs/2", True)
    assert "will stop at its next step" in grace.post("/runs/2/cancel").text
    assert house.services.operations.get(2).cancel
    assert grace.post("/jobs/sing/run").status_code == 404
    assert grace.post("/runs/9/cancel").status_code == 404


def test_a_run_shows_its_loss_as_a_chart_with_a_table(grace: Browser) -> None:
    text = grace.get("/runs/1").text
    assert 'aria-label="Loss of als. Epoch 1 to 3: als from 3 to 1.5."' in text
    assert '<th scope="row">3</th><td class="n">1.5</td>' in text
    assert 'data-stream="/api/ml/training-status/stream?run=1"' in text
    assert 'data-status="/api/ml/jobs/runs/1"' in text


def test_a_run_that_has_ended_is_not_followed(house: House, grace: Browser) -> None:
    ended = LONG_AGO + timedelta(minutes=65)
    house.services.operations.change(1, outcome=Outcome.FAILED, ended_at=ended, error="Traceback\nValueError: broken")
    text = grace.get("/runs/1").text
    assert "data-stream" not in text
    assert "after 1 h 05 min" in text
    assert "ValueError: broken" in text
    assert "ValueError: broken" in grace.get("/jobs/retrain").text


def test_job_pages_show_the_next_run_if_a_scheduler_is_running(house: House, grace: Browser) -> None:
    stamp = f'datetime="{NEXT.isoformat()}"'
    assert [stamp in grace.get(path).text for path in ("/jobs", "/jobs/trending")] == [True, True]
    house.services.operations.holder = ""
    assert [stamp in grace.get(path).text for path in ("/jobs", "/jobs/trending")] == [False, False]


def test_hostile_texts_of_jobs_and_users_are_escaped(house: House, grace: Browser) -> None:
    operations = house.services.operations
    figures = {HOSTILE: {HOSTILE: HOSTILE}, "loss": {HOSTILE: [1.0, 2.0]}}
    operations.change(1, log=HOSTILE, error=HOSTILE, doing=HOSTILE, holder=HOSTILE, figures=figures)
    operations.people = {house.grace.id: HOSTILE}
    operations.audit[0] = replace(operations.audit[0], subject=HOSTILE, details={HOSTILE: HOSTILE})
    lifecycle = house.services.lifecycle
    lifecycle.models[0] = replace(lifecycle.models[0], parameters={HOSTILE: HOSTILE}, reasons=(HOSTILE,), code=HOSTILE)
    house.services.reports.searched = HOSTILE
    labels = house.services.understandings
    labels.label(HOSTILE, "wish", f"title:{HOSTILE.replace(';', '')}", by=house.grace)
    failure = {"text": HOSTILE, "missed": [HOSTILE], "wrong": [HOSTILE], "query_type": HOSTILE}
    labels.evaluations[0] = replace(labels.evaluations[0], reader=HOSTILE, version=HOSTILE, failures=(failure,))
    for path in (*PAGES, "/understanding/2"):
        text = grace.get(path).text
        assert "<script>alert" not in text, path
        assert "<img src=x" not in text, path
    assert "&lt;script&gt;alert" in grace.get("/runs/1").text
    assert "&lt;script&gt;alert" in grace.get("/searches").text


@pytest.mark.parametrize("query", ["before=0", "before=-1", "before=x", "before=99999999999999999999"])
def test_page_sizes_are_limited(grace: Browser, query: str) -> None:
    for path in ("/jobs/retrain", "/audit"):
        assert grace.get(f"{path}?{query}").status_code == 400
    assert grace.get("/runs/99999999999999999999").status_code == 404


def test_long_logs_are_paged(house: House, grace: Browser) -> None:
    for _ in range(60):
        run = house.services.operations.enqueue("implicit-feedback", parameters={}, by=house.grace)
        house.services.operations.change(run.id, outcome=Outcome.DONE)
    first = grace.get("/jobs/implicit-feedback").text
    older = re.search(r'rel="next" href="/admin(/jobs/implicit-feedback\?before=\d+)"', first)
    assert older
    second = grace.get(older[1]).text
    numbers = [int(n) for page in (first, second) for n in re.findall(r'/admin/runs/(\d+)"', page)]
    assert numbers == list(range(61, 1, -1))
    assert 'rel="next"' not in second


def test_the_pages_say_if_there_is_no_model(house: House, grace: Browser) -> None:
    house.services.lifecycle.models = []
    assert "No model is published" in grace.get().text
    assert "No model has been trained yet" in grace.get("/models").text
    assert "No version has been evaluated yet" in grace.get("/metrics").text


def test_the_overview_works_while_parts_of_it_are_unavailable(house: House) -> None:
    broken: Any = fakes.Failing(ModelMissing("the models cannot be read"))
    index: Any = fakes.Failing(IndexMissing("no index; run marquee index"))
    page = house.without(lifecycle=broken, library=index).get()
    assert page.status_code == 200
    assert "the models cannot be read" in page.text
    assert "no index; run marquee index" in page.text
    assert "here:1" in page.text


@pytest.mark.parametrize("error", [StoreUnavailable("the database is away"), ModelMissing("no model")])
def test_unavailable_pages_say_why(house: House, error: Exception) -> None:
    broken: Any = fakes.Failing(error)
    parts = ("operations", "lifecycle", "trending", "experiments", "reports", "library", "movies", "search")
    parts += ("understandings", "activity")
    browser = house.without(**dict.fromkeys(parts, broken))
    for path in PAGES[1:]:
        answer = browser.get(path)
        assert (answer.status_code, str(error) in answer.text) == (503, True), path


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_every_job_has_its_page(grace: Browser, job: Job) -> None:
    assert f"<h1>{job.name}</h1>" in grace.get(f"/jobs/{job.name}").text


def test_a_value_that_is_not_a_number_is_a_gap_in_the_chart(house: House, grace: Browser) -> None:
    house.services.operations.change(1, figures={"loss": {"als": [3.0, float("nan"), None, 1.5], "notes": ["x"]}})
    text = grace.get("/runs/1").text
    assert "&#34;values&#34;: [3.0, null, null, 1.5]" in text
    assert '<th scope="row">2</th><td class="n">–</td>' in text
    assert "NaN" not in text
    assert "Loss of notes" not in text


@pytest.mark.parametrize("path", PAGES)
def test_every_page_with_demo_data_shows_the_notice(house: House, path: str) -> None:
    notice = '<p class="demo-notice" role="note">Demo data:'
    assert house.without(demo=fakes.FakeDemo(loaded=True)).get(path).text.count(notice) == 1
    assert notice not in house.browser("Grace").get(path).text
