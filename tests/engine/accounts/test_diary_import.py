"""Imports, from the bytes of a file to a real database, and repeated."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core.config import Settings
from core.errors import Busy, DataError
from core.language import time_zones
from core.types import Movie, MovieId, SearchRequest
from core.users import MarkKind, Preferences, User, UserId
from data import database
from data.catalogues import sources
from data.database import Stores
from data.exports import imdb_ids
from data.exports.imdb_ids import IdMap
from engine.accounts.diaries import Diaries
from engine.accounts.imports.importer import Importer
from engine.accounts.imports.records import BY_ID, BY_TITLE, SeriesCount
from engine.accounts.imports.turns import AT_ONCE, LONGEST, ImportTurns
from engine.services import Services
from tests import databases
from tests.listed import ListedIndex

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HEAT, JAWS, AMELIE = MovieId(949), MovieId(578), MovieId(194)
MOVIES = (
    Movie(id=HEAT, title="Heat", year=1995),
    Movie(id=JAWS, title="Jaws", year=1975),
    Movie(id=AMELIE, title="Amélie", original_title="Le Fabuleux Destin d'Amélie Poulain", year=2001),
)
RATINGS = "Date,Name,Year,Letterboxd URI,Rating"
DIARY = "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date"
WATCHLIST = "Date,Name,Year,Letterboxd URI"
IMDB = "Const,Your Rating,Date Rated,Title,Original Title,Title Type,Year"


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    """A new database."""
    found = databases.open_new(f"sqlite:///{tmp_path / 'people.sqlite'}")
    yield found
    database.close(found)


@pytest.fixture
def user(stores: Stores) -> User:
    """A user with an account."""
    return stores.accounts.create("ada", password_hash="x", preferences=Preferences(), at=NOW)


@pytest.fixture
def index() -> ListedIndex:
    """Three movies."""
    return ListedIndex(MOVIES)


@pytest.fixture
def diaries(stores: Stores, index: ListedIndex) -> Diaries:
    """The use cases over the store and the index; two IMDb ids are known."""
    ids = IdMap.of([(113277, HEAT), (73195, MovieId(4))])
    return Diaries(stores.diaries, index, importer=Importer(index, imdb_ids=lambda: ids), clock=lambda: NOW)


def content(header: str, *rows: str) -> io.BytesIO:
    return io.BytesIO("\n".join((header, *rows, "")).encode())


def take_over(diaries: Diaries, user: User, header: str, *rows: str, name: str = "x.csv") -> int:
    return len(diaries.carry_out(user, diaries.plan_import(content(header, *rows), name=name)).movies)


def test_a_plan_shows_what_each_line_matched_and_how(diaries: Diaries) -> None:
    rows = (
        "tt0113277,9,2020-05-17,Anything,,Movie,1999",
        "tt0211915,8,2020-05-18,Amelie,Le fabuleux destin d'Amélie Poulain,Movie,2001",
        "tt9,7,2020-05-19,Unheard Of,,Movie,2001",
        "tt0073195,7,2020-05-19,Jaws,,Movie,1975",
        "tt10,7,2020-05-19,Some Series,,TV Series,2001",
        "tt11,7,2020-05-19,Some Game,,Video Game,2001",
    )
    plan = diaries.plan_import(content(IMDB, *rows), name="ratings.csv")
    assert plan.kind == "IMDb ratings"
    assert [(line.row, line.movie.id if line.movie else None, line.matched_by) for line in plan.lines] == [
        (2, HEAT, BY_ID),
        (3, AMELIE, BY_TITLE),
        (4, None, ""),
        (5, JAWS, BY_TITLE),  # its id leads to a movie that the catalogue lacks
    ]
    assert plan.bad == ("ratings.csv, row 7, column 'Title Type': expected a movie, got 'Video Game'",)
    assert plan.series == SeriesCount(series=1)
    assert (len(plan.matched), len(plan.unmatched)) == (3, 1)


def test_a_plan_writes_nothing(diaries: Diaries, user: User) -> None:
    diaries.plan_import(content(RATINGS, "2020-05-17,Heat,1995,u,4.5"), name="r.csv")
    assert diaries.read(user).revision == 0


def test_imported_ratings_have_the_dates_of_the_file(diaries: Diaries, user: User) -> None:
    assert take_over(diaries, user, RATINGS, "2020-05-17,Heat,1995,u,4.5", "2020-05-18,Nowhere,1995,u,3") == 1
    rating = diaries.read(user).ratings[HEAT]
    assert (rating.stars, rating.at) == (4.5, datetime(2020, 5, 17, tzinfo=UTC))


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland", "America/Los_Angeles", "Africa/Cairo"])
@pytest.mark.parametrize("on", ["2020-05-17", "2024-02-29", "2024-04-26", "2020-03-08", "1970-01-02"])
def test_an_imported_date_is_a_day_in_the_time_zone_of_the_user(
    diaries: Diaries, user: User, zone: str, on: str
) -> None:
    here = time_zones.zone(zone)
    plan = diaries.plan_import(content(RATINGS, f"{on},Heat,1995,u,4.5"), name="x.csv", zone=here)
    diaries.carry_out(user, plan)
    at = diaries.read(user).ratings[HEAT].at
    assert time_zones.day(at, here).isoformat() == on
    assert at == time_zones.start(date.fromisoformat(on), here)


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31"])
def test_a_date_at_the_end_of_the_calendar_is_imported_in_any_time_zone(diaries: Diaries, user: User, on: str) -> None:
    for zone in ("Pacific/Auckland", "America/Los_Angeles"):
        plan = diaries.plan_import(content(RATINGS, f"{on},Heat,1995,u,4.5"), name="x.csv", zone=time_zones.zone(zone))
        diaries.carry_out(user, plan)
    assert HEAT in diaries.read(user).ratings


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (RATINGS, "2020-05-17,Heat,1995,u,4.5"),
        (DIARY, "2020-05-17,Heat,1995,u,4.5,,,2020-05-16"),
        (WATCHLIST, "2020-05-17,Heat,1995,u"),
        (RATINGS, ",Heat,1995,u,4.5"),
        (RATINGS, "2099-01-01,Heat,1995,u,4.5"),
    ],
)
def test_repeating_an_import_changes_nothing(diaries: Diaries, user: User, header: str, row: str) -> None:
    assert take_over(diaries, user, header, row) == 1
    before, history = diaries.read(user), diaries.history(user)
    assert take_over(diaries, user, header, row) == 0
    assert (diaries.read(user), diaries.history(user)) == (before, history)


def test_the_newest_entry_of_a_movie_wins_and_a_rewatch_without_stars_keeps_them(diaries: Diaries, user: User) -> None:
    rows = (
        "2021-01-02,Heat,1995,u,4.5,Yes,,2021-01-01",
        "2020-01-02,Heat,1995,u,3,,,2020-01-01",
        "2022-01-02,Heat,1995,u,,Yes,,2022-01-01",
    )
    assert take_over(diaries, user, DIARY, *rows) == 1
    diary = diaries.read(user)
    assert diary.ratings[HEAT].stars == 4.5
    assert diary.marked(MarkKind.WATCHED)[HEAT] == datetime(2022, 1, 1, tzinfo=UTC)


def test_newer_entries_made_here_are_kept(diaries: Diaries, user: User) -> None:
    diaries.rate(user, HEAT, 2)
    diaries.mark(user, JAWS, MarkKind.DISMISSED, on=True)
    assert take_over(diaries, user, RATINGS, "2020-05-17,Heat,1995,u,4.5") == 0
    assert take_over(diaries, user, WATCHLIST, "2020-05-17,Jaws,1975,u") == 0
    assert diaries.read(user).ratings[HEAT].stars == 2


def test_a_newer_file_replaces_entries_of_an_older_one(diaries: Diaries, user: User) -> None:
    take_over(diaries, user, RATINGS, "2020-05-17,Heat,1995,u,4.5")
    assert take_over(diaries, user, RATINGS, "2021-05-17,Heat,1995,u,3") == 1
    assert diaries.read(user).ratings[HEAT].stars == 3


def test_a_date_in_the_future_counts_as_now(diaries: Diaries, user: User) -> None:
    take_over(diaries, user, RATINGS, "2099-01-01,Heat,1995,u,4.5")
    assert diaries.read(user).ratings[HEAT].at == NOW


def test_watchlist_and_watched_movies_become_marks(diaries: Diaries, user: User) -> None:
    take_over(diaries, user, WATCHLIST, "2020-05-17,Heat,1995,u", name="watchlist.csv")
    take_over(diaries, user, WATCHLIST, "2020-05-17,Jaws,1975,u", name="watched.csv")
    diary = diaries.read(user)
    assert list(diary.marked(MarkKind.WATCHLIST)) == [HEAT]
    assert list(diary.marked(MarkKind.WATCHED)) == [JAWS]


def test_a_file_that_is_not_an_export_is_refused(diaries: Diaries) -> None:
    with pytest.raises(DataError, match="expected Letterboxd"):
        diaries.plan_import(io.BytesIO(b"a,b\n1,2\n"), name="x.csv")


def test_thousands_of_movies_are_imported(stores: Stores, user: User) -> None:
    index = ListedIndex([Movie(id=MovieId(n), title=f"Film {n}", year=2000) for n in range(1, 2_001)])
    diaries = Diaries(stores.diaries, index, importer=Importer(index), clock=lambda: NOW)
    rows = [f"2020-05-17,Film {n},2000,u,{n % 10 / 2 + 0.5}" for n in range(1, 2_001)]
    assert take_over(diaries, user, RATINGS, *rows) == 2_000
    assert len(diaries.read(user).ratings) == 2_000
    assert take_over(diaries, user, RATINGS, *rows) == 0


CAT, NAMESAKE = MovieId(502), MovieId(503)
SHOP = (
    Movie(id=CAT, title="The Cat in Boots", year=2011),
    Movie(id=NAMESAKE, title="Crossing", year=2008),
    Movie(id=MovieId(504), title="The Crossing", original_title="Przeprawa", year=2008),
    Movie(id=MovieId(505), title="Æther Run", year=2005),
    Movie(id=MovieId(506), title="$", year=1971),
    Movie(id=MovieId(523), title="Søndag", year=2009),
)


def matched(pairs: Sequence[tuple[int, int]], header: str, *rows: str) -> list[tuple[int | None, str]]:
    ids = IdMap.of((imdb, MovieId(tmdb)) for imdb, tmdb in pairs)
    plan = Importer(ListedIndex(SHOP), imdb_ids=lambda: ids).plan(content(header, *rows), name="x.csv")
    return [(line.movie.id if line.movie else None, line.matched_by) for line in plan.lines]


CAT_BY_IMDB = "tt0200002,9,2024-01-05,The Cat in Boots,,Movie,2011"


@pytest.mark.parametrize(
    ("pairs", "match"),
    [
        ([(200002, 999502), (200002, CAT)], (CAT, BY_ID)),
        ([(200002, 999502)], (CAT, BY_TITLE)),
        ([(200003, CAT)], (None, "")),
        ([(200002, 999502), (200003, CAT)], (None, "")),
    ],
    ids=["second map", "title", "another id", "both"],
)
def test_an_id_that_leads_out_of_the_catalogue_leaves_the_decision_to_others(
    pairs: list[tuple[int, int]], match: tuple[int | None, str]
) -> None:
    """A movie whose known id is another one has the same title and year by coincidence."""
    assert matched(pairs, IMDB, CAT_BY_IMDB) == [match]


def test_a_title_that_leads_to_another_movie_than_the_id_matches_neither() -> None:
    pairs = [(300001, CAT)]
    assert matched(pairs, IMDB, "tt0300001,9,2024-01-05,Crossing,,Movie,2008") == [(None, "")]
    assert matched(pairs, IMDB, "tt0300001,9,2024-01-05,Another Spelling,,Movie,1999") == [(CAT, BY_ID)]


def test_an_id_decides_between_movies_that_share_a_title() -> None:
    pairs = [(300001, 504)]
    assert matched(pairs, IMDB, "tt0300001,9,2024-01-05,The Crossing,,Movie,2008") == [(504, BY_ID)]


FORM = "tmdbID,Title,Year,Rating10"


@pytest.mark.parametrize(
    ("row", "match"),
    [
        ("502,The Cat in Boots,2011,9", (502, BY_ID)),
        ("502,The Cat in Boots,2012,9", (502, BY_ID)),
        ("502,Something Else,2011,9", (None, "")),  # the catalogue may have numbers of its own
        ("99,The Cat in Boots,2011,9", (502, BY_TITLE)),
    ],
)
def test_a_tmdb_id_decides_if_the_title_agrees(row: str, match: tuple[int | None, str]) -> None:
    assert matched([], FORM, row) == [match]


def test_a_tmdb_id_alone_decides_for_a_catalogue_that_is_known_to_have_tmdb_ids() -> None:
    pairs = [(200002, CAT)]
    assert matched(pairs, FORM, "502,,,9", "502,Den Katten,2011,9") == [(502, BY_ID), (502, BY_ID)]
    assert matched(pairs, FORM, "99,The Cat in Boots,2011,9") == [(None, "")]


@pytest.mark.parametrize(
    ("title", "year", "movie"),
    [
        ("$", 1971, 506),
        ("Sondag", 2009, 523),
        ("SØNDAG", 2009, 523),
        ("AEther Run", 2005, 505),
        ("ÆTHER RUN", 2005, 505),
    ],
)
def test_signs_and_letters_that_do_not_decompose_are_matched(title: str, year: int, movie: int) -> None:
    assert matched([], RATINGS, f"2024-01-01,{title},{year},u,4") == [(movie, BY_TITLE)]


def test_a_users_second_import_at_a_time_is_refused_in_every_process(stores: Stores, user: User) -> None:
    other = replace(user, id=UserId(user.id + 1))
    turns, elsewhere = ImportTurns(stores.leases), ImportTurns(stores.leases)
    with turns.take(user), pytest.raises(Busy, match="another import of yours"), elsewhere.take(user):
        pass
    with turns.take(user), elsewhere.take(other):
        pass


def test_more_imports_than_a_process_has_memory_for_are_refused(stores: Stores, user: User) -> None:
    turns = ImportTurns(stores.leases)
    with ExitStack() as running:
        for number in range(AT_ONCE):
            running.enter_context(turns.take(replace(user, id=UserId(100 + number))))
        with pytest.raises(Busy, match="several imports"):
            running.enter_context(turns.take(user))
    with turns.take(user):
        pass


def test_the_turn_of_a_process_that_died_is_free_later(stores: Stores, user: User) -> None:
    now = [NOW]
    turns = ImportTurns(stores.leases, clock=lambda: now[0])
    turns.take(user).__enter__()  # and never left
    now[0] += LONGEST
    with turns.take(user):
        pass


def test_titles_are_read_once_for_each_version_of_the_index(diaries: Diaries, index: ListedIndex) -> None:
    for _ in range(3):
        diaries.plan_import(content(RATINGS, "2020-05-17,Heat,1995,u,4.5"), name="x.csv")
    read_once = index.pages
    index.version = "2"
    diaries.plan_import(content(RATINGS, "2020-05-17,Heat,1995,u,4.5"), name="x.csv")
    assert index.pages == 2 * read_once


def test_imdb_ids_are_read_once_and_only_if_a_file_contains_any(index: ListedIndex) -> None:
    asked: list[int] = []

    def ids() -> IdMap:
        asked.append(1)
        return IdMap.of([(113277, HEAT)])

    importer = Importer(index, imdb_ids=ids)
    importer.plan(content(RATINGS, "2020-05-17,Heat,1995,u,4.5"), name="x.csv")
    assert asked == []
    for _ in range(2):
        importer.plan(content(IMDB, "tt0113277,9,2020-05-17,Heat,,Movie,1995"), name="x.csv")
    assert asked == [1]


def test_titles_still_match_if_the_imdb_ids_cannot_be_read(
    index: ListedIndex, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> IdMap:
        raise DataError("cannot be read", file="links.csv")

    plan = Importer(index, imdb_ids=broken).plan(content(IMDB, "tt0113277,9,2020-05-17,Heat,,Movie,1995"), name="x.csv")
    assert plan.lines[0].matched_by == BY_TITLE
    assert "links.csv" in caplog.text


@pytest.mark.data
def test_a_real_imdb_export_matches_by_id_whatever_its_titles_are(real_data: Path) -> None:
    """Measured: all 300 matched by id, none wrongly, with meaningless titles."""
    settings = Settings(data_dir=real_data, offline=True)
    catalogue = ListedIndex(sources.load(settings).movies)
    ids = imdb_ids.read(settings)
    known = {tmdb: imdb for imdb, (tmdb, *_) in ids.movies.items() if tmdb in catalogue.by_id}
    assert len(known) >= 4_750
    chosen = random.Random(4).sample(sorted(known), 300)  # noqa: S311
    rows = [f"tt{known[movie]:07},8,2020-05-17,?,?,Movie,2000" for movie in chosen]
    plan = Importer(catalogue, imdb_ids=lambda: ids).plan(content(IMDB, *rows), name="ratings.csv")
    assert [line.movie.id if line.movie else None for line in plan.lines] == chosen


def test_every_movie_of_the_sample_matches_itself_on_both_engines(services: Services) -> None:
    movies = [hit.movie for page in (1, 2) for hit in services.search.run(SearchRequest(page=page, size=100)).hits]
    rows = [f'2020-05-17,"{movie.title}",{movie.year},u,4' for movie in movies]
    plan = services.diaries.plan_import(content(RATINGS, *rows), name="ratings.csv")
    assert [line.movie and line.movie.id for line in plan.lines] == [movie.id for movie in movies]
    assert len(movies) == services.library.info().count


def test_a_letterboxd_diary_becomes_watchings_with_their_days_and_rewatches(
    diaries: Diaries, stores: Stores, user: User
) -> None:
    rows = ("2020-05-17,Heat,1995,u,4.5,,bob,2020-05-16", "2021-02-03,Heat,1995,u,5,Yes,,2021-02-02")
    plan = diaries.plan_import(content(DIARY, *rows), name="diary.csv")
    effects = diaries.effects(user, plan)
    assert plan.tagged == 0
    assert diaries.carry_out(user, plan) == effects
    assert len(effects.movies) == 1
    notes = [watch.entry.note for watch in stores.watches.read(user.id)]
    assert notes == ["", "Tags: bob"]
    found = [(watch.entry.day, watch.entry.rewatch, watch.entry.stars) for watch in stores.watches.read(user.id)]
    assert found == [(date(2021, 2, 2), True, 5.0), (date(2020, 5, 16), False, 4.5)]
    assert len(effects.watches) == len(found)
    assert stores.diaries.read(user.id).ratings[HEAT].stars == 5.0


def test_repeating_the_import_of_a_diary_adds_nothing(diaries: Diaries, stores: Stores, user: User) -> None:
    file = content(DIARY, "2020-05-17,Heat,1995,u,4.5,,,2020-05-16", "2020-05-17,Heat,1995,u,,,,2020-05-16")
    for written in (1, 0):
        plan = diaries.plan_import(file, name="diary.csv")
        assert len(diaries.effects(user, plan).movies) == written
        assert len(diaries.carry_out(user, plan).movies) == written
    assert stores.watches.count(user.id) == 1


@pytest.mark.parametrize("day", ["", "someday", "2996-05-16", "1816-05-16"])
def test_a_diary_row_without_a_usable_day_only_marks_its_movie(
    diaries: Diaries, stores: Stores, user: User, day: str
) -> None:
    file = content(DIARY, f"2020-05-17,Heat,1995,u,4.5,,,{day}")
    assert len(diaries.carry_out(user, diaries.plan_import(file, name="diary.csv")).movies) == 1
    assert stores.watches.count(user.id) == 0
    assert HEAT in stores.diaries.read(user.id).marked(MarkKind.WATCHED)
