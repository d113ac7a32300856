"""What has changed since a version."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.errors import SearchUnavailable
from core.ports import Changes
from core.types import Movie
from indexer import changes
from indexer.changes import Digests, Written
from tests.contracts import world

BASE, NEW = world.info("v1"), world.info("v2")


def _digests(movies: list[Movie], *, near: int = 0) -> Digests:
    vectors = world.vectors()[: len(movies)]
    neighbours = np.full((len(movies), 3), near)
    return changes.digests(movies, vectors, None, neighbours)


def _movies() -> list[Movie]:
    return list(world.movies())


def test_equal_catalogues_keep_every_movie() -> None:
    ids = frozenset(movie.id for movie in world.movies())
    assert changes.since(Written(_digests(_movies())), BASE, NEW, _digests(_movies())) == (Changes("v1", ids, ()), 0)


def test_changed_removed_and_added_movies_are_told_apart() -> None:
    before, after = _movies(), _movies()
    gone = before.pop(10).id
    after[0] = replace(after[0], overview="Other words.")
    added = after.pop(20).id
    vectors = {movie.id: vector for movie, vector in zip(world.movies(), world.vectors(), strict=True)}

    def digests(movies: list[Movie]) -> Digests:
        rows = np.stack([vectors[movie.id] for movie in movies])
        return changes.digests(movies, rows, None, np.zeros((len(movies), 1), np.int64))

    found = changes.since(Written(digests(before), carried=2), BASE, NEW, digests(after))
    assert found is not None
    plan, carried = found
    assert (plan.added, plan.removed) == ((gone,), (added,))
    assert {movie.id for movie in after} - plan.kept == {gone, after[0].id}
    assert carried == 2 + 3


@pytest.mark.parametrize(
    "change",
    [
        {"encoder": "toy@2"}, {"recipe": "whole-2"}, {"moods": ("cozy",)}, {"moods_hash": "x"}, {"schema": 1},
        {"dimension": 25},
    ],
)  # fmt: skip
def test_versions_of_another_format_share_nothing(change: dict[str, object]) -> None:
    other = replace(NEW, **change)  # type: ignore[arg-type]
    assert changes.since(Written(_digests(_movies())), BASE, other, _digests(_movies())) is None


def test_too_many_changes_share_nothing() -> None:
    after = _movies()
    most = int(changes.MOST * len(after))
    for row in range(most):
        after[row] = replace(after[row], overview="Other words.")
    assert changes.since(Written(_digests(_movies())), BASE, NEW, _digests(after)) is not None
    assert changes.since(Written(_digests(_movies()), carried=1), BASE, NEW, _digests(after)) is None


def test_movies_with_other_neighbours_alone_do_not_count_as_changed_but_are_written() -> None:
    before, after = _digests(_movies()), _digests(_movies())
    after["near"][:5] += 1
    found = changes.since(Written(before), BASE, NEW, after)
    assert found is not None
    assert len(found[0].kept) == len(before) - 5
    assert found[1] == 0
    assert changes.since(Written(before), BASE, NEW, _digests(_movies(), near=1)) is None


def test_digests_are_read_back() -> None:
    written = Written(_digests(_movies()), carried=7)
    read = changes.read(written.dump())
    assert read.carried == 7
    assert np.array_equal(read.digests, written.digests)


@pytest.mark.parametrize("content", [b"", b"short", b"\0" * 13])
def test_damaged_digests_are_reported(content: bytes) -> None:
    with pytest.raises(SearchUnavailable, match=r"the attachment 'entries' of the index is damaged"):
        changes.read(content)
