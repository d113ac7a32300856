"""Ratings, marks and reviews: the contract of `DiaryStore`."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.errors import NotFound
from core.types import MovieId
from core.users import Change, Diary, MarkKind, Rating, Review, User, UserId
from data.database import Stores
from tests.data.database.servers import MINUTE, NOW, rows, sign_up

HEAT, MATRIX, ALIEN = MovieId(949), MovieId(603), MovieId(348)
NOBODY = UserId(999_999)
LATER = NOW + MINUTE


def test_an_unknown_user_has_an_empty_diary(stores: Stores) -> None:
    assert stores.diaries.read(NOBODY) == Diary()
    assert stores.diaries.revision(NOBODY) == 0
    assert stores.diaries.history(NOBODY) == []


def test_writes_are_read_immediately_and_completely(stores: Stores, ann: User) -> None:
    diaries = stores.diaries
    diaries.rate(ann.id, {HEAT: 4.5, MATRIX: 3.0}, at=NOW)
    diaries.mark(ann.id, MarkKind.WATCHLIST, [ALIEN], on=True, at=NOW)
    diaries.mark(ann.id, MarkKind.LIKED, [ALIEN, HEAT], on=True, at=LATER)
    revision = diaries.review(ann.id, HEAT, "Coffee!", at=NOW)
    assert diaries.read(ann.id) == Diary(
        revision=revision,
        ratings={HEAT: Rating(HEAT, 4.5, NOW), MATRIX: Rating(MATRIX, 3.0, NOW)},
        marks={MarkKind.WATCHLIST: {ALIEN: NOW}, MarkKind.LIKED: {ALIEN: LATER, HEAT: LATER}},
        reviews={HEAT: Review(HEAT, "Coffee!", NOW, NOW)},
    )


def test_a_read_diary_does_not_change(stores: Stores, ann: User) -> None:
    stores.diaries.rate(ann.id, {HEAT: 4.5}, at=NOW)
    read = stores.diaries.read(ann.id)
    stores.diaries.rate(ann.id, {HEAT: 1.0}, at=NOW)
    assert read.ratings[HEAT].stars == 4.5
    with pytest.raises(TypeError):
        read.ratings[ALIEN] = read.ratings[HEAT]  # type: ignore[index]


def test_each_write_that_changes_something_increases_the_revision_by_one(stores: Stores, ann: User) -> None:
    diaries = stores.diaries
    writes = [
        diaries.rate(ann.id, {HEAT: 4.5, MATRIX: 3.0, ALIEN: 5.0}, at=NOW),
        diaries.rate(ann.id, {HEAT: 4.0}, at=NOW),
        diaries.rate(ann.id, {HEAT: None}, at=NOW),
        diaries.mark(ann.id, MarkKind.WATCHED, [HEAT], on=True, at=NOW),
        diaries.mark(ann.id, MarkKind.WATCHED, [HEAT], on=False, at=NOW),
        diaries.review(ann.id, HEAT, "Good", at=NOW),
        diaries.review(ann.id, HEAT, "Better", at=NOW),
        diaries.review(ann.id, HEAT, "", at=NOW),
    ]
    assert writes == list(range(1, 9))
    assert diaries.revision(ann.id) == 8


def test_writing_an_existing_value_changes_nothing(stores: Stores, ann: User) -> None:
    diaries = stores.diaries
    diaries.rate(ann.id, {HEAT: 4.5}, at=NOW)
    diaries.mark(ann.id, MarkKind.WATCHED, [HEAT], on=True, at=NOW)
    revision = diaries.review(ann.id, HEAT, "Good", at=NOW)
    before, history = diaries.read(ann.id), diaries.history(ann.id)
    again = [
        diaries.rate(ann.id, {HEAT: 4.5}, at=LATER),
        diaries.rate(ann.id, {MATRIX: None}, at=LATER),
        diaries.rate(ann.id, {}, at=LATER),
        diaries.mark(ann.id, MarkKind.WATCHED, [HEAT, HEAT], on=True, at=LATER),
        diaries.mark(ann.id, MarkKind.WATCHED, [MATRIX], on=False, at=LATER),
        diaries.mark(ann.id, MarkKind.WATCHED, [], on=True, at=LATER),
        diaries.review(ann.id, HEAT, "Good", at=LATER),
        diaries.review(ann.id, MATRIX, "", at=LATER),
        diaries.record(ann.id, ratings={HEAT: (4.5, LATER)}, marks={MarkKind.WATCHED: {HEAT: LATER}}),
        diaries.record(ann.id, ratings={}, marks={}),
    ]
    assert set(again) == {revision}
    assert diaries.read(ann.id) == before
    assert diaries.history(ann.id) == history


def test_only_differences_of_a_batch_are_written(stores: Stores, ann: User) -> None:
    stores.diaries.rate(ann.id, {HEAT: 4.5}, at=NOW)
    stores.diaries.rate(ann.id, {HEAT: 4.5, MATRIX: 2.0}, at=LATER)
    assert stores.diaries.read(ann.id).ratings == {HEAT: Rating(HEAT, 4.5, NOW), MATRIX: Rating(MATRIX, 2.0, LATER)}
    assert len(stores.diaries.history(ann.id)) == 2


def test_the_history_has_values_before_and_after_latest_first(stores: Stores, ann: User) -> None:
    diaries = stores.diaries
    for minute, stars in enumerate((4.0, 4.5, None)):
        diaries.rate(ann.id, {HEAT: stars}, at=NOW + minute * MINUTE)
    diaries.mark(ann.id, MarkKind.DISMISSED, [HEAT], on=True, at=NOW + 3 * MINUTE)
    diaries.review(ann.id, HEAT, "Coffee!", at=NOW + 4 * MINUTE)
    assert list(diaries.history(ann.id)) == [
        Change(HEAT, "review", None, "Coffee!", NOW + 4 * MINUTE),
        Change(HEAT, "dismissed", None, "on", NOW + 3 * MINUTE),
        Change(HEAT, "rating", "4.5", None, NOW + 2 * MINUTE),
        Change(HEAT, "rating", "4", "4.5", NOW + MINUTE),
        Change(HEAT, "rating", None, "4", NOW),
    ]
    assert [change.after for change in diaries.history(ann.id, limit=2)] == ["Coffee!", "on"]
    assert [change.after for change in diaries.history(ann.id, before=NOW + MINUTE)] == ["4"]


def test_changes_at_the_same_time_are_returned_in_reverse_order(stores: Stores, ann: User) -> None:
    for stars in (1.0, 2.0, 3.0):
        stores.diaries.rate(ann.id, {HEAT: stars}, at=NOW)
    assert [change.after for change in stores.diaries.history(ann.id)] == ["3", "2", "1"]


def test_a_review_records_when_it_was_written_and_changed(stores: Stores, ann: User) -> None:
    stores.diaries.review(ann.id, HEAT, "Good", at=NOW)
    stores.diaries.review(ann.id, HEAT, "Better", at=LATER)
    assert stores.diaries.read(ann.id).reviews == {HEAT: Review(HEAT, "Better", NOW, LATER)}


@pytest.mark.parametrize("text", ["'; DROP TABLE viewers; --", "<b>%s</b> :at {}", "日本語 🎬 é", "x" * 2_000, " \n "])
def test_a_review_is_stored_unchanged(stores: Stores, ann: User, text: str) -> None:
    stores.diaries.review(ann.id, HEAT, text, at=NOW)
    assert stores.diaries.read(ann.id).reviews[HEAT].text == text


def test_characters_that_databases_cannot_store_are_removed_from_a_review(stores: Stores, ann: User) -> None:
    revision = stores.diaries.review(ann.id, HEAT, "a\0b\ud800c", at=NOW)
    assert stores.diaries.read(ann.id).reviews[HEAT].text == "ab?c"
    assert stores.diaries.review(ann.id, HEAT, "a\0b\ud800c", at=LATER) == revision
    assert stores.diaries.review(ann.id, MATRIX, "\0", at=LATER) == revision


@pytest.mark.parametrize("stars", [0.0, 5.5, 4.2, -1.0, math.nan, math.inf])
def test_invalid_stars_are_rejected_and_nothing_of_the_batch_is_written(
    stores: Stores, ann: User, stars: float
) -> None:
    with pytest.raises(ValueError, match="half stars"):
        stores.diaries.rate(ann.id, {HEAT: 4.5, MATRIX: stars}, at=NOW)
    with pytest.raises(ValueError, match="half stars"):
        stores.diaries.record(ann.id, ratings={HEAT: (stars, NOW)}, marks={})
    assert stores.diaries.read(ann.id) == Diary()


def test_writing_for_an_unknown_user_is_an_error_and_leaves_nothing(stores: Stores, url: str) -> None:
    diaries = stores.diaries
    with pytest.raises(NotFound, match="999999"):
        diaries.rate(NOBODY, {HEAT: 4.5}, at=NOW)
    with pytest.raises(NotFound):
        diaries.mark(NOBODY, MarkKind.LIKED, [HEAT], on=True, at=NOW)
    with pytest.raises(NotFound):
        diaries.review(NOBODY, HEAT, "Good", at=NOW)
    with pytest.raises(NotFound):
        diaries.record(NOBODY, ratings={HEAT: (4.5, NOW)}, marks={})
    assert [rows(url, table) for table in ("ratings", "marks", "reviews", "changes")] == [0, 0, 0, 0]


def test_an_import_is_one_change_with_its_own_times(stores: Stores, ann: User) -> None:
    past = NOW - 1_000_000 * MINUTE
    revision = stores.diaries.record(
        ann.id,
        ratings={HEAT: (4.5, past), MATRIX: (2.0, NOW)},
        marks={MarkKind.WATCHED: {HEAT: past}, MarkKind.WATCHLIST: {ALIEN: NOW}},
    )
    diary = stores.diaries.read(ann.id)
    assert revision == 1
    assert diary.ratings[HEAT].at == past
    assert diary.marks == {MarkKind.WATCHED: {HEAT: past}, MarkKind.WATCHLIST: {ALIEN: NOW}}
    assert [change.movie for change in stores.diaries.history(ann.id)][-1] == HEAT


def test_thousands_of_movies_are_written_and_removed_at_once(stores: Stores, ann: User) -> None:
    many = {MovieId(movie): (3.5, NOW) for movie in range(1, 5_001)}
    stores.diaries.record(ann.id, ratings=many, marks={MarkKind.WATCHED: dict.fromkeys(many, NOW)})
    diary = stores.diaries.read(ann.id)
    assert len(diary.ratings) == len(diary.marked(MarkKind.WATCHED)) == 5_000
    stores.diaries.mark(ann.id, MarkKind.WATCHED, many, on=False, at=LATER)
    assert stores.diaries.rate(ann.id, dict.fromkeys(many), at=LATER) == 3
    assert stores.diaries.read(ann.id) == Diary(revision=3)


def test_one_user_never_reads_or_writes_anothers_diary(stores: Stores, ann: User) -> None:
    bob = sign_up(stores, "Bob")
    stores.diaries.rate(ann.id, {HEAT: 4.5}, at=NOW)
    stores.diaries.rate(bob.id, {HEAT: None, MATRIX: 1.0}, at=NOW)
    assert set(stores.diaries.read(ann.id).ratings) == {HEAT}
    assert set(stores.diaries.read(bob.id).ratings) == {MATRIX}
    assert [change.movie for change in stores.diaries.history(ann.id)] == [HEAT]


def test_a_snapshot_contains_all_ratings_and_marks(stores: Stores, ann: User) -> None:
    bob = sign_up(stores, "Bob")
    stores.diaries.rate(ann.id, {HEAT: 4.5, ALIEN: 0.5}, at=NOW)
    stores.diaries.rate(bob.id, {MATRIX: 2.0}, at=LATER)
    stores.diaries.mark(bob.id, MarkKind.DISMISSED, [HEAT], on=True, at=NOW)
    stores.diaries.mark(ann.id, MarkKind.WATCHLIST, [HEAT], on=True, at=LATER)
    taken = stores.diaries.snapshot()
    seconds = int(NOW.timestamp())
    assert taken.rating_users.tolist() == [ann.id, ann.id, bob.id]
    assert taken.rating_movies.tolist() == [ALIEN, HEAT, MATRIX]
    assert taken.stars.tolist() == [0.5, 4.5, 2.0]
    assert taken.rating_times.tolist() == [seconds, seconds, seconds + 60]
    assert taken.mark_users.tolist() == [ann.id, bob.id]
    assert taken.mark_movies.tolist() == [HEAT, HEAT]
    assert taken.mark_kinds.tolist() == ["watchlist", "dismissed"]
    assert taken.mark_times.tolist() == [seconds + 60, seconds]


def test_an_empty_snapshot_has_the_same_types(stores: Stores) -> None:
    taken = stores.diaries.snapshot()
    assert taken.stars.dtype == np.float32
    assert taken.mark_kinds.dtype.kind == "U"
    assert {array.dtype for array in (taken.rating_users, taken.rating_movies, taken.mark_times)} == {np.dtype("i8")}
    assert len(taken.rating_users) == len(taken.mark_kinds) == 0


@pytest.mark.parametrize("movie", [0, -1, 2**63])
def test_an_impossible_movie_id_is_rejected(stores: Stores, ann: User, movie: int) -> None:
    with pytest.raises(NotFound, match="no movie"):
        stores.diaries.rate(ann.id, {HEAT: 4.5, MovieId(movie): 4.5}, at=NOW)
    assert stores.diaries.read(ann.id) == Diary()
