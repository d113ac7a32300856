"""The job `trending`: incremental counts, lists published in one step."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st

from core.config import Settings
from core.errors import Cancelled, StoreUnavailable
from core.jobs.runs import Result
from core.trends import HourTally, Origin, TrendList, Window
from core.types import Movie, MovieId
from core.users import Event, EventKind, MarkKind, Preferences, UserId
from data import database
from data.catalogues import download
from data.database import Stores
from engine import trending, wiring
from engine.trending.refresh import CHANGED_HOURS
from tests import databases
from tests.engine.trending.made import Watching, hourly
from tests.made_up import MOVIES

NOON = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOVIE = MOVIES[0].id


def known(movies: Sequence[MovieId]) -> list[Movie]:
    by_id = {movie.id: movie for movie in MOVIES}
    return [by_id[movie] for movie in movies if movie in by_id]


def refresh(
    stores: Stores, at: datetime, *, settings: Settings | None = None, full: bool = False, watching: Any = None
) -> Result:
    own = settings or Settings(home=Path("/nonexistent"), offline=True)
    parameters = {"full": True} if full else {}
    work = watching or Watching()
    return trending.refresh(wiring.job_context(own, stores, lambda: at), work, parameters=parameters, movies=known)


def people(stores: Stores, number: int) -> list[UserId]:
    return [
        stores.accounts.create(f"viewer {n}", password_hash="-", preferences=Preferences(), at=NOON).id
        for n in range(number)
    ]


def people_once(stores: Stores) -> list[UserId]:
    found = stores.accounts.find("viewer 0")
    return [found[0].id] if found else people(stores, 1)


def click(stores: Stores, users: Sequence[UserId | None], movie: MovieId, at: datetime) -> None:
    stores.events.add([Event(EventKind.CLICK, at, user, movie) for user in users])


def listed(stores: Stores, window: Window) -> list[MovieId]:
    found = stores.trends.read(window)
    assert found is not None
    return [trend.movie for trend in found.trends]


def test_trending_movies_are_listed_best_first_with_their_figures(stores: Stores) -> None:
    users = people(stores, 6)
    click(stores, users, MOVIES[1].id, NOON - HOUR)
    click(stores, users[:4], MOVIES[2].id, NOON - HOUR)
    click(stores, users[:3], MOVIES[3].id, NOON - HOUR)
    result = refresh(stores, NOON)
    assert listed(stores, Window.DAY) == listed(stores, Window.WEEK) == [movie.id for movie in MOVIES[1:4]]
    published = stores.trends.read(Window.DAY)
    assert published is not None
    assert (published.origin, published.made_at) == (Origin.EVENTS, NOON)
    assert (published.trends[0].users, published.trends[0].recent) == (6, 6.0)
    assert result.figures["events"] == 13
    assert result.figures["origin"] == "events"


def test_a_movie_with_too_few_distinct_users_is_not_listed(stores: Stores) -> None:
    two = people(stores, 2)
    for hour in range(20):
        click(stores, [*two, None], MOVIES[1].id, NOON - hour * HOUR)
        click(stores, two * 9, MOVIES[2].id, NOON - hour * HOUR)
    refresh(stores, NOON)
    assert listed(stores, Window.DAY) == [MOVIES[1].id]  # two with an account, and all visitors as one


def test_ratings_and_marks_of_opted_out_users_count(stores: Stores) -> None:
    for user in people(stores, 3):
        stores.diaries.rate(user, {MOVIE: 4.5, MOVIES[1].id: 2.0}, at=NOON - HOUR)
        stores.diaries.mark(user, MarkKind.FAVOURITE, [MOVIE], on=True, at=NOON - HOUR)
        stores.diaries.mark(user, MarkKind.WATCHLIST, [MOVIES[2].id], on=True, at=NOON - HOUR)
        stores.diaries.mark(user, MarkKind.DISMISSED, [MOVIES[3].id], on=True, at=NOON - HOUR)
    refresh(stores, NOON)
    assert listed(stores, Window.DAY) == [MOVIE, MOVIES[2].id]


def test_movies_that_the_catalogue_lacks_take_no_places(stores: Stores) -> None:
    users = people(stores, 3)
    for movie in (MovieId(999_999), MOVIE):
        click(stores, users, movie, NOON)
    refresh(stores, NOON)
    assert listed(stores, Window.DAY) == [MOVIE]


def test_refreshing_twice_changes_nothing(stores: Stores) -> None:
    click(stores, people(stores, 4), MOVIE, NOON - HOUR)
    refresh(stores, NOON)
    before = [stores.trends.hours(since=0).weights.tolist(), *(stores.trends.read(window) for window in Window)]
    refresh(stores, NOON)
    assert [stores.trends.hours(since=0).weights.tolist(), *(stores.trends.read(w) for w in Window)] == before


def test_late_events_still_count(stores: Stores) -> None:
    users = people(stores, 3)
    click(stores, users[:1], MOVIE, NOON)
    refresh(stores, NOON)
    click(stores, users[1:], MOVIE, NOON - 2 * HOUR)
    refresh(stores, NOON + timedelta(minutes=15))
    assert listed(stores, Window.DAY) == [MOVIE]


def test_only_hours_that_are_not_final_are_counted_again(stores: Stores) -> None:
    click(stores, people(stores, 3), MOVIE, NOON)
    assert refresh(stores, NOON).figures["hours"] == 60 * 24
    assert refresh(stores, NOON + HOUR / 4).figures["hours"] == 3
    assert refresh(stores, NOON + HOUR / 4, full=True).figures["hours"] == 60 * 24
    assert refresh(stores, NOON + 12 * HOUR).figures["hours"] == 15


def full_disk(stores: Stores) -> Stores:
    """Stores in which no list can be published."""

    class Full:
        def __getattr__(self, name: str) -> Callable[..., Any]:
            if name == "publish":
                raise StoreUnavailable("the disk is full")
            return getattr(stores.trends, name)  # type: ignore[no-any-return]

    return replace(stores, trends=Full())  # type: ignore[arg-type]


MIDNIGHT = NOON.replace(hour=0, minute=5)
EVERYTHING = 60 * 24


def hours_counted(stores: Stores, *times: datetime, settings: Settings | None = None) -> list[int]:
    return [int(refresh(stores, at, settings=settings).figures["hours"]) for at in times]


def test_after_nights_and_days_without_events_counting_goes_on_where_it_ended(stores: Stores, tmp_path: Path) -> None:
    """A night without events: the newest one is from the day before. `LATE_HOURS` before the last refresh suffice."""
    night = [MIDNIGHT, MIDNIGHT + HOUR / 4, MIDNIGHT + 3 * HOUR, MIDNIGHT + 7 * HOUR]
    assert hours_counted(stores, *night) == [EVERYTHING, 3, 6, 7]  # a site on which nothing ever happened
    click(stores, people(stores, 3), MOVIE, MIDNIGHT + 23 * HOUR)
    next_night = [at + timedelta(days=1) for at in night]
    assert hours_counted(stores, MIDNIGHT + 23.5 * HOUR, *next_night) == [19, 4, 3, 6, 7]
    seeded, third_night = movielens(tmp_path / "home"), [at + timedelta(days=2) for at in night]
    hours = hours_counted(stores, *third_night, MIDNIGHT + timedelta(days=3), settings=seeded)
    assert hours == [20, 3, 6, 7, 20]


@pytest.mark.parametrize("ahead", [3 * HOUR, timedelta(days=2), timedelta(days=400)])
def test_after_a_fast_clock_everything_is_counted_again(stores: Stores, ahead: timedelta) -> None:
    users = people(stores, 3)
    click(stores, users, MOVIE, NOON + ahead)
    refresh(stores, NOON + ahead)
    click(stores, users, MOVIES[1].id, NOON - timedelta(days=9))
    assert hours_counted(stores, NOON, NOON + HOUR / 4) == [EVERYTHING, 3]
    assert stores.trends.hours(since=0).movies.tolist() == [MOVIES[1].id]


def test_counts_of_the_future_are_deleted(stores: Stores) -> None:
    refresh(stores, NOON)
    ahead = int((NOON + timedelta(days=3)).timestamp()) // 3600
    stores.trends.recount(since=ahead, tally=hourly([(ahead, int(MOVIE), 1.0)]))
    assert hours_counted(stores, NOON + timedelta(days=1)) == [27]
    assert len(stores.trends.hours(since=0)) == 0


def test_late_events_before_a_pause_of_the_job_count_after_it(stores: Stores) -> None:
    users = people(stores, 3)
    click(stores, users[:1], MOVIE, MIDNIGHT + 6 * HOUR)
    refresh(stores, MIDNIGHT + 6 * HOUR)
    click(stores, users[1:], MOVIE, MIDNIGHT + 4.5 * HOUR)
    refresh(stores, MIDNIGHT + 14 * HOUR)
    assert stores.trends.hours(since=0).events.tolist() == [2, 1]


def test_an_interrupted_refresh_leaves_its_hours_to_the_next(stores: Stores) -> None:
    refresh(stores, NOON)

    with pytest.raises(StoreUnavailable):
        refresh(full_disk(stores), NOON + timedelta(days=1))
    assert hours_counted(stores, NOON + timedelta(days=1, hours=1)) == [28]


DAYS_AGO = NOON - timedelta(days=9)


def weights(stores: Stores) -> list[float]:
    return [float(one) for one in stores.trends.hours(since=0).weights]


@pytest.mark.parametrize("leaving", ["account", "events"])
def test_the_hours_of_deleted_activities_are_counted_again(stores: Stores, leaving: str) -> None:
    users = people(stores, 3)
    click(stores, users, MOVIE, DAYS_AGO)
    stores.diaries.rate(users[0], {MOVIE: 5.0}, at=DAYS_AGO - HOUR)
    refresh(stores, NOON)
    assert weights(stores) == [3.0, 3.0]
    if leaving == "account":
        stores.accounts.delete(users[0])
    else:
        stores.events.forget(users[0])
    assert hours_counted(stores, NOON, NOON + HOUR / 4) == [5 if leaving == "account" else 4, 3]
    assert weights(stores) == ([2.0] if leaving == "account" else [3.0, 2.0])


def test_activities_with_an_older_time_are_counted_by_the_next_refresh(stores: Stores) -> None:
    users = people(stores, 3)
    refresh(stores, NOON)
    click(stores, users, MOVIE, DAYS_AGO)
    rated = {MOVIE: (5.0, DAYS_AGO - timedelta(days=1))}
    stores.diaries.record(users[0], ratings=rated, marks={MarkKind.WATCHLIST: {MOVIE: NOON}})
    assert hours_counted(stores, NOON, NOON + HOUR / 4) == [5, 3]
    assert weights(stores) == [3.0, 3.0, 2.0]


def test_what_changes_while_hours_are_counted_is_left_to_the_next_refresh(stores: Stores) -> None:
    users = people(stores, 4)
    refresh(stores, NOON)
    click(stores, users[:3], MOVIE, DAYS_AGO)

    class Writing(Watching):
        def step(self, name: str, done: int, total: int) -> None:
            super().step(name, done, total)
            if done == 1:  # the changed hour was counted
                click(stores, users[3:], MOVIE, DAYS_AGO)

    refresh(stores, NOON + HOUR / 4, watching=Writing())
    assert weights(stores) == [3.0]
    assert hours_counted(stores, NOON + HOUR / 4, NOON + HOUR / 4) == [4, 3]
    assert weights(stores) == [4.0]


def test_a_refresh_counts_a_limited_number_of_changed_hours_latest_first(stores: Stores) -> None:
    refresh(stores, NOON)
    ago = range(10, 10 + CHANGED_HOURS + 5)
    for hours in ago:
        click(stores, people_once(stores), MOVIE, NOON - hours * HOUR)
    assert hours_counted(stores, NOON, NOON, NOON) == [CHANGED_HOURS + 3, 8, 3]
    assert len(stores.trends.hours(since=0)) == len(ago)


def test_a_full_count_settles_all_changes(stores: Stores) -> None:
    refresh(stores, NOON)
    click(stores, people(stores, 1), MOVIE, DAYS_AGO)
    assert refresh(stores, NOON, full=True).figures["hours"] == EVERYTHING
    assert hours_counted(stores, NOON) == [3]


def test_changes_of_hours_that_are_no_longer_kept_are_deleted(stores: Stores) -> None:
    refresh(stores, NOON)
    click(stores, people(stores, 1), MOVIE, NOON - timedelta(days=100))
    assert hours_counted(stores, NOON) == [3]
    assert list(stores.trends.changed(since=0, limit=9)) == []


def test_counting_is_limited_to_the_retention_of_events(stores: Stores) -> None:
    click(stores, people(stores, 3), MOVIE, NOON)
    week = Settings(home=Path("/nonexistent"), offline=True, events_days=7)
    assert refresh(stores, NOON, settings=week, full=True).figures["hours"] == 7 * 24


def test_expired_counts_are_deleted(stores: Stores) -> None:
    click(stores, people(stores, 3), MOVIE, NOON)
    refresh(stores, NOON)
    refresh(stores, NOON + timedelta(days=61))
    assert len(stores.trends.hours(since=0)) == 0


def test_a_movie_that_gets_far_more_than_usual_rises(stores: Stores) -> None:
    users = people(stores, 12)
    for day in range(1, 15):
        click(stores, users, MOVIES[1].id, NOON - timedelta(days=day))
        click(stores, users[:1], MOVIES[2].id, NOON - timedelta(days=day))
    click(stores, users, MOVIES[1].id, NOON)
    click(stores, users, MOVIES[2].id, NOON)
    refresh(stores, NOON)
    assert listed(stores, Window.RISING) == [MOVIES[2].id]


def test_a_cancelled_run_publishes_nothing(stores: Stores) -> None:
    click(stores, people(stores, 3), MOVIE, NOON)

    class Stopping(Watching):
        def check(self) -> None:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        refresh(stores, NOON, watching=Stopping())
    assert stores.trends.read(Window.DAY) is None


def test_if_the_lists_cannot_be_written_the_previous_ones_stay(stores: Stores) -> None:
    users = people(stores, 3)
    click(stores, users, MOVIE, NOON)
    refresh(stores, NOON)
    click(stores, users, MOVIES[1].id, NOON)

    with pytest.raises(StoreUnavailable):
        refresh(full_disk(stores), NOON)
    assert listed(stores, Window.DAY) == listed(stores, Window.WEEK) == [MOVIE]


def movielens(home: Path) -> Settings:
    """Write ratings in which five users each love the movies 1 to 30 in MovieLens' last month."""
    folder = home / "downloads" / download.MOVIELENS
    folder.mkdir(parents=True)
    movies = MOVIES[:30]
    (folder / "links.csv").write_text(
        "movieId,imdbId,tmdbId\n" + "".join(f"{n},{n},{movie.id}\n" for n, movie in enumerate(movies, 1)),
        encoding="utf-8",
    )
    rows = [
        f"{user},{movie},{4.5 if movie > 2 else 2},{1_500_000_000 + movie * 60}\n"
        for movie in range(1, len(movies) + 1)
        for user in range(1, 6)
    ]
    (folder / "ratings.csv").write_text("userId,movieId,rating,timestamp\n" + "".join(rows), encoding="utf-8")
    return Settings(home=home, offline=True)


