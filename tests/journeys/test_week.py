"""A week: events arrive, trending lists change, models are trained and evaluated, and a scheduler fails over."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.context import SpawnProcess

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

import webapp
from core.jobs.job_catalogue import JOBS, NAMES, RETRAIN
from core.jobs.runs import Outcome
from core.recommendations.models import ModelVersion, Status
from core.trends import Window
from data import database
from engine.services import Services
from tests import databases, sample, week
from tests.journeys.conftest import WIDE
from tests.week import MONDAY, PASSWORD, STEP, SUNDAY, WEAK, Clockmaker, Week

pytestmark = pytest.mark.slow

Keep = Callable[[Page, str], None]
EVENING = 21
"""The last step of a day (o'clock)."""


@dataclass(frozen=True)
class Past:
    """The outcome of a week: three models and two runs."""

    poor: ModelVersion
    """Served until Sunday."""
    better: ModelVersion
    worse: ModelVersion
    cut: int
    asked: int


WEEKLY = [job.name for job in JOBS if job.schedule.day == "*"]
"""The jobs that are due within a week."""


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Week]:
    """A site on Monday, at midnight."""
    folder = tmp_path_factory.mktemp("week")
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = stack.enter_context(databases.sqlite(folder))
        else:
            url = stack.enter_context(databases.postgresql(request.getfixturevalue("postgres_url")))
        begun = week.begin(sample.shared(tmp_path_factory.getbasetemp()), folder, url)
        yield begun
        database.close(begun.stores)


@pytest.fixture(scope="module")
def past(site: Week) -> Iterator[Past]:
    """The outcome of the week; the second process is still the scheduler."""
    heir = Clockmaker(site.settings, site.stores, site.clock)
    yield pass_a_week(site, heir)
    heir.scheduler.close()


def test_a_week_passes_and_everything_stays_up_to_date(past: Past) -> None:
    assert past.better.metrics["ndcg@10"] > past.poor.metrics["ndcg@10"]
    assert past.better.metrics["ndcg@10"] > past.worse.metrics["ndcg@10"]
    assert (past.poor.status, past.worse.status) == (Status.PUBLISHED, Status.REJECTED)


@pytest.mark.browser
def test_the_dashboard_shows_everything(site: Week, past: Past, chromium: Browser, keep: Keep) -> None:
    with serving(site.services) as url, signed_in(chromium, url) as page:
        for name, (path, words) in shown(site, past).items():
            page.goto(path)
            for word in words:
                expect(page.get_by_role("main")).to_contain_text(word)
            keep(page, f"week-{name}")


def shown(site: Week, past: Past) -> dict[str, tuple[str, list[str]]]:
    """The pages about the week, and their content."""
    poor, better, worse = (model.version for model in (past.poor, past.better, past.worse))
    refused = next(reason for reason in past.worse.reasons if reason.startswith("refused"))
    return {
        "overview": ("/admin", [better, "published", site.services.operations.scheduler()]),
        "models": ("/admin/models", [better, worse, poor, "rejected"]),
        "rejected": (f"/admin/models/{worse}", [refused]),
        "compare": (f"/admin/models/compare?first={poor}&second={better}", [f"{past.better.metrics['ndcg@10']:.2g}"]),
        "metrics": ("/admin/metrics", [better]),
        "jobs": ("/admin/jobs", list(NAMES)),
        "retrain": ("/admin/jobs/retrain", ["done", "rejected", "abandoned"]),
        "cut": (f"/admin/runs/{past.cut}", ["abandoned", "the scheduler"]),
        "asked": (f"/admin/runs/{past.asked}", ["rejected", site.administrator.name]),
        "scores": ("/admin/trending?window=week", [site.late.title, "20", site.old.title]),
        "trending": ("/trending?window=week", [site.late.title, site.old.title]),
        "experiments": ("/admin/experiments", ["newness", "bold", "No significant difference"]),
        "audit": ("/admin/audit", [site.administrator.name, "retrain"]),
    }


