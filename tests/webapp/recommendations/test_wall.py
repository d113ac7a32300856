"""The page For you as a wall of posters: rows, filters in words, reasons in sheets, and the watchlist."""

from __future__ import annotations

import html
import re

import pytest

import webapp
from core.types import MovieId
from core.users import MarkKind
from tests import fakes
from tests.webapp.user_browser import Member, listed


def _rows(text: str) -> list[str]:
    return [html.unescape(name) for name in re.findall(r'<h2 id="row-[^"]*">([^<]*)</h2>', text)]


def test_a_user_with_ratings_has_rows_and_no_movie_twice(ada: Member) -> None:
    ada.rate(4.5, 101)
    text = ada.page("/for-you")
    assert _rows(text) == ["Top picks", "Because you loved The Lighthouse Keeper 1", "Hidden gems"]
    shown = listed(text)
    assert len(set(shown)) == len(shown) > 12
    for key in ("for-you", "because", "gems"):
        assert f'data-list="{key}"' in text
        assert f'href="#end-{key}"' in text


def test_a_user_without_ratings_has_one_list(ada: Member) -> None:
    text = ada.page("/for-you")
    assert _rows(text) == []
    assert len(listed(text)) == 24


def test_a_filter_turns_the_rows_into_one_list(ada: Member) -> None:
    ada.rate(4.5, 101)
    for query in ("genre=Drama", "decade=1970", "language=fr", "length=short", "all=1", "page=2"):
        text = ada.page(f"/for-you?{query}")
        assert _rows(text) == []
        assert listed(text)
    assert _rows(ada.page("/for-you?familiarity=0.2&genre=")) != []


@pytest.mark.parametrize(
    ("query", "label"),
    [
        ("decade=1970", "1970s"),
        ("length=short", "Under 90 minutes"),
        ("length=medium", "90 minutes to 2 hours"),
        ("language=fr", "French"),
    ],
)
def test_filters_speak_words_and_are_chosen_from_a_list(ada: Member, query: str, label: str) -> None:
    name, _, value = query.partition("=")
    text = ada.page(f"/for-you?{query}")
    assert f'<option value="{value}" selected>{label}</option>' in text
    assert f"<bdi>{label}</bdi>" in text[text.index('aria-label="Active filters"') :]
    assert re.search(rf'<select id="wish-{name}" name="{name}" data-apply>', text)


def test_decade_and_length_filter(ada: Member) -> None:
    movies = {movie.id: movie for movie in fakes.MOVIES}
    decade = [movies[MovieId(number)].year for number in listed(ada.page("/for-you?decade=1970"))]
    assert decade
    assert all(1970 <= (year or 0) <= 1979 for year in decade)
    short = [movies[MovieId(number)].runtime for number in listed(ada.page("/for-you?length=short"))]
    assert short
    assert all((minutes or 999) < 90 for minutes in short)


@pytest.mark.parametrize("query", ["decade=1975", "length=endless", "all=maybe", "decade=x"])
def test_invalid_filters_name_their_field(ada: Member, query: str) -> None:
    answer = ada.client.get(f"/for-you?{query}")
    assert answer.status_code == 400
    assert f"<b>{query.partition('=')[0]}</b>" in answer.text


def test_each_poster_leads_to_its_reasons(ada: Member) -> None:
    ada.rate(4.5, 101)
    text = ada.page("/for-you")
    for movie in listed(text):
        assert text.count(f'data-why="/for-you/{movie}"') == 1
    shown = ada.page(f"/for-you/{listed(text)[0]}")
    assert re.search(r'<p class="because"><bdi>[^<]+</bdi></p>', shown)
    assert "<html" not in shown


def test_reasons_are_for_users_and_of_known_movies(ada: Member) -> None:
    assert ada.client.get("/for-you/999999").status_code == 404
    assert webapp.create_app(ada.services).test_client().get("/for-you/101").status_code == 303


def test_an_empty_list_offers_a_way_out(ada: Member) -> None:
    text = ada.page("/for-you?genre=Nope")
    assert "No films match these filters" in text
    assert '<a class="button" href="/for-you">Remove all filters</a>' in text
    assert '<a class="button plain" href="/search?genre=Nope&amp;genre_mode=any">Search the catalogue</a>' in text


def test_the_switch_includes_the_watchlist_and_returns_to_the_page(ada: Member) -> None:
    assert re.search(r'aria-checked="false"><span>Include films of my watchlist', ada.page("/for-you"))
    answer = ada.post("/for-you/watchlist", on="1", next="/for-you?genre=Drama")
    assert answer.headers["Location"] == "/for-you?genre=Drama"
    assert re.search(r'aria-checked="true"><span>Include films of my watchlist', ada.page("/for-you"))
    ada.post("/for-you/watchlist", on="0")
    assert re.search(r'aria-checked="false"><span>Include films of my watchlist', ada.page("/for-you"))


def test_the_account_page_has_the_preference_too(ada: Member) -> None:
    ada.post("/account/preferences", watchlist_in_lists="1", familiarity="50", language="browser", time_zone="site")
    assert re.search(r'aria-checked="true"><span>Include films of my watchlist', ada.page("/for-you"))


def test_a_movie_of_the_watchlist_keeps_its_mark_in_lists(ada: Member) -> None:
    ada.services.diaries.mark(ada.user, MovieId(104), MarkKind.WATCHLIST, on=True)
    assert ada.page("/for-you").count('data-why="/for-you/104"') <= 1


def test_movies_are_filtered_by_where_they_can_be_watched(ada: Member) -> None:
    assert 'name="available_at"' not in ada.page("/for-you")
    ada.services.availability.known = {"US:MUBI": (104, 105, 999), "US:Max": ()}  # type: ignore[attr-defined]
    assert '<option value="US:MUBI">MUBI</option>' in ada.page("/for-you")
    text = ada.page("/for-you?available_at=US:MUBI")
    assert set(listed(text)) == {104, 105}
    assert "available at MUBI" in text
    assert "No films match these filters" in ada.page("/for-you?available_at=US:Max")
    assert "No films match these filters" in ada.page("/for-you?available_at=US:Unknown")


def test_providers_of_several_countries_are_told_apart(ada: Member) -> None:
    ada.services.availability.known = {"US:MUBI": (104,), "DE:MUBI": (105,)}  # type: ignore[attr-defined]
    text = ada.page("/for-you?available_at=DE:MUBI")
    assert '<option value="US:MUBI">MUBI · United States</option>' in text
    assert '<option value="DE:MUBI" selected>MUBI · Germany</option>' in text
    assert listed(text) == [105]
