"""Demo data is loaded and renewed with the sample catalogue, and removed with any other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.config import Settings
from core.errors import IndexMissing, StoreUnavailable
from core.jobs.job_catalogue import EVALUATE_ONLINE
from core.ports import IndexInfo
from core.trends import Window
from core.types import Movie, MovieId
from core.users import Preferences
from data import database
from data.catalogues import marquee_format, sources
from data.database import Stores
from engine.demo import generator, startup, upkeep
from engine.demo.label import DemoLabel
from engine.demo.startup import Outcome
from engine.job_context import JobContext
from engine.trending.refresh import refresh
from tests import fakes
from tests.data.database import servers
from tests.engine.trending.made import Watching

pytestmark = pytest.mark.slow

NOON = datetime(2031, 3, 1, 12, tzinfo=UTC)
HOURS = timedelta(hours=1)
MOVIES = marquee_format.read(sources.SAMPLE).movies


@dataclass
class Index:
    """An index that returns the name of its catalogue, and its movies."""

    catalogue: str = sources.SAMPLE_NAME
    missing: bool = False

    def open(self) -> Index:
        return self

    def info(self) -> IndexInfo:
        if self.missing:
            raise IndexMissing("no index is published yet")
        return replace(fakes.INFO, catalogue=self.catalogue)

    def listing(self, *_: Any, **__: Any) -> Any:
        return type("Listing", (), {"movies": MOVIES})

    def movies(self, ids: list[MovieId]) -> list[Movie]:
        return [movie for movie in MOVIES if movie.id in set(ids)]


@dataclass
class Site:
    """A site with its stores, index, settings and current time."""

    stores: Stores
    index: Any = field(default_factory=Index)
    settings: Settings = field(default_factory=lambda: Settings(home=Path("/nonexistent"), offline=True))
    now: datetime = NOON

    @property
    def context(self) -> JobContext:
        return JobContext(self.settings, self.stores, lambda: self.index, lambda: None, lambda: self.now)  # type: ignore[arg-type,return-value]

    def settle(self) -> Outcome:
        return startup.settle(self.context, Watching())

    def listed(self, window: Window = Window.DAY) -> int:
        found = self.stores.trends.read(window)
        return len(found.trends) if found else 0


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with servers.sqlite(tmp_path) as url:
        stores = database.open(url)
        yield Site(stores)
        database.close(stores)


def test_a_new_site_with_the_sample_has_data_at_once(site: Site) -> None:
    assert site.settle() is Outcome.LOADED
    assert len(site.stores.demo.users()) == 40
    assert min(site.listed(window) for window in Window) >= 3
    assert [run.job for run in site.stores.jobs.queued()] == [EVALUATE_ONLINE]


def test_a_second_start_weeks_later_renews_it(site: Site) -> None:
    site.settle()
    users, site.now = site.stores.demo.users(), NOON + 500 * HOURS
    assert site.settle() is Outcome.KEPT
    assert site.stores.demo.users() == users
    assert site.listed() >= 3


def test_the_job_renews_it_on_a_site_that_runs_for_days(site: Site) -> None:
    site.settle()
    for hour in range(1, 42, 5):
        site.now = NOON + hour * HOURS
        refresh(site.context, Watching(), parameters={})
        assert site.listed() >= 3
        newest = site.stores.demo.newest()
        assert newest is not None
        assert newest <= site.now


@pytest.mark.parametrize("catalogue", ["TMDB 5000", "films.jsonl"])
def test_nothing_is_loaded_with_another_catalogue(site: Site, catalogue: str) -> None:
    site.index = Index(catalogue)
    assert site.settle() is Outcome.NONE
    assert site.stores.demo.users() == frozenset()


def test_nothing_is_loaded_if_there_are_accounts(site: Site) -> None:
    site.stores.accounts.create("ann", password_hash="-", preferences=Preferences(), at=NOON)
    assert site.settle() is Outcome.NONE


def test_it_is_kept_when_somebody_signs_up_later(site: Site) -> None:
    site.settle()
    site.stores.accounts.create("ann", password_hash="-", preferences=Preferences(), at=NOON)
    assert site.settle() is Outcome.KEPT


def test_a_setting_disables_it(site: Site) -> None:
    site.settle()
    site.settings = Settings(home=Path("/nonexistent"), offline=True, demo=False)
    assert site.settle() is Outcome.REMOVED
    assert site.stores.demo.users() == frozenset()
    assert site.settle() is Outcome.NONE


def test_another_catalogue_removes_it_at_the_next_start(site: Site) -> None:
    site.settle()
    site.index = Index("TMDB 5000")
    assert site.settle() is Outcome.REMOVED
    assert site.listed() == 0


def test_another_catalogue_removes_it_at_the_next_trending_refresh(site: Site) -> None:
    site.settle()
    site.index = Index("TMDB 5000")
    refresh(site.context, Watching(), parameters={})
    assert site.stores.demo.users() == frozenset()
    assert [site.listed(window) for window in Window] == [0, 0, 0]
    assert site.stores.events.count() == 0


def test_nothing_is_removed_if_the_index_is_missing(site: Site) -> None:
    site.settle()
    site.index = Index(missing=True)
    refresh(site.context, Watching(), parameters={})
    assert len(site.stores.demo.users()) == 40


def test_a_model_trained_on_demo_ratings_is_misplaced_with_any_other_catalogue() -> None:
    learned: dict[str, Any] = {upkeep.LEARNED: True}
    assert not upkeep.misplaced(learned, Index())  # type: ignore[arg-type]
    assert upkeep.misplaced(learned, Index("TMDB 5000"))  # type: ignore[arg-type]
    assert upkeep.misplaced(learned, Index(missing=True))  # type: ignore[arg-type]
    assert not upkeep.misplaced({}, Index("TMDB 5000"))  # type: ignore[arg-type]


def test_the_label_reports_whether_demo_data_is_in_use_and_caches_that_for_seconds(site: Site) -> None:
    time = [0.0]
    index = Index()
    label = DemoLabel(site.stores.demo, index, timer=lambda: time[0])  # type: ignore[arg-type]
    assert not label.in_use()
    upkeep.load(site.stores, index, NOON)  # type: ignore[arg-type]
    assert not label.in_use()
    time[0] = 6.0
    assert label.in_use()
    index.catalogue = "TMDB 5000"
    assert not label.in_use()


def test_the_label_is_false_if_the_database_is_down() -> None:
    class Down:
        def users(self) -> frozenset[int]:
            raise StoreUnavailable("down")

    assert not DemoLabel(Down(), Index()).in_use()  # type: ignore[arg-type]


def test_the_rising_movies_are_those_of_the_generator(site: Site) -> None:
    site.settle()
    found = site.stores.trends.read(Window.RISING)
    assert found is not None
    assert set(generator.RISING) & {trend.movie for trend in found.trends}
