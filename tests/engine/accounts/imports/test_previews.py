"""Previews of imports over a real database: corrected, applied, repeated, and restored from Marquee's own export."""

from __future__ import annotations

import csv
import io
import itertools
import json
import random
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.diary.lists import ListDetails
from core.diary.watches import WatchEntry, WatchGoal
from core.errors import Busy, DataError, InvalidRequest, NotFound
from core.types import Movie, MovieId
from core.users import MarkKind, Preferences, User
from data.database import Stores
from data.exports.imdb_ids import IdMap
from engine.accounts.accounts import Accounts
from engine.accounts.diaries import Diaries
from engine.accounts.imports.importer import Importer
from engine.accounts.imports.previews import Correction, ImportDrafts, Preview
from engine.accounts.imports.records import AMBIGUOUS, BY_USER, UNKNOWN, SeriesCount
from engine.accounts.imports.turns import ImportTurns
from engine.accounts.letterboxd_export import LetterboxdExport
from engine.catalogue.movies import Movies
from tests.engine.accounts.conftest import Clock
from tests.listed import ListedIndex

HEAT, JAWS, HOST, OTHER_HOST = MovieId(949), MovieId(578), MovieId(1255), MovieId(2000)
MOVIES = (
    Movie(id=HEAT, title="Heat", year=1995),
    Movie(id=JAWS, title="Jaws", year=1975),
    Movie(id=HOST, title="The Host", year=2006),
    Movie(id=OTHER_HOST, title="The Host", year=2013),
    *(Movie(id=MovieId(number), title=f"Film {number}", year=2000) for number in range(1, 30)),
)
RATINGS = "Date,Name,Year,Letterboxd URI,Rating"
REVIEWS = "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched Date"
DIARY = "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date"
LIKED = "likes/films"
NUMBERS = itertools.count(1)
LIST = (
    "Letterboxd list export v7\nDate,Name,Tags,URL,Description\n2024-02-01,Rain,,u,Wet\n\n"
    "Position,Name,Year,URL,Description"
)


@pytest.fixture
def diaries(stores: Stores, clock: Clock) -> Diaries:
    """The diaries of a site with a few movies; MovieLens knows two of them."""
    index: Any = ListedIndex(MOVIES)
    ids = IdMap.of([(113277, HEAT)], {6: HEAT, 1387: JAWS})
    return Diaries(stores.diaries, index, importer=Importer(index, imdb_ids=lambda: ids), clock=clock)


@pytest.fixture
def imports(stores: Stores, diaries: Diaries, clock: Clock) -> ImportDrafts:
    """Imports with previews in the database."""
    index: Any = ListedIndex(MOVIES)
    return ImportDrafts(stores.import_drafts, diaries, Movies(index), clock=clock)


@pytest.fixture
def user(stores: Stores, clock: Clock) -> User:
    """A user with an account."""
    return sign_up(stores, clock, "ada")


def sign_up(stores: Stores, clock: Clock, name: str = "") -> User:
    name = name or f"reader-{next(NUMBERS)}"
    return stores.accounts.create(name, password_hash="x", preferences=Preferences(), at=clock())


def opened(imports: ImportDrafts, user: User, *lines: str, name: str = "export.csv") -> Preview:
    return imports.open(user, io.BytesIO("\n".join((*lines, "")).encode()), name=name)


