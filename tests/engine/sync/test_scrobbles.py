"""Reports of Plex and Jellyfin, from their JSON to a diary in a real database."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.diary.watches import WatchEntry
from core.errors import InvalidRequest, StoreUnavailable
from core.language import time_zones
from core.sync.records import KEPT_SCROBBLES, Scrobble, ScrobbleOutcome
from core.types import Movie, MovieId
from core.users import MarkKind, Preferences, User
from data.database import Stores
from data.exports.imdb_ids import IdMap
from engine.accounts.diaries import Diaries
from engine.accounts.diary.watches import Watches
from engine.accounts.imports.importer import Importer
from engine.sync import reports
from engine.sync.reports import Report, ReportKind
from engine.sync.scrobbles import SAME_SESSION, Answer, Scrobbles
from tests.engine.accounts.conftest import Clock
from tests.listed import ListedIndex

HEAT, JAWS = MovieId(949), MovieId(578)
MOVIES = (Movie(id=HEAT, title="Heat", year=1995), Movie(id=JAWS, title="Jaws", year=1975))


@pytest.fixture
def user(stores: Stores, clock: Clock) -> User:
    """A user with an account."""
    return stores.accounts.create("ada", password_hash="x", preferences=Preferences(), at=clock())


@pytest.fixture
def scrobbles(stores: Stores, clock: Clock) -> Scrobbles:
    """Reports for a site with two movies, of which one has a known IMDb id."""
    index: Any = ListedIndex(MOVIES)
    importer = Importer(index, imdb_ids=lambda: IdMap.of([(113277, HEAT)]))
    diaries = Diaries(stores.diaries, index, importer=importer, clock=clock)
    return Scrobbles(stores.scrobbles, diaries, Watches(stores.watches, index, clock=clock), clock=clock)


def plex(event: str = "media.scrobble", *, rating: object = None, **metadata: object) -> Report:
    item = {"type": "movie", "title": "Heat", "year": 1995, "Guid": [{"id": "imdb://tt0113277"}], **metadata}
    whole = {"event": event, "Account": {"title": "Ada"}, "Metadata": item}
    return reports.of_plex(json.dumps(whole if rating is None else {**whole, "rating": rating}))


def jellyfin(event: str = "PlaybackStop", **more: object) -> Report:
    whole = {
        "NotificationType": event, "PlayedToCompletion": True, "ItemType": "Movie", "Name": "Heat", "Year": 1995,
        "Provider_imdb": "tt0113277", "NotificationUsername": "ada", **more,
    }  # fmt: skip
    return reports.of_jellyfin(json.dumps(whole))


def take(scrobbles: Scrobbles, user: User, report: Report, **more: Any) -> Answer:
    return scrobbles.report(user, report, **{"zone": UTC, **more})


@pytest.mark.parametrize(
    "report", [plex(), jellyfin(), jellyfin("UserDataSaved", SaveReason="TogglePlayed", Played="True")]
)
def test_a_movie_that_was_watched_to_its_end_is_in_the_diary(
    scrobbles: Scrobbles, stores: Stores, clock: Clock, user: User, report: Report
) -> None:
    answer = take(scrobbles, user, report)
    assert (answer.scrobble.outcome, answer.scrobble.movie) == (ScrobbleOutcome.LOGGED, HEAT)
    (watch,) = stores.watches.read(user.id)
    assert (watch.entry.movie, watch.entry.day, watch.entry.rewatch) == (HEAT, clock().date(), False)
    assert scrobbles.latest(user)[0].title == "Heat"
    assert HEAT in stores.diaries.read(user.id).marked(MarkKind.WATCHED)


def test_one_watching_that_is_reported_by_several_servers_is_added_once(
    scrobbles: Scrobbles, stores: Stores, clock: Clock, user: User
) -> None:
    outcomes = [take(scrobbles, user, report).scrobble.outcome for report in (plex(), jellyfin(), plex())]
    assert outcomes == [ScrobbleOutcome.LOGGED, ScrobbleOutcome.REPEATED, ScrobbleOutcome.REPEATED]
    clock.at += SAME_SESSION - timedelta(seconds=1)
    clock.at = clock.at.replace(hour=23)
    take(scrobbles, user, plex())
    clock.at += timedelta(hours=2)  # after midnight: another day, but not the same session any more
    assert take(scrobbles, user, plex()).scrobble.outcome is ScrobbleOutcome.LOGGED
    assert [watch.entry.rewatch for watch in stores.watches.read(user.id)] == [True, False]


def test_a_session_across_midnight_is_one_watching(
    scrobbles: Scrobbles, stores: Stores, clock: Clock, user: User
) -> None:
    clock.at = clock.at.replace(hour=23, minute=50)
    take(scrobbles, user, plex())
    clock.at += timedelta(minutes=20)
    assert take(scrobbles, user, plex()).scrobble.outcome is ScrobbleOutcome.REPEATED
    assert stores.watches.count(user.id) == 1


def test_a_watching_that_the_user_logged_on_that_day_is_not_added_again(
    scrobbles: Scrobbles, stores: Stores, clock: Clock, user: User
) -> None:
    stores.watches.log(user.id, WatchEntry(movie=HEAT, day=clock().date()), at=clock())
    assert take(scrobbles, user, plex()).scrobble.outcome is ScrobbleOutcome.REPEATED


def test_the_day_is_that_of_the_users_time_zone(scrobbles: Scrobbles, stores: Stores, user: User) -> None:
    take(scrobbles, user, plex(), zone=time_zones.zone("Pacific/Auckland"))
    assert stores.watches.read(user.id)[0].entry.day == date(2026, 11, 22)


@pytest.mark.parametrize(("rating", "stars"), [(8, 4.0), ("7", 3.5), (1, 0.5), (10.0, 5.0)])
def test_a_rating_of_plex_is_taken_over(
    scrobbles: Scrobbles, stores: Stores, user: User, rating: object, stars: float
) -> None:
    assert take(scrobbles, user, plex("media.rate", rating=rating)).scrobble.outcome is ScrobbleOutcome.RATED
    assert stores.diaries.read(user.id).ratings[HEAT].stars == stars
    assert stores.watches.count(user.id) == 0


@pytest.mark.parametrize("rating", [-1, 0, 11, "x", True, {}, 1e300])
def test_a_rating_that_was_removed_or_is_none_changes_nothing(
    scrobbles: Scrobbles, stores: Stores, user: User, rating: object
) -> None:
    assert take(scrobbles, user, plex("media.rate", rating=rating)).scrobble.outcome is ScrobbleOutcome.IGNORED
    assert stores.diaries.read(user.id).revision == 0


@pytest.mark.parametrize(
    "report",
    [
        plex(type="episode", grandparentTitle="Heat"),
        jellyfin(ItemType="Episode", SeriesName="Heat"),
    ],
)
def test_an_episode_is_named_and_never_matched_to_a_movie(
    scrobbles: Scrobbles, stores: Stores, user: User, report: Report
) -> None:
    answer = take(scrobbles, user, report)
    assert (answer.scrobble.outcome, answer.scrobble.movie) == (ScrobbleOutcome.SERIES, None)
    assert answer.reason == "Marquee knows only movies"
    assert stores.watches.count(user.id) == 0


@pytest.mark.parametrize(
    "report",
    [
        plex("media.play"), plex("library.new"), plex(""), jellyfin("PlaybackStart"),
        jellyfin(PlayedToCompletion=False), jellyfin(PlayedToCompletion="False"),
        jellyfin("UserDataSaved", SaveReason="TogglePlayed", Played=False),
        jellyfin("UserDataSaved", SaveReason="Import"),
    ],
)  # fmt: skip
def test_other_reports_are_ignored_and_not_listed(
    scrobbles: Scrobbles, stores: Stores, user: User, report: Report
) -> None:
    assert take(scrobbles, user, report).scrobble.outcome is ScrobbleOutcome.IGNORED
    assert scrobbles.latest(user) == []
    assert stores.watches.count(user.id) == 0


def test_only_the_named_account_of_a_server_counts(scrobbles: Scrobbles, user: User) -> None:
    assert take(scrobbles, user, plex(), account="bob").scrobble.outcome is ScrobbleOutcome.IGNORED
    assert take(scrobbles, user, plex(), account="ADA").scrobble.outcome is ScrobbleOutcome.LOGGED


@pytest.mark.parametrize(
    ("metadata", "movie"),
    [
        ({"Guid": [{"id": "tmdb://578"}], "title": "Jaws", "year": 1975}, JAWS),
        ({"Guid": [], "guid": "com.plexapp.agents.imdb://tt0113277?lang=en", "title": "?", "year": None}, HEAT),
        ({"Guid": [], "title": "Jaws", "year": 1975}, JAWS),
        ({"Guid": [], "title": "Jaws", "year": None}, None),
        ({"Guid": [{"id": "tvdb://1"}, 7, {"id": None}], "title": "Unheard Of", "year": 2001}, None),
    ],
)
def test_a_movie_is_found_by_its_ids_or_by_title_and_year(
    scrobbles: Scrobbles, user: User, metadata: dict[str, Any], movie: MovieId | None
) -> None:
    answer = take(scrobbles, user, plex(**metadata))
    assert answer.scrobble.movie == movie
    if movie is None:
        assert [one.outcome for one in scrobbles.latest(user)] == [ScrobbleOutcome.UNKNOWN]


def test_the_list_of_reports_is_bounded(stores: Stores, clock: Clock, user: User) -> None:
    for number in range(KEPT_SCROBBLES + 5):
        stores.scrobbles.add(user.id, Scrobble(clock(), "plex", ScrobbleOutcome.UNKNOWN, f"Film {number}"))
    found = stores.scrobbles.latest(user.id)
    assert (len(found), found[0].title, found[-1].title) == (KEPT_SCROBBLES, "Film 104", "Film 5")


def test_a_watching_that_could_not_be_stored_is_taken_over_when_it_is_reported_again(
    stores: Stores, clock: Clock, user: User
) -> None:
    class Failing(Watches):
        def log(self, user: User, entry: WatchEntry) -> Any:
            raise StoreUnavailable(f"{user.name} {entry.day}")

    index: Any = ListedIndex(MOVIES)
    diaries = Diaries(stores.diaries, index, importer=Importer(index), clock=clock)
    report = plex(Guid=[])
    with pytest.raises(StoreUnavailable):
        take(
            Scrobbles(stores.scrobbles, diaries, Failing(stores.watches, index, clock=clock), clock=clock), user, report
        )
    well = Scrobbles(stores.scrobbles, diaries, Watches(stores.watches, index, clock=clock), clock=clock)
    assert take(well, user, report).scrobble.outcome is ScrobbleOutcome.LOGGED


@pytest.mark.parametrize("text", ["", "x", "[]", "7", "null", "[" * 100_000])
def test_what_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest, match="payload"):
        reports.of_plex(text)
    with pytest.raises(InvalidRequest, match="body"):
        reports.of_jellyfin(text)


VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "title", "Guid"]), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["event", "Metadata", "Account", "rating"]), VALUE), st.sampled_from([1, 2]))
def test_any_report_is_read_or_refused(values: dict[str, Any], kind: int) -> None:
    with suppress(InvalidRequest):
        found = (reports.of_plex if kind == 1 else reports.of_jellyfin)(json.dumps(values))
        assert found.kind in ReportKind
