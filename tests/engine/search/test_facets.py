"""Facet counts."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.types import FacetValue
from engine.search import facets
from tests.engine.search.ranking.candidates import make

GENRES = ("Comedy", "Drama", "Western")


def test_only_results_are_counted() -> None:
    found = make(
        genres=[("Drama",), ("Drama", "Comedy"), ("Western",)], year=[1994, 1999, 2004], languages=["en", "", "fr"]
    )
    counts = facets.count(found, np.array([0, 1]))
    assert counts["genre"] == (FacetValue("Drama", 2), FacetValue("Comedy", 1))
    assert counts["decade"] == (FacetValue("1990", 2),)
    assert counts["language"] == (FacetValue("en", 1),)


def test_moods_are_counted_by_name() -> None:
    found = make(moods=[(0.5, 0.0), (1.0, 0.0), (0.2, 0.9)])
    assert facets.count(found, np.array([0, 2]), moods=("cozy", "grim"))["mood"] == (
        FacetValue("cozy", 2),
        FacetValue("grim", 1),
    )


def test_an_unknown_year_has_no_decade() -> None:
    assert facets.count(make(), np.array([0, 1, 2]))["decade"] == ()


@given(st.lists(st.sets(st.sampled_from(GENRES)).map(lambda s: tuple(sorted(s))), max_size=30))
def test_each_count_is_the_number_of_movies_with_that_value(genres: list[tuple[str, ...]]) -> None:
    found = make(ids=range(1, len(genres) + 1), genres=genres)
    counts = {f.value: f.count for f in facets.count(found, np.arange(len(genres)))["genre"]}
    assert counts == {g: n for g in GENRES if (n := sum(g in movie for movie in genres))}