def test_a_site_without_events_is_seeded_from_movielens(stores: Stores, tmp_path: Path) -> None:
    own, watching = movielens(tmp_path / "home"), Watching()
    assert refresh(stores, NOON, settings=own, watching=watching).figures["origin"] == "movielens"
    published = stores.trends.read(Window.DAY)
    assert published is not None
    assert published.origin is Origin.MOVIELENS
    assert {trend.movie for trend in published.trends} == {movie.id for movie in MOVIES[2:30]}
    assert {trend.users for trend in published.trends} == {5}
    assert any("MovieLens" in sentence for sentence in watching.sentences)


def test_movielens_is_read_once_a_week_and_on_a_full_count(stores: Stores, tmp_path: Path) -> None:
    own = movielens(tmp_path / "home")
    refresh(stores, NOON, settings=own)
    made = [stores.trends.read(window) for window in Window]
    assert made[0] is not None
    (own.home / "downloads" / download.MOVIELENS / "ratings.csv").unlink()
    later = NOON + timedelta(days=6)
    refresh(stores, later, settings=own)
    assert [stores.trends.read(window) for window in Window] == [replace(made[0], made_at=later), *made[1:]]
    (own.home / "downloads" / download.MOVIELENS / "links.csv").unlink()
    (own.home / "downloads" / download.MOVIELENS).rmdir()
    refresh(stores, NOON + timedelta(days=8), settings=own)
    assert listed(stores, Window.DAY) == []