def archive(**files: Sequence[str]) -> io.BytesIO:
    """Return an archive; `likes` is the table of liked movies, and `a__b` stands for a folder."""
    files = {name.replace("likes", LIKED): lines for name, lines in files.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, lines in files.items():
            packed.writestr(f"{name.replace('__', '/')}.csv", "\n".join((*lines, "")))
    out.seek(0)
    return out


def test_a_row_without_a_movie_and_a_wrong_row_are_corrected_before_anything_is_written(
    imports: ImportDrafts, diaries: Diaries, user: User
) -> None:
    rows = ("2020-05-17,Heat,1995,u,4.5", "2020-05-17,Nowhere,1999,u,3", "2020-05-17,The Host,2009,u,2")
    preview = opened(imports, user, RATINGS, *rows)
    assert [line.fault for line in preview.plan.lines] == ["", UNKNOWN, AMBIGUOUS]
    assert [movie.id for movie in imports.alternatives(preview.line(3))] == [HOST, OTHER_HOST]
    corrections = [Correction(1, MovieId(7)), Correction(2, skip=True), Correction(3, OTHER_HOST)]
    changed = imports.correct(user, preview.id, corrections)
    assert [line.matched_by for line in changed.plan.lines] == [BY_USER, "", BY_USER]
    assert diaries.read(user).revision == 0
    page = imports.page(user, preview.id, size=9)
    assert (page.lines, page.summary.effects) == (changed.plan.lines, changed.effects.counts)
    assert imports.apply(user, preview.id).effects == changed.effects
    assert {movie: rating.stars for movie, rating in diaries.read(user).ratings.items()} == {7: 4.5, OTHER_HOST: 2}


def test_a_correction_applies_to_all_rows_about_the_same_movie(imports: ImportDrafts, user: User) -> None:
    preview = imports.open(
        user,
        archive(
            ratings=(RATINGS, "2020-05-17,Nowhere,1999,u,3"), diary=(DIARY, "2020-05-17,Nowhere,1999,u,3,,,2020-05-16")
        ),
        name="all.zip",
    )
    changed = imports.correct(user, preview.id, [Correction(2, HEAT)])
    assert [line.movie and line.movie.id for line in changed.plan.lines] == [HEAT, HEAT]
    restored = imports.correct(user, preview.id, [Correction(1)])
    assert [line.movie for line in restored.plan.lines] == [None, None]


def test_a_preview_expires_and_belongs_to_one_user(
    imports: ImportDrafts, stores: Stores, clock: Clock, user: User
) -> None:
    preview = opened(imports, user, RATINGS, "2020-05-17,Heat,1995,u,4.5")
    other = sign_up(stores, clock, "bob")
    for wrong in (other, replace(user, id=other.id)):
        with pytest.raises(NotFound):
            imports.page(wrong, preview.id, size=1)
        with pytest.raises(NotFound):
            imports.apply(wrong, preview.id)
    clock.at += timedelta(days=1)
    with pytest.raises(NotFound, match="has expired"):
        imports.page(user, preview.id, size=1)
    assert stores.import_drafts.purge(at=clock()) == 1


@pytest.mark.parametrize("number", [0, 2, -1])
def test_a_line_that_does_not_exist_cannot_be_corrected(imports: ImportDrafts, user: User, number: int) -> None:
    preview = opened(imports, user, RATINGS, "2020-05-17,Heat,1995,u,4.5")
    with pytest.raises(InvalidRequest, match="expected 1 to 1"):
        imports.correct(user, preview.id, [Correction(number, skip=True)])
    with pytest.raises(NotFound):
        preview.line(number)


def test_a_movie_that_the_catalogue_lacks_cannot_be_chosen(imports: ImportDrafts, user: User) -> None:
    preview = opened(imports, user, RATINGS, "2020-05-17,Heat,1995,u,4.5")
    with pytest.raises(NotFound, match="no film has the TMDB id 77777"):
        imports.correct(user, preview.id, [Correction(1, MovieId(77_777))])


def test_a_preview_that_is_too_large_to_be_stored_is_refused(imports: ImportDrafts, user: User) -> None:
    rng = random.Random(1)  # noqa: S311
    rows = (f"2020-05-17,Heat,1995,u,4,,{rng.randbytes(700_000).hex()},,2020-05-16" for _ in range(22))
    with pytest.raises(DataError, match="preview is larger than 16 MB"):
        opened(imports, user, REVIEWS, *rows)


def test_a_letterboxd_archive_is_imported_whole(
    imports: ImportDrafts, diaries: Diaries, stores: Stores, user: User
) -> None:
    preview = imports.open(
        user,
        archive(
            ratings=(RATINGS, "2020-05-17,Heat,1995,u,4.5"),
            diary=(DIARY, "2020-05-17,Heat,1995,u,4.5,,rain,2020-05-16", "2021-01-02,Heat,1995,u,5,Yes,,2021-01-01"),
            reviews=(
                REVIEWS,
                '2020-05-17,Heat,1995,u,4.5,,"First <b>time</b>",rain,2020-05-16',
                "2021-01-02,Heat,1995,u,5,Yes,Second time,,2021-01-01",
            ),
            watchlist=("Date,Name,Year,Letterboxd URI", "2020-05-17,Jaws,1975,u"),
            likes=("Date,Name,Year,Letterboxd URI", "2020-05-17,Film 3,2000,u"),
            lists__rain=(LIST, "1,Film 5,2000,u,Wet", "2,Heat,1995,u,"),
        ),
        name="letterboxd.zip",
    )
    done = imports.apply(user, preview.id)
    assert done.effects == preview.effects
    diary = diaries.read(user)
    assert diary.reviews[HEAT].text == "Second time"
    assert diary.ratings[HEAT].stars == 5
    assert (list(diary.marked(MarkKind.WATCHLIST)), list(diary.marked(MarkKind.FAVOURITE))) == ([JAWS], [3])
    watched = [(watch.entry.day, watch.entry.rewatch, watch.entry.note) for watch in stores.watches.read(user.id)]
    assert watched == [(date(2021, 1, 1), True, ""), (date(2020, 5, 16), False, "First time\n\nTags: rain")]
    (made,) = stores.lists.of_user(user.id)
    assert made.details == ListDetails(name="Rain", description="Wet", public=False)
    assert [(entry.movie, entry.note) for entry in stores.lists.entries(made.id)] == [(5, "Wet"), (HEAT, "")]


def test_an_imported_list_continues_the_own_list_of_the_same_name(
    imports: ImportDrafts, stores: Stores, clock: Clock, user: User
) -> None:
    own = stores.lists.create(user.id, ListDetails(name="Rain", public=True), at=clock(), entries=[(HEAT, "mine")])
    lines = (LIST, "1,Film 5,2000,u,Wet", "2,Heat,1995,u,theirs")
    done = imports.apply(user, opened(imports, user, *lines, name="rain.csv").id)
    assert (len(done.effects.lists), done.effects.counts.listed) == (1, 1)
    (one,) = stores.lists.of_user(user.id)
    assert (one.id, one.details.public) == (own, True)
    assert [(entry.movie, entry.note) for entry in stores.lists.entries(own)] == [(HEAT, "mine"), (5, "Wet")]
    assert not opened(imports, user, *lines, name="rain.csv").effects


def test_a_review_of_this_site_that_is_newer_is_kept_and_an_older_one_replaced(
    imports: ImportDrafts, diaries: Diaries, clock: Clock, user: User
) -> None:
    row = "2020-05-17,Heat,1995,u,,,Theirs,,"
    diaries.review(user, HEAT, "Mine")
    assert not opened(imports, user, REVIEWS, row).effects.reviews
    newer = row.replace("2020-05-17", "2027-05-17")
    clock.at += timedelta(days=365)
    imports.apply(user, opened(imports, user, REVIEWS, newer).id)
    assert diaries.read(user).reviews[HEAT].text == "Theirs"


def test_a_review_that_is_too_long_is_shortened_and_counted(
    imports: ImportDrafts, diaries: Diaries, user: User
) -> None:
    preview = opened(imports, user, REVIEWS, f"2020-05-17,Heat,1995,u,,,{'x' * 2_500},,")
    assert preview.plan.shortened == 1
    imports.apply(user, preview.id)
    text = diaries.read(user).reviews[HEAT].text
    assert (len(text), text[-1]) == (2_000, "…")


def test_a_site_that_records_a_watching_twice_adds_it_once(imports: ImportDrafts, stores: Stores, user: User) -> None:
    movie = {"title": "Heat", "year": 1995, "ids": {"tmdb": 949}}
    history = [{"watched_at": f"2021-03-01T2{n}:15:00Z", "type": "movie", "movie": movie} for n in range(3)]
    imports.apply(user, imports.open(user, io.BytesIO(json.dumps(history).encode()), name="history-1.json").id)
    assert stores.watches.count(user.id) == 1


def test_series_are_counted_and_never_matched_to_a_movie_of_the_same_title(imports: ImportDrafts, user: User) -> None:
    show = {"title": "Heat", "year": 1995, "ids": {"tmdb": 949}}
    rated = [{"rated_at": "2021-03-01T20:15:00Z", "rating": 9, "type": "episode", "episode": {}, "show": show}] * 3
    preview = imports.open(user, io.BytesIO(json.dumps(rated).encode()), name="ratings-episodes.json")
    assert (preview.plan.series, preview.plan.lines) == (SeriesCount(series=1, episodes=3), ())
    assert not preview.effects


def test_movielens_ids_name_movies(imports: ImportDrafts, user: User) -> None:
    preview = opened(imports, user, "userId,movieId,rating,timestamp", "5,6,4.5,964982703", "5,999,3,964982703")
    assert [line.movie and line.movie.id for line in preview.plan.lines] == [HEAT, None]


def test_an_export_for_letterboxd_can_be_imported_again(
    imports: ImportDrafts, diaries: Diaries, stores: Stores, clock: Clock, user: User
) -> None:
    at = clock()
    stores.watches.log(user.id, WatchEntry(movie=HEAT, day=date(2020, 5, 16), note="private\n\nTags: rain"), at=at)
    stores.watches.log(user.id, WatchEntry(movie=HEAT, day=date(2021, 1, 1), rewatch=True, stars=4.5), at=at)
    diaries.rate(user, JAWS, 3)
    diaries.review(user, HEAT, "Twice\nas good")
    diaries.mark(user, HOST, MarkKind.WATCHLIST, on=True)
    stores.lists.create(user.id, ListDetails(name="Rain"), at=at, entries=[(MovieId(5), "Wet"), (HEAT, "")])
    index: Any = ListedIndex(MOVIES)
    content = LetterboxdExport(stores, Movies(index), imdb_ids=lambda: IdMap.of([(113277, HEAT)])).archive(user)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        rows = list(csv.DictReader(io.StringIO(packed.read("letterboxd-import-1.csv").decode())))
    assert [(row["tmdbID"], row["imdbID"], row["Rating"], row["Tags"], row["Review"]) for row in rows] == [
        ("949", "tt0113277", "", "rain", ""),
        ("949", "tt0113277", "4.5", "", "Twice\nas good"),
        ("578", "", "3", "", ""),
    ]
    assert b"private" not in content
    bob = sign_up(stores, clock, "bob")
    imports.apply(bob, imports.open(bob, io.BytesIO(content), name="letterboxd.zip").id)
    mine, theirs = diaries.read(user), diaries.read(bob)
    assert {m: r.stars for m, r in mine.ratings.items()} == {m: r.stars for m, r in theirs.ratings.items()}
    assert {m: r.text for m, r in mine.reviews.items()} == {m: r.text for m, r in theirs.reviews.items()}
    assert set(theirs.marked(MarkKind.WATCHLIST)) == {HOST}
    days = [[watch.entry.day for watch in stores.watches.read(each.id)] for each in (user, bob)]
    assert days[0] == days[1]
    (made,) = stores.lists.of_user(bob.id)
    assert [(entry.movie, entry.note) for entry in stores.lists.entries(made.id)] == [(5, "Wet"), (HEAT, "")]


MOVIE = st.sampled_from([movie.id for movie in MOVIES])
STARS = st.integers(1, 10).map(lambda points: points / 2)
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20)
WHEN = st.datetimes(datetime(2000, 1, 1), datetime(2026, 11, 1))  # noqa: DTZ001
DAY = st.dates(date(2000, 1, 1), date(2026, 11, 1))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_an_import_of_marquees_own_export_restores_diary_watchings_and_lists(
    imports: ImportDrafts, stores: Stores, clock: Clock, data: st.DataObject
) -> None:
    ada = sign_up(stores, clock)
    _fill(stores, clock, ada, data)
    exported = json.dumps(Accounts(stores, clock=clock).export(ada)).encode()
    bob = sign_up(stores, clock)
    preview = imports.open(bob, io.BytesIO(exported), name="marquee.json")
    assert (preview.plan.bad, preview.plan.unmatched) == ((), ())
    assert imports.apply(bob, preview.id).effects == preview.effects
    assert _all(stores, bob) == _all(stores, ada)
    assert not imports.open(bob, io.BytesIO(exported), name="marquee.json").effects


