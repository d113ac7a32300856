"""What users said of movies within a stretch of time, as arrays."""

from __future__ import annotations

import numpy as np

from core.types import MovieId
from core.users import MarkKind, User
from data.database import Stores
from tests.data.database.servers import MINUTE, NOW

MOVIE, OTHER = MovieId(11), MovieId(12)


def test_ratings_and_marks_are_told_in_order_with_who_and_when(stores: Stores, ann: User) -> None:
    stores.diaries.mark(ann.id, MarkKind.FAVOURITE, [OTHER], on=True, at=NOW + MINUTE)
    stores.diaries.rate(ann.id, {MOVIE: 4.5}, at=NOW)
    found = stores.diaries.changes_between(since=NOW, until=NOW + 2 * MINUTE)
    assert found.kinds.tolist() == ["rating", "favourite"]
    assert found.movies.tolist() == [MOVIE, OTHER]
    assert found.users.tolist() == [ann.id, ann.id]
    assert found.seconds.tolist() == [NOW.timestamp(), (NOW + MINUTE).timestamp()]
    assert found.stars[0] == 4.5
    assert np.isnan(found.stars[1])


def test_the_stretch_begins_with_its_first_moment_and_ends_before_its_last(stores: Stores, ann: User) -> None:
    for number in range(4):
        stores.diaries.rate(ann.id, {MovieId(20 + number): 3.0}, at=NOW + number * MINUTE)
    found = stores.diaries.changes_between(since=NOW + MINUTE, until=NOW + 3 * MINUTE)
    assert found.movies.tolist() == [21, 22]


def test_what_was_taken_back_was_still_said_and_taking_back_says_nothing(stores: Stores, ann: User) -> None:
    stores.diaries.rate(ann.id, {MOVIE: 5.0}, at=NOW)
    stores.diaries.rate(ann.id, {MOVIE: None}, at=NOW + MINUTE)
    stores.diaries.review(ann.id, MOVIE, "Fine.", at=NOW + MINUTE)
    assert stores.diaries.changes_between(since=NOW, until=NOW + 2 * MINUTE).stars.tolist() == [5.0]


def test_nothing_said_is_no_row(stores: Stores) -> None:
    assert len(stores.diaries.changes_between(since=NOW, until=NOW + MINUTE)) == 0