def test_movielens_lists_from_a_fast_clock_are_replaced(stores: Stores, tmp_path: Path) -> None:
    own = movielens(tmp_path / "home")
    refresh(stores, NOON + timedelta(days=400), settings=own)
    refresh(stores, NOON, settings=own)
    assert [stores.trends.read(window).made_at for window in Window] == [NOON] * 3  # type: ignore[union-attr]


def test_the_sites_own_events_replace_movielens(stores: Stores, tmp_path: Path) -> None:
    own = movielens(tmp_path / "home")
    refresh(stores, NOON, settings=own)
    users = people(stores, 3)
    for movie in MOVIES[4:7]:
        click(stores, users, movie.id, NOON)
    refresh(stores, NOON + HOUR, settings=own)
    assert listed(stores, Window.DAY) == [movie.id for movie in MOVIES[4:7]]
    assert {stores.trends.read(window).origin for window in Window} == {Origin.EVENTS}  # type: ignore[union-attr]


def test_a_site_without_events_and_movielens_has_empty_lists(stores: Stores) -> None:
    refresh(stores, NOON)
    assert [stores.trends.read(window) for window in Window] == [
        TrendList(window, Origin.EVENTS, NOON, ()) for window in Window
    ]


MINUTES = 30 * 60
"""The period of the property's events."""
MOMENTS = st.lists(st.integers(0, MINUTES), max_size=6)
ACTIONS = st.lists(
    st.tuples(
        st.integers(0, MINUTES),
        st.sampled_from([EventKind.CLICK, EventKind.SWIPE_RIGHT, EventKind.SWIPE_LEFT, EventKind.IMPRESSION]),
        st.integers(0, 3),
        st.integers(0, 2),
        st.integers(0, 110),
    ),
    max_size=25,
)
"""Time (minutes), kind, user, movie, and delay of writing (minutes)."""


