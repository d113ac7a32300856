"""Records validate themselves on creation."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from core.types import (
    MAX_PAGE,
    MAX_PAGE_SIZE,
    MAX_QUERY_LENGTH,
    MAX_RANK,
    CastMember,
    Filters,
    Movie,
    MovieId,
    SearchRequest,
)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"id": MovieId(0)}, "id"),
        ({"id": MovieId(-3)}, "id"),
        ({"title": "  "}, "title"),
        ({"vote_average": 10.5}, "vote_average"),
        ({"vote_average": -0.1}, "vote_average"),
        ({"runtime": 0}, "runtime"),
        ({"vote_count": -1}, "vote_count"),
        ({"popularity": -0.1}, "popularity"),
    ],
)
def test_an_invalid_movie_is_rejected_naming_the_field(fields: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        Movie(**{"id": MovieId(1), "title": "A film", **fields})


def test_a_movie_cannot_be_changed() -> None:
    movie = Movie(MovieId(1), "A film")
    with pytest.raises(dataclasses.FrozenInstanceError):
        movie.title = "Another"  # type: ignore[misc]


def test_people_are_listed_once_directors_first() -> None:
    movie = Movie(
        MovieId(1), "A film", directors=("Ana", "Ben"), writers=("Ben",), cast=(CastMember("Cai"), CastMember("Ana"))
    )
    assert movie.people == ("Ana", "Ben", "Cai")


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"query": "x" * (MAX_QUERY_LENGTH + 1)}, "query"),
        ({"page": 0}, "page"),
        ({"size": 0}, "size"),
        ({"size": MAX_PAGE_SIZE + 1}, "size"),
        ({"page": MAX_PAGE + 1}, "page"),
    ],
)
def test_a_request_out_of_bounds_is_rejected_naming_the_field(options: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        SearchRequest(**options)


def test_the_last_page_can_be_requested() -> None:
    last = SearchRequest(page=MAX_RANK // 20, size=20)
    assert (last.offset, last.beyond) == (MAX_RANK - 20, False)
    assert not SearchRequest(page=MAX_RANK // 20 + 1, size=20).beyond
    assert SearchRequest(page=MAX_RANK // 20 + 2, size=20).beyond


def test_filters_are_active_if_any_filter_is_set() -> None:
    assert not Filters().active
    assert not Filters(all_genres=False).active
    assert Filters(genres=("Drama",)).active
    assert Filters(votes_min=0).active
