"""Figures of requests, computed by hand: conditions, shares of short lists, movies that must be found or come first."""

from __future__ import annotations

import pytest

from benchmarks import judge
from benchmarks.judge import Facts
from core.types import Movie, MovieId


def _facts(number: int, **fields: object) -> Facts:
    movie = Movie(MovieId(number), f"Movie {number}", **fields)  # type: ignore[arg-type]
    return Facts(movie, frozenset({"ida rahn", "al best"}), frozenset({"GB", "united kingdom"}))


HEIST = _facts(
    1,
    year=1994,
    genres=("Crime", "Comedy"),
    keywords=("bank robbery", "friends"),
    overview="The Miller's child plans a heist.",
    language="en",
    companies=("Walt Disney Pictures",),
    runtime=95,
    vote_count=300,
    vote_average=7.5,
)
CATALOGUE = {
    number: _facts(number, genres=("Comedy",) if number <= 4 else ("Drama",), year=1990 + number)
    for number in range(1, 21)
}


@pytest.mark.parametrize(
    "written",
    [
        "g=Comedy",
        "g=Horror|Crime",
        "g=Crime g=Comedy",
        "ng=Horror",
        "y=1990-1999",
        "y=-1994",
        "y=1994-",
        "l=fr|en",
        "nl=fr",
        "c=US|GB",
        "c=United Kingdom",
        "nc=US",
        "p=Ida Rahn",
        "p=Ida Rahn p=Al Best",
        "np=Nobody Known",
        "s=Disney|Pixar",
        "k=heist",
        "k=bank robbery",
        "k=friend",
        "k=miller",
        "r=95",
        "R=95",
        "q=7.5",
        "nt=Mov",
        "x=2",
        "nx=2|3",
        "ml=funny g=Comedy",
    ],
)
def test_a_movie_meets(written: str) -> None:
    assert judge.meets(judge.parse(written), HEIST)


@pytest.mark.parametrize(
    "written",
    [
        "g=Horror",
        "g=Crime g=Horror",
        "ng=Horror|Crime",
        "y=1995-1999",
        "l=fr",
        "nl=en|fr",
        "c=US",
        "nc=US|GB",
        "p=Rahn",
        "np=Al Best",
        "s=Pixar",
        "k=rob|child pla",
        "k=robbery friends",
        "r=94",
        "R=96",
        "q=7.6",
        "nt=movie",
        "x=1",
        "nx=2,1",
    ],
)
def test_a_movie_does_not_meet(written: str) -> None:
    assert not judge.meets(judge.parse(written), HEIST)


def test_an_unknown_fact_meets_no_condition() -> None:
    bare = _facts(3)
    assert not any(judge.meets(judge.parse(written), bare) for written in ("y=1800-2100", "r=500", "R=1", "q=0"))


def test_a_rating_with_few_votes_does_not_count() -> None:
    assert not judge.meets(judge.parse("q=5"), _facts(3, vote_count=199, vote_average=9.0))


def test_values_may_contain_spaces_and_end_where_the_next_key_begins() -> None:
    conditions = judge.parse("p=Leonardo DiCaprio|Al Best g=Science Fiction t=1907,1908")
    assert [(one.key, one.values) for one in conditions] == [
        ("p", ("Leonardo DiCaprio", "Al Best")),
        ("g", ("Science Fiction",)),
        ("t", ("1907", "1908")),
    ]


@pytest.mark.parametrize("written", ["", "comedy", "z=1", "f=first", "g=", "g=Comedy|", "well g=Comedy"])
def test_invalid_conditions_are_rejected(written: str) -> None:
    with pytest.raises(ValueError, match=r"expected|unknown key"):
        judge.parse(written)


def _judged(written: str, *results: int) -> float | None:
    return judge.judge(judge.parse(written), results, CATALOGUE)


def test_the_figure_is_the_share_of_the_first_ten() -> None:
    assert _judged("g=Drama", *range(1, 11)) == pytest.approx(0.6)
    assert _judged("g=Drama", *range(5, 16)) == 1
    assert _judged("g=Drama") == 0


def test_if_the_catalogue_has_fewer_movies_it_is_the_share_of_those() -> None:
    assert _judged("g=Comedy", 1, 2, 3, 4, *range(10, 16)) == 1
    assert _judged("g=Comedy", 1, 2, 10) == pytest.approx(0.5)


def test_a_request_that_no_movie_meets_has_no_figure() -> None:
    assert _judged("g=Western", 1, 2, 3) is None


def test_a_movie_must_be_among_the_first_ten_or_first() -> None:
    assert _judged("t=7", *range(1, 11)) == 1
    assert _judged("t=11", *range(1, 12)) == 0
    assert _judged("f=2", 1, 2) == 0
    assert _judged("f=2|1", 1, 2) == 1
    assert _judged("f=1") == 0


def test_with_a_named_movie_conditions_describe_the_other_results() -> None:
    assert _judged("g=Comedy t=9", 9, 1, 2, 3, 4) == 1
    assert _judged("g=Comedy t=9", 9, 1, 2, 10) == pytest.approx((1 + 2 / 4) / 2)
    assert _judged("g=Comedy t=9", 1, 2, 3, 4) == pytest.approx(0.5)


def test_with_a_named_movie_exclusions_have_no_figure_of_their_own() -> None:
    assert _judged("x=3 f=1", 2, 1) == 0
    assert _judged("x=3", 3, *range(5, 14)) == pytest.approx(0.9)
