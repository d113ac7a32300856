"""What the job `cleanup` deletes and keeps."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from pydantic import SecretStr

from core.config import Settings
from core.evaluation import EvaluationRun
from core.jobs.retention import HOURLY_COUNTS_DAYS, RUNS_DAYS, SECURITY_DAYS
from core.jobs.runs import Outcome
from core.ports import IndexStore
from core.recommendations.records import ExploredMovie, LoggedDraw
from core.trends import HourTally, ServedRequest
from core.types import MovieId
from core.users import Event, EventKind, OneTimeKind, Preferences, SecurityEvent, SecurityEventKind
from data import database
from data.database import Stores
from engine import cleanup, wiring
from tests import databases
from tests.data.database.servers import ROOT
from tests.engine.catalogue.test_refresh import Working

NOW = datetime(2026, 11, 21, 3, 40, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, events_days=30)


@pytest.fixture
def stores(settings: Settings) -> Iterator[Stores]:
    opened = databases.open_new(settings.database)
    yield opened
    database.close(opened)


def clean(settings: Settings, stores: Stores) -> dict[str, int]:
    return dict(cleanup.run(wiring.job_context(settings, stores, lambda: NOW), Working(), parameters={}).figures)


def test_expired_data_are_deleted_and_the_rest_is_kept(settings: Settings, stores: Stores) -> None:
    for days in (31, 29, 0):
        stores.events.add([Event(EventKind.CLICK, NOW - days * DAY, None, MovieId(1))])
    for days in (RUNS_DAYS + 1, 1):
        run = stores.jobs.start("trending", holder="a:1:b", at=NOW - days * DAY)
        stores.jobs.finish(run.id, outcome=Outcome.DONE, at=NOW - days * DAY)
    ann = stores.accounts.create("Ann", password_hash="x", preferences=Preferences(), at=NOW).id
    stores.accounts.open_session(ann, secret_hash="old", at=NOW - 3 * DAY, expires_at=NOW - DAY, label="")
    stores.accounts.open_session(ann, secret_hash="new", at=NOW - 3 * DAY, expires_at=NOW + DAY, label="")
    hour = int(NOW.timestamp()) // 3600
    hours = np.array([hour - 24 * (HOURLY_COUNTS_DAYS + 1), hour])
    stores.trends.recount(since=0, tally=HourTally(hours, np.array([1, 1]), np.ones(2), np.ones(2, np.int64)))
    stores.evaluations.add_run(EvaluationRun(NOW - (RUNS_DAYS + 1) * DAY, "rules", "1", 1))
    stores.accounts.open_session(ann, secret_hash="idle", at=NOW - 15 * DAY, expires_at=NOW + DAY, label="")
    for name, days in (("long expired", 31), ("expired", 29)):
        end = NOW - days * DAY
        stores.accounts.add_token(ann, name=name, secret_hash=name, scopes=frozenset(), at=end - DAY, expires_at=end)
    for name, end in (("used", NOW), ("open", NOW + DAY)):
        stores.one_time_secrets.add(ann, OneTimeKind.RESET, secret_hash=name, details={}, at=NOW - DAY, expires_at=end)
    for days in (SECURITY_DAYS + 1, SECURITY_DAYS - 1):
        stores.security_events.add([SecurityEvent(ann, NOW - days * DAY, SecurityEventKind.SIGN_IN)])
    stores.request_counts.add([ServedRequest(NOW - (HOURLY_COUNTS_DAYS + 1) * DAY, 5.0), ServedRequest(NOW, 5.0)])
    draw = LoggedDraw(ann, ExploredMovie(MovieId(1), 1, 0, 40, 0.1), NOW)
    old = replace(draw, at=NOW - (settings.events_days + 1) * DAY)
    stores.explorations.add([draw, old])
    deleted = {
        "explorations": 1,
        "events": 1,
        "request counts": 2,
        "runs": 1,
        "evaluations": 1,
        "hours": 1,
        "sessions": 1,
        "models": 0,
        "drafts": 0,
    }
    deleted |= {"sessions": 2, "tokens": 1, "one-time secrets": 1, "security events": 1, "enrichments": 0}
    deleted |= {"import previews": 0, "deleted lists": 0}
    assert clean(settings, stores) == deleted
    assert stores.events.count() == 2
    assert len(stores.jobs.runs()) == 1
    assert stores.accounts.session("new", at=NOW) is not None
    assert stores.trends.hours(since=0).hours.tolist() == [hour]
    assert set(clean(settings, stores).values()) == {0}


def test_a_site_without_event_retention_deletes_all_events(settings: Settings, stores: Stores) -> None:
    stores.events.add([Event(EventKind.CLICK, NOW - timedelta(minutes=1), None, MovieId(1))])
    assert clean(settings.model_copy(update={"events_days": 0}), stores)["events"] == 1


def test_drafts_of_killed_builds_are_deleted(settings: Settings, stores: Stores) -> None:
    program = (
        "import sys, os, pathlib; from core.config import Settings; from engine import wiring; from tests import fakes;"
        "wiring.store(Settings(home=pathlib.Path(sys.argv[1]))).begin(fakes.INFO); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", program, str(settings.home)], check=True, cwd=ROOT)
    assert clean(settings, stores)["drafts"] == 1
    assert clean(settings, stores)["drafts"] == 0


@dataclass
class Abandoned:
    """An index store with drafts whose builders are known to be dead."""

    drafts: list[str]

    def remove_abandoned(self) -> list[str]:
        """Delete them."""
        found, self.drafts = self.drafts, []
        return found


def test_drafts_of_killed_builds_are_deleted_on_elasticsearch_too(settings: Settings, stores: Stores) -> None:
    elastic = settings.model_copy(update={"elasticsearch_url": (SecretStr("http://127.0.0.1:1"),)})
    store = Abandoned(["a", "b"])
    context = wiring.job_context(settings, stores, lambda: NOW)
    context = replace(context, settings=elastic, open_index_store=lambda: cast("IndexStore", store))
    assert cleanup.run(context, Working(), parameters={}).figures["drafts"] == 2
