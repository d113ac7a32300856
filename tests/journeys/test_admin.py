"""Administration in a real browser: manage models and jobs, and follow a training run."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

import webapp
from core.config import Settings
from core.jobs.runs import Outcome
from core.users import User
from data import database
from data.database import Stores
from engine.accounts.accounts import Accounts
from engine.operations import LEASE, Operations
from engine.services import Services
from tests import databases, fakes
from tests.fake_jobs import VERSIONS
from tests.journeys.conftest import Visit
from tests.webapp.signed_in import CHEAP

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Keep = Callable[[Page, str], None]
PASSWORD = "correct horse battery"
NEWEST, PUBLISHED, _ = (version.version for version in VERSIONS)
LOSS = {"loss": {"als": [3.1, 2.2, 1.9, 1.8], "ratings": [0.95, 0.91, 0.9, 0.9]}}
INK = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let ink = 0;
  for (let at = 3; at < data.length; at += 4) ink += data[at] > 0;
  return ink;
}"""
"""Number of pixels of a canvas that are not transparent."""


@dataclass(frozen=True)
class Office:
    """A running site with its database, and an administrator whose browser is signed in."""

    url: str
    stores: Stores
    services: Services
    grace: User


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Users and jobs in a real database; three versions of the model, experiments and figures are made up."""
    folder = tmp_path_factory.mktemp("office")
    stores = databases.open_new(f"sqlite:///{folder / 'people.sqlite'}")
    made = replace(
        fakes.services(settings=Settings(home=folder, secret_key="k" * 40)),
        accounts=Accounts(stores, hashing=CHEAP),
        operations=Operations(stores),
    )
    grace = made.accounts.sign_up("Grace", PASSWORD)
    stores.accounts.set_administrator(grace.id, True)
    now = datetime.now(UTC)
    stores.leases.acquire(LEASE, holder="here:1:a", at=now, until=now + timedelta(hours=1))
    made.operations.enqueue("retrain", parameters={"factors": 32}, by=grace)
    run = stores.jobs.start("retrain", holder="here:1:a", at=now)
    stores.jobs.progress(run.id, figures=LOSS, lines="learning from 1,200 ratings\n" * 30)
    stores.jobs.finish(run.id, outcome=Outcome.DONE, at=now + timedelta(seconds=75), figures={"ndcg@10": 0.31})
    failed = stores.jobs.start("implicit-feedback", holder="here:1:a", at=now)
    stores.jobs.finish(failed.id, outcome=Outcome.FAILED, at=now, error="Traceback …\nOSError: no space left")
    server = make_server("127.0.0.1", 0, webapp.create_app(made), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Office(f"http://127.0.0.1:{server.port}", stores, made, grace)
    server.shutdown()
    thread.join()
    database.close(stores)


@pytest.fixture(scope="module")
def site(office: Office) -> str:
    """The site that `visit` opens."""
    return office.url


@pytest.fixture(scope="module")
def state(office: Office, chromium: Browser) -> Any:
    """The state of the administrator's browser."""
    context = chromium.new_context(base_url=office.url)
    page = context.new_page()
    page.goto("/sign-in")
    page.locator("#name").fill("Grace")
    page.locator("#password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    expect(page.locator(".menu")).to_be_visible()
    kept = context.storage_state()
    context.close()
    return kept


@pytest.mark.parametrize(("path", "charts"), [("/admin/runs/1", 2), ("/admin/metrics", 5), ("/admin/data", 1)])
def test_charts_are_drawn_and_have_an_equivalent_table(visit: Visit, state: Any, path: str, charts: int) -> None:
    with visit(path, storage_state=state) as page:
        boxes = page.locator(".chart-canvas[data-drawn]")
        expect(boxes).to_have_count(charts)
        for box in boxes.all():
            assert box.locator("canvas").evaluate(INK) > 500
            assert len(box.get_attribute("aria-label") or "") > 20
        table = page.locator(".chart details").first
        table.locator("summary").click()
        expect(table.locator("tbody tr").first).to_be_visible()


def test_charts_follow_the_theme(visit: Visit, state: Any) -> None:
    with visit("/admin/runs/1", storage_state=state, color_scheme="light") as page:
        canvas = page.locator(".chart-canvas canvas").first
        expect(canvas).to_be_visible()
        before = canvas.evaluate("(canvas) => canvas.toDataURL()")
        page.get_by_role("button", name="Switch between light and dark").click()
        page.wait_for_function(
            "(before) => document.querySelector('.chart-canvas canvas').toDataURL() !== before", arg=before
        )


@pytest.mark.parametrize("way", ["stream", "poll"])
def test_a_training_run_is_started_followed_and_cancelled(
    visit: Visit, keep: Keep, office: Office, state: Any, way: str
) -> None:
    jobs = office.stores.jobs
    with visit("/admin/training", storage_state=state) as page:
        if way == "poll":  # as where all streams are taken
            page.route("**/training-status/stream*", lambda route: route.fulfill(status=429, body=""))
        page.locator(".parameters summary").click()
        page.get_by_label("Factors", exact=True).fill("16")
        page.get_by_role("button", name="Train").click()
        expect(page.locator("[data-live=outcome]")).to_have_text("queued")
        run = jobs.start("retrain", holder="here:1:a", at=datetime.now(UTC))
        assert dict(run.parameters) == {"factors": 16}
        jobs.progress(run.id, share=0.25, doing="epoch 2 of 8", figures={"loss": {"als": [3.0, 2.0]}})
        expect(page.locator("[data-live=doing]")).to_have_text("epoch 2 of 8", timeout=15_000)
        expect(page.locator(f"[data-run='{run.id}']")).to_have_attribute("data-by", way)
        chart = page.locator("#chart-loss-als")
        expect(chart.locator("tbody tr")).to_have_count(2)
        jobs.progress(run.id, share=0.5, doing="epoch 4 of 8", figures={"loss": {"als": [3.0, 2.0, 1.5, 1.2]}})
        expect(chart.locator("tbody tr")).to_have_count(4, timeout=15_000)
        assert chart.locator("canvas").evaluate(INK) > 500
        keep(page, f"admin-training-live-{way}")
        page.get_by_role("button", name="Cancel").click()
        expect(page.get_by_text("will stop at its next step")).to_be_visible()
        assert jobs.get(run.id).cancel
        jobs.finish(run.id, outcome=Outcome.CANCELLED, at=datetime.now(UTC))
        expect(page.locator("[data-live=outcome]")).to_have_text("cancelled", timeout=15_000)
        expect(page.locator("[data-run]")).to_have_count(0)


def test_an_administrator_rolls_back_with_the_keyboard_alone(visit: Visit, office: Office, state: Any) -> None:
    with visit("/admin/models", storage_state=state) as page:
        page.get_by_role("button", name=f"Publish {NEWEST}").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text(f"Published {NEWEST}.")).to_be_visible()
        page.get_by_role("button", name=f"Publish {PUBLISHED}").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text(f"Published {PUBLISHED}.")).to_be_visible()
    current = office.services.lifecycle.current()
    assert current is not None
    assert current.version == PUBLISHED


def test_everything_works_without_scripts(visit: Visit, office: Office, state: Any) -> None:
    with visit("/admin/jobs", storage_state=state, java_script_enabled=False) as page:
        page.get_by_role("button", name="Run now cleanup").click()
        expect(page.get_by_text("Queued cleanup.")).to_be_visible()
        page.get_by_role("button", name="Cancel").click()
        expect(page.locator("[data-live=outcome]")).to_have_text("cancelled")
        page.goto("/admin/runs/1")
        page.locator(".chart summary").first.click()
        expect(page.locator(".chart tbody tr").first).to_be_visible()
        page.goto("/admin/audit")
        expect(page.locator("tbody tr").first).to_contain_text("cancel")
    assert office.services.operations.runs("cleanup")[0].outcome is Outcome.CANCELLED
