"""Users' diaries, on a real database."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import IndexMissing, InvalidRequest, NotFound, SearchUnavailable
from core.types import Movie, MovieId
from core.users import MAX_REVIEW_LENGTH, MarkKind, Preferences, User
from data import database
from data.database import Stores
from engine.accounts import plain_text
from engine.accounts.diaries import THUMB_DOWN, THUMB_UP, Diaries
from engine.accounts.imports.importer import Importer
from tests import databases
from tests.listed import ListedIndex

HEAT, JAWS, UNKNOWN = MovieId(949), MovieId(578), MovieId(4)


class Clock:
    """A clock that advances by a second each time it is read."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 21, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    """A new database."""
    found = databases.open_new(f"sqlite:///{tmp_path / 'people.sqlite'}")
    yield found
    database.close(found)


@pytest.fixture
def user(stores: Stores) -> User:
    """A user with an account."""
    at = datetime(2026, 11, 21, tzinfo=UTC)
    return stores.accounts.create("ada", password_hash="x", preferences=Preferences(), at=at)


@pytest.fixture
def index() -> ListedIndex:
    """Two movies."""
    return ListedIndex([Movie(id=HEAT, title="Heat", year=1995), Movie(id=JAWS, title="Jaws", year=1975)])


@pytest.fixture
def diaries(stores: Stores, index: ListedIndex) -> Diaries:
    """The use cases over the store and the index."""
    return Diaries(stores.diaries, index, importer=Importer(index), clock=Clock())


def test_a_rating_takes_effect_at_once_and_can_be_changed_and_withdrawn(diaries: Diaries, user: User) -> None:
    for stars in (4.5, 0.5, 5):
        diaries.rate(user, HEAT, stars)
        assert diaries.read(user).ratings[HEAT].stars == stars
    diaries.rate(user, HEAT, None)
    assert diaries.read(user).ratings == {}
    assert [(c.before, c.after) for c in diaries.history(user)][:2] == [("5", None), ("0.5", "5")]


def test_a_rating_changes_no_list(diaries: Diaries, user: User) -> None:
    diaries.mark(user, HEAT, MarkKind.WATCHLIST, on=True)
    diaries.rate(user, HEAT, 4)
    diary = diaries.read(user)
    assert HEAT in diary.marked(MarkKind.WATCHLIST)
    assert HEAT not in diary.marked(MarkKind.WATCHED)


@pytest.mark.parametrize("stars", [0, 0.4, 4.7, 5.5, -1, float("nan"), float("inf")])
def test_stars_other_than_half_stars_are_refused(diaries: Diaries, user: User, stars: float) -> None:
    with pytest.raises(InvalidRequest) as caught:
        diaries.rate(user, HEAT, stars)
    assert caught.value.fields["stars"].startswith("expected half stars from 0.5 to 5")
    assert diaries.read(user).revision == 0


def test_thumbs_map_to_stars(diaries: Diaries, user: User) -> None:
    assert diaries.thumb(user, HEAT, up=True) == THUMB_UP == diaries.read(user).ratings[HEAT].stars
    assert diaries.thumb(user, HEAT, up=False) == THUMB_DOWN == diaries.read(user).ratings[HEAT].stars
    assert THUMB_DOWN <= 2 < THUMB_UP


def test_repeating_a_write_changes_nothing(diaries: Diaries, user: User) -> None:
    def say() -> None:
        diaries.rate(user, HEAT, 4)
        diaries.mark(user, HEAT, MarkKind.FAVOURITE, on=True)
        diaries.review(user, HEAT, "Two men, one diner.")

    say()
    before, history = diaries.read(user), diaries.history(user)
    say()
    assert (diaries.read(user), diaries.history(user)) == (before, history)


@pytest.mark.parametrize("movie", [UNKNOWN, MovieId(0), MovieId(-5)])
def test_an_unknown_movie_is_named_in_the_error(diaries: Diaries, user: User, movie: MovieId) -> None:
    for say in (
        lambda: diaries.rate(user, movie, 4),
        lambda: diaries.rate(user, movie, None),
        lambda: diaries.thumb(user, movie, up=True),
        lambda: diaries.mark(user, movie, MarkKind.WATCHED, on=True),
        lambda: diaries.mark(user, movie, MarkKind.WATCHED, on=False),
        lambda: diaries.review(user, movie, "Good."),
        lambda: diaries.review(user, movie, ""),
    ):
        with pytest.raises(NotFound, match=str(movie)):
            say()


def test_entries_of_a_movie_removed_from_the_catalogue_can_be_withdrawn(
    diaries: Diaries, user: User, index: ListedIndex
) -> None:
    diaries.rate(user, HEAT, 4)
    diaries.mark(user, HEAT, MarkKind.WATCHLIST, on=True)
    diaries.review(user, HEAT, "Good.")
    del index.by_id[HEAT]
    with pytest.raises(NotFound):
        diaries.rate(user, HEAT, 5)
    diaries.rate(user, HEAT, None)
    diaries.mark(user, HEAT, MarkKind.WATCHLIST, on=False)
    diaries.review(user, HEAT, "")
    diary = diaries.read(user)
    assert (diary.ratings, diary.reviews, dict(diary.marked(MarkKind.WATCHLIST))) == ({}, {}, {})


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (MarkKind.LIKED, MarkKind.PASSED),
        (MarkKind.PASSED, MarkKind.LIKED),
        (MarkKind.WATCHLIST, MarkKind.DISMISSED),
        (MarkKind.FAVOURITE, MarkKind.DISMISSED),
        (MarkKind.DISMISSED, MarkKind.WATCHLIST),
    ],
)
def test_of_contradicting_marks_the_newest_is_kept(
    diaries: Diaries, user: User, first: MarkKind, second: MarkKind
) -> None:
    diaries.mark(user, HEAT, first, on=True)
    diaries.mark(user, JAWS, first, on=True)
    diaries.mark(user, HEAT, second, on=True)
    diary = diaries.read(user)
    assert list(diary.marked(second)) == [HEAT]
    assert list(diary.marked(first)) == [JAWS]


def test_marks_that_do_not_contradict_are_all_kept(diaries: Diaries, user: User) -> None:
    together = (MarkKind.WATCHLIST, MarkKind.FAVOURITE, MarkKind.WATCHED, MarkKind.LIKED)
    for kind in together:
        diaries.mark(user, HEAT, kind, on=True)
    assert all(HEAT in diaries.read(user).marked(kind) for kind in together)


def test_a_review_is_stored_without_invisible_characters(diaries: Diaries, user: User) -> None:
    diaries.review(user, HEAT, "\r\n  One\x00 <b>night</b>\u202e.\r\n\r\n\r\n\r\nTwo\tmen.\x1b[0m  \r")
    assert diaries.read(user).reviews[HEAT].text == "One <b>night</b>.\n\nTwo men.[0m"


def test_a_review_can_be_rewritten_and_deleted(diaries: Diaries, user: User) -> None:
    diaries.review(user, HEAT, "Good.")
    diaries.review(user, HEAT, "Better.")
    review = diaries.read(user).reviews[HEAT]
    assert (review.text, review.changed_at > review.at) == ("Better.", True)
    diaries.review(user, HEAT, " \n\x00 ")
    assert diaries.read(user).reviews == {}


def test_a_review_has_at_most_2000_characters_after_cleaning(diaries: Diaries, user: User) -> None:
    diaries.review(user, HEAT, "é" * MAX_REVIEW_LENGTH + " \x00\n")
    with pytest.raises(InvalidRequest) as caught:
        diaries.review(user, HEAT, "é" * (MAX_REVIEW_LENGTH + 1))
    assert caught.value.fields == {"text": "expected at most 2,000 characters, got 2,001"}


@given(st.text(max_size=60))
def test_cleaning_is_idempotent_and_leaves_no_hidden_characters(text: str) -> None:
    cleaned = plain_text.clean(text)
    assert plain_text.clean(cleaned) == cleaned
    assert all(c == "\n" or unicodedata.category(c) not in ("Cc", "Cs") for c in cleaned)
    assert "\n\n\n" not in cleaned


def test_history_is_read_latest_first(diaries: Diaries, user: User) -> None:
    for stars in (1, 2, 3, 4, 5):
        diaries.rate(user, HEAT, stars)
    latest = diaries.history(user, limit=2)
    assert [change.after for change in latest] == ["5", "4"]
    assert [change.after for change in diaries.history(user, before=latest[-1].at)] == ["3", "2", "1"]
    assert len(diaries.history(user, limit=10**9)) == 5
    assert len(diaries.history(user, limit=-3)) == 1


def test_users_do_not_see_each_others_diaries(diaries: Diaries, stores: Stores, user: User) -> None:
    other = stores.accounts.create("bob", password_hash="x", preferences=Preferences(), at=user.created_at)
    diaries.rate(user, HEAT, 5)
    assert diaries.read(other).ratings == {}
    assert diaries.history(other) == []


class Down(ListedIndex):
    """An index whose engine raises `error`."""

    error: Exception = SearchUnavailable("away")

    def movies(self, ids: Sequence[MovieId]) -> list[Movie]:  # noqa: ARG002 - as in any index
        """Fail."""
        raise self.error


def test_ratings_are_accepted_while_the_search_engine_is_unavailable(stores: Stores, user: User) -> None:
    index = Down([])
    diaries = Diaries(stores.diaries, index, importer=Importer(index), clock=Clock())
    diaries.rate(user, HEAT, 4.5)
    assert diaries.read(user).ratings[HEAT].stars == 4.5
    index.error = IndexMissing("there is no index")
    with pytest.raises(IndexMissing):
        diaries.rate(user, JAWS, 4.5)