@contextmanager
def serving(services: Services) -> Iterator[str]:
    """The URL of the running site."""
    server = make_server("127.0.0.1", 0, webapp.create_app(services), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@contextmanager
def signed_in(chromium: Browser, url: str) -> Iterator[Page]:
    """The browser of an administrator; console errors of pages fail the test."""
    context = chromium.new_context(base_url=url, viewport=WIDE)
    page, complaints = context.new_page(), list[str]()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/sign-in")
    page.locator("#name").fill("Minder")
    page.locator("#password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{url}/**")
    yield page
    context.close()
    assert complaints == []


def pass_a_week(site: Week, heir: Clockmaker) -> Past:
    """Run the whole week on a new site."""
    other = week.another_process(site)
    try:
        _work_days(site, other)
        heir.step()
        assert not heir.scheduler.holds, "the second scheduler waits"
        poor = _published(site)
        cut = _kill_in_the_middle_of_the_training(site, other)
    finally:
        other.kill()
    assert _published(site) == poor, "a training that was cut off published nothing"
    better = _taken_over(site, heir, cut)
    asked, worse = _worse_one_is_rejected(site, heir)
    _sunday_ends(site, heir)
    assert _published(site) == better
    return Past(poor, better, worse, cut, asked)


def _work_days(site: Week, other: SpawnProcess) -> None:
    """Monday to Saturday: the other process runs the jobs, and the activity of users changes."""
    for at in (MONDAY + number * STEP for number in range(1, 6 * 8 + 1)):
        early, burst = at < MONDAY + timedelta(days=3), at >= MONDAY + timedelta(days=4)
        site.visit(site.old, users=8 if early else 2, at=at)
        site.visit(site.late, users=20 if burst else 0, at=at)
        site.visit_others(at)
        site.clock.set(at)
        week.until(lambda: week.stepped(site, other), f"the jobs of {at}")
        if at.hour == EVENING:
            site.days[f"{at:%A}"] = {window: site.trending(window) for window in Window}
    assert site.days["Tuesday"][Window.DAY][0] == site.old.title
    assert site.late.title not in site.days["Wednesday"][Window.WEEK]
    assert site.days["Friday"][Window.RISING][0] == site.late.title
    assert site.days["Saturday"][Window.DAY][0] == site.late.title
    assert site.days["Saturday"][Window.WEEK][0] == site.late.title


def _kill_in_the_middle_of_the_training(site: Week, other: SpawnProcess) -> int:
    """Sunday, 05:15: the weekly training run is in progress. Return the run."""
    site.clock.set(SUNDAY + 1.75 * STEP)
    cut = week.until(lambda: _under_way(site), "the weekly training began")
    assert other.pid is not None
    os.kill(other.pid, signal.SIGKILL)
    other.join()
    return cut


def _under_way(site: Week) -> int | None:
    """Return the id of the training run that has reported progress."""
    for run in site.stores.jobs.live():
        if run.job == RETRAIN and run.outcome is Outcome.RUNNING and run.progress:
            return run.id
    return None


def _taken_over(site: Week, heir: Clockmaker, cut: int) -> ModelVersion:
    """A minute later, the second process is the scheduler and completes the training run. Return the model."""
    heir.step()
    assert not heir.scheduler.holds, "the dead one's lease has not lapsed yet"
    site.clock.set(site.clock() + timedelta(seconds=week.RHYTHM.lease + 1))
    heir.step()
    assert heir.scheduler.holds
    assert site.stores.jobs.get(cut).outcome is Outcome.ABANDONED
    made = site.last(RETRAIN)
    assert (made.outcome, made.attempt) == (Outcome.DONE, 2), made.error
    better = _published(site)
    assert better.version == made.figures["version"]
    return better


def _worse_one_is_rejected(site: Week, heir: Clockmaker) -> tuple[int, ModelVersion]:
    """Sunday, 06:00: a queued training run is rejected. Return the run and the model."""
    asked = site.services.operations.enqueue("retrain", parameters=WEAK, by=site.administrator)
    site.clock.set(SUNDAY + 2 * STEP)
    heir.step()
    refused = site.services.operations.get(asked.id)
    assert refused.outcome is Outcome.REJECTED, refused.error
    worse = site.services.lifecycle.get(refused.figures["version"])
    assert worse.status is Status.REJECTED
    assert any(reason.startswith("refused") for reason in worse.reasons)
    return asked.id, worse


def _sunday_ends(site: Week, heir: Clockmaker) -> None:
    """Every job that runs at least once a week succeeded, and none failed.

    Too few searches led to a movie to tune the ranking on: that job keeps what there is, and says so.
    """
    for at in (SUNDAY + number * STEP for number in range(3, 9)):
        site.visit(site.late, users=20, at=at)
        site.visit_others(at)
        site.clock.set(at)
        heir.step()
    for job in WEEKLY:
        runs = site.stores.jobs.runs(job, limit=1_000)
        assert not [run.error for run in runs if run.outcome is Outcome.FAILED], job
        good = Outcome.REJECTED if job == "tune-ranking" else Outcome.DONE
        assert any(run.outcome is good for run in runs), job


def _published(site: Week) -> ModelVersion:
    current = site.services.lifecycle.current()
    assert current is not None
    return current