def _fill(stores: Stores, clock: Clock, user: User, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(0, 6))):
        at = data.draw(WHEN).replace(tzinfo=clock().tzinfo)
        stores.diaries.rate(user.id, {data.draw(MOVIE): data.draw(STARS)}, at=at)
        stores.diaries.mark(user.id, data.draw(st.sampled_from([*MarkKind])), [data.draw(MOVIE)], on=True, at=at)
        stores.diaries.review(user.id, data.draw(MOVIE), data.draw(TEXT), at=at)
        entry = WatchEntry(
            movie=data.draw(MOVIE), day=data.draw(DAY), rewatch=data.draw(st.booleans()),
            stars=data.draw(st.none() | STARS), note=data.draw(st.just("") | TEXT),
        )  # fmt: skip
        for _ in range(data.draw(st.integers(1, 2))):
            stores.watches.log(user.id, entry, at=at)
    for year, movies in data.draw(st.dictionaries(st.integers(2020, 2026), st.integers(1, 99), max_size=3)).items():
        stores.watches.set_goal(user.id, year, movies)
    for _ in range(data.draw(st.integers(0, 3))):
        details = ListDetails(name=data.draw(st.sampled_from(["Rain", "Snow"])), public=data.draw(st.booleans()))
        entries = dict(data.draw(st.lists(st.tuples(MOVIE, st.just("") | TEXT), max_size=5)))
        stores.lists.create(user.id, details, at=clock(), entries=list(entries.items()))


