"""Searches over the video shop: both engines give the same movies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.types import SearchRequest
from engine.search.search import Search
from tests import shop_index
from tests.contracts.places import Place

WISHES = {
    "comedy": 10,
    "western or horror": 10,
    "drama from the 90s": 5,
    "drama not from the 90s": 5,
    "comedy under 100 minutes": 5,
    "no horror": 20,
    "funny -romance": 1,
    "something scary": 1,
    "movies with Vera Santori": 5,
    "movies by Ines Okonjo or Milo Tarrow": 10,
    "french movies": 1,
    "movies made in sweden": 1,
    "pixar movie": 1,
    "based on a true story": 1,
    "third gloria fenn": 4,
    "best comedies": 1,
    "war movie from 1985 with Duke Ambrose": 1,
}
"""With the minimum number of movies found."""


@pytest.fixture(scope="module")
def searches(
    find: Callable[[Path], Place], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Search, Search]]:
    """The engine under test, and the embedded one to compare it with."""
    place = find(tmp_path_factory.mktemp("shop"))
    plain = Place("embedded", str(tmp_path_factory.mktemp("plain") / "index"))
    for each in (place, plain):
        shop_index.publish(each.open())
    yield shop_index.search(place.open()), shop_index.search(plain.open())
    place.remove()


def _answer(search: Search, query: str) -> tuple[list[int], tuple[str, ...], str]:
    page = search.run(SearchRequest(query, size=100))
    return [hit.movie.id for hit in page.hits], page.relaxed, page.notice


@pytest.mark.parametrize(("query", "least"), WISHES.items())
def test_a_search_gives_the_same_movies_in_the_same_order(
    searches: tuple[Search, Search], query: str, least: int
) -> None:
    found, plain = (_answer(search, query) for search in searches)
    assert found == plain
    assert len(found[0]) >= least


@pytest.mark.parametrize("query", ["movies like Copper Lantern", "drama about a ferry stuck in the ice"])
def test_nearest_movies_of_a_text_or_a_movie_are_the_same(searches: tuple[Search, Search], query: str) -> None:
    found, plain = (_answer(search, query) for search in searches)
    assert found[0][:5] == plain[0][:5]
    assert set(found[0]) == set(plain[0])
