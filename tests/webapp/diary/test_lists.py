"""Watchlist and ratings."""

from __future__ import annotations

import re

import pytest

from core.types import MovieId
from core.users import MarkKind
from tests import fakes
from tests.webapp.user_browser import Member, carded


def keep(member: Member, *numbers: int) -> None:
    for number in numbers:
        member.services.diaries.mark(member.user, MovieId(number), MarkKind.WATCHLIST, on=True)


def test_the_latest_rating_comes_first(ada: Member) -> None:
    for number in (105, 101, 109):
        ada.rate(4.0, number)
    assert carded(ada.page("/ratings")) == [109, 101, 105]


@pytest.mark.parametrize(
    ("sort", "order"),
    [("stars", [109, 101, 105]), ("title", [101, 105, 109]), ("year", [109, 105, 101]), ("added", [109, 105, 101])],
)
def test_ratings_are_sorted(ada: Member, sort: str, order: list[int]) -> None:
    for number, value in ((101, 3.0), (105, 1.0), (109, 5.0)):
        ada.rate(value, number)
    assert carded(ada.page(f"/ratings?sort={sort}")) == order


def test_the_watchlist_is_sorted_by_predicted_rating(ada: Member) -> None:
    keep(ada, 125, 101, 110)
    text = ada.page("/watchlist?sort=predicted")
    assert carded(text) == [125, 110, 101]
    assert "Predicted: 3.8 stars" in text
    assert re.search(r'aria-current="true">Predicted rating</a>', text)


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("genre=Western", {104, 109}),
        ("decade=1960", {105, 109}),
        ("q=keeper+9", {109}),
        ("q=TOM", {104}),
        ("q=nobody", set()),
        ("genre=Western&decade=1950", {104}),
    ],
)
def test_lists_are_filtered_by_genre_decade_and_text(ada: Member, query: str, left: set[int]) -> None:
    ada.rate(4.0, 101, 104, 105, 109)
    keep(ada, 101, 104, 105, 109)
    assert set(carded(ada.page(f"/ratings?{query}"))) == left
    assert set(carded(ada.page(f"/watchlist?{query}"))) == left


def test_an_empty_filtered_list_links_to_the_whole_list(ada: Member) -> None:
    ada.rate(4.0, 101)
    text = ada.page("/ratings?genre=Nope")
    assert "None of your films match these filters" in text
    assert 'href="/ratings">Show all' in text


@pytest.mark.parametrize("query", ["sort=magic", "decade=1961", "decade=x", "page=0"])
def test_an_invalid_list_query_names_its_field(ada: Member, query: str) -> None:
    answer = ada.client.get(f"/ratings?{query}")
    assert answer.status_code == 400
    assert f"<b>{query.partition('=')[0]}</b>" in answer.text


def test_pages_of_ratings_show_every_movie_once(ada: Member) -> None:
    ada.rate(4.0, *(movie.id for movie in fakes.MOVIES))
    first, second = ada.page("/ratings"), ada.page("/ratings?page=2")
    assert 'rel="next" href="/ratings?page=2"' in first
    assert 'rel="prev" href="/ratings"' in second
    shown = [*carded(first), *carded(second)]
    assert sorted(shown) == sorted(movie.id for movie in fakes.MOVIES)


def test_a_removed_rating_leaves_the_list(ada: Member) -> None:
    ada.rate(4.0, 101, 105)
    assert carded(ada.follow(ada.post("/movies/101/rate", stars="", came_from="/ratings"))) == [105]


def test_a_movie_that_was_only_reviewed_is_listed_and_can_be_edited_in_the_ratings(ada: Member) -> None:
    ada.services.diaries.review(ada.user, MovieId(101), "So </textarea><script>alert(1)</script>")
    text = ada.page("/ratings")
    assert carded(text) == [101]
    assert "reviewed" in text
    assert "So &lt;/textarea&gt;&lt;script&gt;" in text


def test_movies_that_left_the_catalogue_are_counted_and_not_shown(ada: Member) -> None:
    ada.rate(4.0, 101, 105)
    keep(ada, 105)
    movies = ada.services.movies
    whole, movies.movies = movies.movies, [movie for movie in fakes.MOVIES if movie.id != 105]  # type: ignore[attr-defined]
    try:
        assert "1 film · 1 more is not in this catalogue" in ada.page("/ratings")
        assert "Nothing on your watchlist yet" in ada.page("/watchlist")
    finally:
        movies.movies = whole  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["/watchlist", "/ratings", "/profile"])
def test_an_empty_list_says_what_to_do(ada: Member, path: str) -> None:
    text = ada.page(path)
    assert 'class="nothing"' in text
    assert 'class="button"' in text