def _all(stores: Stores, user: User) -> object:
    """Return everything that an export restores, without numbers."""
    diary = stores.diaries.read(user.id)
    watches = [(watch.entry, watch.created_at) for watch in stores.watches.read(user.id)]
    lists = sorted(stores.lists.of_user(user.id), key=lambda each: each.id)
    listed = [[(entry.movie, entry.note) for entry in stores.lists.entries(each.id)] for each in lists]
    goals = stores.watches.goals(user.id)
    return diary.ratings, diary.marks, diary.reviews, watches, [each.details for each in lists], listed, goals


ROW = st.tuples(
    st.sampled_from(["Heat,1995", "Jaws,1975", "The Host,2006", "The Host,2009", "Nowhere,1999"]), STARS,
    st.sampled_from(["", "Yes"]), DAY, st.sampled_from(["", "Good", "Bad"]),
)  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(ROW, max_size=8), st.lists(ROW, max_size=8),
    st.lists(st.tuples(st.integers(1, 16), st.none() | MOVIE, st.booleans()), max_size=4),
)  # fmt: skip
def test_preview_and_result_state_the_same_numbers_and_a_second_import_adds_nothing(  # noqa: PLR0917 - drawn
    imports: ImportDrafts,
    stores: Stores,
    clock: Clock,
    diary: list[Any],
    told: list[Any],
    choices: list[tuple[int, MovieId | None, bool]],
) -> None:
    user = sign_up(stores, clock)
    reviews = [f"{day},{name},u,{stars:g},{again},{text},,{day}" for name, stars, again, day, text in told]
    files = archive(
        diary=(DIARY, *(f"{day},{name},u,{stars:g},{again},,{day}" for name, stars, again, day, _ in diary)),
        reviews=(REVIEWS, *reviews),
    )  # fmt: skip
    for _ in range(2):
        preview = imports.open(user, files, name="all.zip")
        chosen = [
            Correction(number, movie, skip=skip and movie is None)
            for number, movie, skip in choices
            if number <= len(preview.plan.lines)
        ]
        preview = imports.correct(user, preview.id, chosen) if chosen else preview
        before, count = stores.diaries.read(user.id), stores.watches.count(user.id)
        done = imports.apply(user, preview.id)
        after = stores.diaries.read(user.id)
        assert done.effects == preview.effects
        assert stores.watches.count(user.id) - count == len(preview.effects.watches)
        changed = {movie for movie, rating in after.ratings.items() if before.ratings.get(movie) != rating}
        assert changed == set(preview.effects.ratings)
        assert {m for m, r in after.reviews.items() if before.reviews.get(m) != r} == set(preview.effects.reviews)
    assert not preview.effects


