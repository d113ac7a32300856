"""The interpretation of a search text on the pages: chips to remove and restore, corrections, hints, moods."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

import webapp
from core.config import Settings
from core.types import Page, SearchRequest
from core.understanding import OtherReading, Piece, PieceKind, Understanding
from tests import fakes
from tests.fake_jobs import FakeTrending
from webapp.localization import labels
from webapp.movies import serializers

TEXT = "drama from the 80s but not horror"


def page(client: FlaskClient, **arguments: object) -> str:
    answer = client.get("/search", query_string=arguments)
    assert answer.status_code == 200, answer.text
    return answer.text


def named(text: str) -> dict[str, str]:
    """Links by their accessible name."""
    found = re.findall(r'<a[^>]* href="([^"]*)"[^>]* aria-label="([^"]*)"', text)
    return {html.unescape(name): html.unescape(url) for url, name in found}


def links_by_text(text: str) -> dict[str, str]:
    """Links by their text."""
    found = re.findall(r'<a[^>]*href="([^"]*)"[^>]*>(.*?)</a>', text, re.DOTALL)
    return {html.unescape(re.sub("<[^>]*>", "", words)).strip(): html.unescape(url) for url, words in found}


def follow(client: FlaskClient, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.text


def test_pieces_are_in_the_order_of_the_text_and_can_be_removed(client: FlaskClient) -> None:
    names = [name for name in named(page(client, q=TEXT)) if name.startswith("Remove")]
    expected = ("Drama", "1980s", "not Horror")
    assert names == [f"Remove “{label}” from this search" for label in expected]


def test_a_similar_movie_is_labelled_with_like(client: FlaskClient) -> None:
    assert "Remove “like The Lighthouse Keeper 7” from this search" in named(
        page(client, q="like The Lighthouse Keeper 7")
    )


def test_unwanted_pieces_look_different(client: FlaskClient) -> None:
    text = page(client, q=TEXT)
    assert re.findall(r'class="piece unwanted"[^>]*>.*?not Horror', text)
    assert text.count("unwanted") == 1


def test_a_removed_piece_can_be_restored_and_keeps_its_label(client: FlaskClient) -> None:
    without = follow(client, named(page(client, q=TEXT))["Remove “1980s” from this search"])
    links = named(without)
    assert "Remove “1980s” from this search" not in links
    again = follow(client, links["Restore “1980s” in this search"])
    assert "Remove “1980s” from this search" in named(again)


def test_removed_pieces_stay_removed_with_other_filters_and_pages(client: FlaskClient) -> None:
    text = page(client, q="drama storm", drop="genre:Drama", size=5)
    assert "drop=genre:Drama" in re.search(r'rel="next" href="([^"]*)"', text)[1].replace("%3A", ":")
    assert '<input type="hidden" name="drop" value="genre:Drama">' in text
    for words, url in links_by_text(text).items():
        if words.startswith(("Western", "Highest rated")):
            assert "drop=genre:Drama" in url.replace("%3A", ":")


def test_a_dropped_key_without_a_piece_is_ignored(client: FlaskClient) -> None:
    text = page(client, q="drama", drop="genre:<script>")
    assert "<script>alert" not in text
    assert "Restore “" not in text


def test_a_corrected_search_offers_the_text_as_typed(client: FlaskClient) -> None:
    text = page(client, q="lighthose", genre="Drama")
    assert "Showing results for" in text
    instead = links_by_text(text)["lighthose"]
    assert "literal=1" in instead
    assert "genre=Drama" in instead
    assert "Your words are matched exactly." in follow(client, instead)


def test_a_literal_search_links_to_the_interpreted_one(client: FlaskClient) -> None:
    text = page(client, q="drama", literal="1")
    assert not [name for name in named(text) if name.startswith("Remove")]
    again = follow(client, links_by_text(text)["Interpret them instead"])
    assert "Remove “Drama” from this search" in named(again)


def test_a_suggested_correction_keeps_no_dropped_pieces(client: FlaskClient) -> None:
    text = page(client, q="qqqqq", drop="genre:Drama")
    assert links_by_text(text)["lighthouse"] == "/search?q=lighthouse"


def test_an_alternative_interpretation_is_one_link(client: FlaskClient) -> None:
    text = page(client, q="date-night")
    other = links_by_text(text)["Looking for movies about a date?"]
    assert "Restore “Date night” in this search" in named(follow(client, other))


def test_ignored_pieces_are_announced_and_struck_out(client: FlaskClient) -> None:
    text = page(client, q="scary western romance")
    assert re.search(r'<p class="notice" role="status">No movie meets all of that; [^<]*“Romance”', text)
    assert "Remove “Romance” from this search (ignored for these results)" in named(text)
    assert 'class="piece relaxed"' in text


def test_an_empty_page_suggests_what_to_remove(client: FlaskClient) -> None:
    text = page(client, q="scary zzz", genre="Crime")
    assert "Nothing close" in text
    words = links_by_text(text)
    assert "drop=mood:scary" in words["without “Scary”"].replace("%3A", ":")
    assert words["Match the exact words"].endswith("literal=1")
    assert words["Search without filters"] == "/search?q=scary+zzz"


def test_filters_that_no_movie_matches_can_be_removed_at_once(client: FlaskClient) -> None:
    text = page(client, genre="Crime", mood="scary")
    assert links_by_text(text)["Remove all filters"] == "/search"


def test_a_mood_is_a_filter_like_a_genre(client: FlaskClient) -> None:
    text = page(client, mood="feel-good")
    assert "Films</h1>" in text
    chips = re.search(r'aria-label="Active filters">(.*?)</ul>', text, re.DOTALL)[1]
    assert links_by_text(chips) == {"Feel-good ×: remove this filter": "/search"}
    assert '<input type="hidden" name="mood" value="feel-good">' in text


def test_the_facet_of_moods_adds_a_mood_to_the_search(client: FlaskClient) -> None:
    text = page(client, q="storm")
    urls = [url for words, url in links_by_text(text).items() if words.startswith("Scary")]
    assert urls == ["/search?q=storm&mood=scary"]


def test_a_movie_page_leads_to_movies_of_the_same_mood(client: FlaskClient) -> None:
    text = client.get("/movies/101").text
    assert links_by_text(text)["Feel-good"] == "/search?mood=feel-good"
    assert 'aria-labelledby="moods"' not in client.get("/movies/10").text


def test_browse_leads_to_moods(client: FlaskClient) -> None:
    urls = links_by_text(client.get("/browse").text).values()
    assert "/search?mood=scary&sort=popularity" in urls


def test_a_row_of_a_mood_leads_to_all_of_its_movies() -> None:
    services = fakes.services(fakes.MOVIES[:40], settings=Settings(rate_limits=False))
    services = replace(services, trending=FakeTrending([]))  # a small catalogue has movies for a few rows only
    text = webapp.create_app(services).test_client().get("/").text
    assert links_by_text(text)["See all in Feel-good"] == "/search?mood=feel-good&sort=popularity"


@pytest.mark.parametrize(
    ("name", "label"),
    [("feel-good", "Feel-good"), ("scary", "Scary"), ("cry", "Sad, a good cry"), ("", ""), ("wistful", "Wistful")],
)
def test_moods_have_labels(name: str, label: str) -> None:
    assert labels.mood(name) == label


@pytest.mark.parametrize(
    ("kind", "label", "wanted", "shown"),
    [
        (PieceKind.GENRE, "Horror", True, "Horror"),
        (PieceKind.GENRE, "Horror", False, "not Horror"),
        (PieceKind.GENRE, "not Horror", False, "not Horror"),
        (PieceKind.LIKE, "Inception", True, "like Inception"),
        (PieceKind.LIKE, "Like Inception", True, "like Inception"),
        (PieceKind.LIKE, "Inception", False, "not like Inception"),
    ],
)
def test_a_piece_has_a_descriptive_label(kind: PieceKind, label: str, wanted: bool, shown: str) -> None:
    piece = Piece(kind, "x", label, 0, 1, wanted=wanted)
    assert labels.piece(serializers.understood(Understanding("x", pieces=(piece,))).pieces[0]) == shown


def test_hostile_labels_are_escaped() -> None:
    class Hostile(fakes.FakeSearching):
        """Understands markup."""

        def run(self, request: SearchRequest, *, user: object = None) -> Page:  # noqa: ARG002
            found = super().run(request)
            piece = Piece(PieceKind.PHRASE, '"><script>', '"><script>', 0, 1)
            other = OtherReading("<script>other", ())
            return replace(found, understood=Understanding("x", pieces=(piece,), other=other))

    services = replace(fakes.services(), search=Hostile())
    text = page(webapp.create_app(services).test_client(), q="storm")
    assert not re.search(r"<script>(?!</)", re.sub(r"<script src", "", text))
    assert "&lt;script&gt;other" in text