@contextmanager
def fresh() -> Iterator[tuple[Stores, list[UserId | None]]]:
    with tempfile.TemporaryDirectory() as folder:
        stores = databases.open_new(f"sqlite:///{folder}/people.sqlite")
        yield stores, [None, *people(stores, 3)]
        database.close(stores)


def counted(tally: HourTally) -> list[Any]:
    return [np.asarray(getattr(tally, name)).tolist() for name in ("hours", "movies", "weights", "events")]


@pytest.mark.slow
@tries(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(moments=MOMENTS, actions=ACTIONS)
def test_refreshing_at_any_times_equals_a_full_count(
    moments: list[int], actions: list[tuple[int, EventKind, int, int, int]]
) -> None:
    start, own = NOON - timedelta(minutes=MINUTES), Settings(home=Path("/nonexistent"), offline=True, trend_floor=1)
    end = start + timedelta(minutes=MINUTES + 120)
    waiting = sorted(actions, key=lambda action: action[0] + action[4])
    with fresh() as (stores, users):
        for moment in [*sorted(moments), MINUTES + 120]:
            due = [action for action in waiting if action[0] + action[4] <= moment]
            waiting = waiting[len(due) :]
            stores.events.add(
                [
                    Event(kind, start + timedelta(minutes=at), users[who], MOVIES[movie].id)
                    for at, kind, who, movie, _ in due
                ]
            )
            refresh(stores, start + timedelta(minutes=moment), settings=own)
        bit_by_bit = counted(stores.trends.hours(since=0)), [listed(stores, window) for window in Window]
        refresh(stores, end, settings=own, full=True)
        assert (counted(stores.trends.hours(since=0)), [listed(stores, window) for window in Window]) == bit_by_bit