def test_goals_of_an_export_are_restored_for_years_without_one(
    imports: ImportDrafts, stores: Stores, user: User
) -> None:
    goals = [{"year": 2024, "movies": 50}, {"year": 2025, "movies": 60}, {"year": 2026, "movies": 0}, {"year": 3}]
    exported = json.dumps({"format": "marquee-export-1", "watch_goals": goals}).encode()
    stores.watches.set_goal(user.id, 2024, 10)
    preview = imports.open(user, io.BytesIO(exported), name="marquee.json")
    assert preview.effects.counts.goals == 1
    assert [bad.partition(": ")[2] for bad in preview.plan.bad] == [
        "expected 1 to 10,000 movies, got 0", "expected a year from 1900 to 2100, got 3"
    ]  # fmt: skip
    imports.apply(user, preview.id)
    assert stores.watches.goals(user.id) == [WatchGoal(2024, 10), WatchGoal(2025, 60)]
    assert not imports.open(user, io.BytesIO(exported), name="marquee.json").effects


def test_a_page_counts_the_changes_again_after_the_diary_changed(
    imports: ImportDrafts, diaries: Diaries, stores: Stores, user: User
) -> None:
    lines = (LIST, "1,Heat,1995,u,", "")
    listed = opened(imports, user, *lines, name="rain.csv")
    preview = opened(imports, user, DIARY, "2020-05-17,Heat,1995,u,4.5,,,2020-05-16", "2020-05-17,Jaws,1975,u,3,,,")
    assert (preview.effects.counts.ratings, preview.effects.counts.watches) == (2, 1)
    diaries.rate(user, JAWS, 3)
    assert imports.page(user, preview.id, size=1).summary.effects.ratings == 1
    stores.watches.log(user.id, WatchEntry(movie=HEAT, day=date(2020, 5, 16)), at=datetime(2026, 1, 1, tzinfo=UTC))
    assert imports.page(user, preview.id, size=1).summary.effects.watches == 0
    assert imports.page(user, listed.id, size=1).summary.effects.listed == 1
    imports.apply(user, opened(imports, user, *lines, name="rain.csv").id)
    assert imports.page(user, listed.id, size=1).summary.effects.listed == 0


def test_a_page_of_an_unchanged_diary_is_read_while_another_import_runs(
    stores: Stores, clock: Clock, user: User
) -> None:
    index: Any = ListedIndex(MOVIES)
    turns = ImportTurns(stores.leases, clock=clock)
    diaries = Diaries(stores.diaries, index, importer=Importer(index), turns=turns, clock=clock)
    imports = ImportDrafts(stores.import_drafts, diaries, Movies(index), clock=clock)
    preview = opened(imports, user, RATINGS, "2020-05-17,Heat,1995,u,4.5")
    with turns.take(user):
        assert imports.page(user, preview.id, size=9).lines == preview.plan.lines
        diaries.rate(user, HEAT, 1)
        with pytest.raises(Busy):
            imports.page(user, preview.id, size=9)
    assert imports.page(user, preview.id, size=9).lines == preview.plan.lines


def test_a_preview_of_an_earlier_version_has_expired(imports: ImportDrafts, stores: Stores, user: User) -> None:
    preview = opened(imports, user, RATINGS, "2020-05-17,Heat,1995,u,4.5")
    stores.import_drafts.replace(user.id, preview.id, zlib.compress(b"{}"))
    for read in (lambda: imports.page(user, preview.id, size=1), lambda: imports.apply(user, preview.id)):
        with pytest.raises(NotFound, match="upload the file again"):
            read()
