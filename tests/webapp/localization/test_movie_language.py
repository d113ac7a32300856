"""Titles and overviews in the language of the user, if the catalogue has them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

import webapp
from core.types import Translation
from tests import fakes
from tests.made_up import made_up

TOLD = (
    Translation("de", "Der Leuchtturmwärter", "Ein Wärter rudert in den Sturm."),
    Translation("es", overview="Un farero rema hacia la tormenta."),
    Translation("ja", "灯台守"),
)
MOVIES = (replace(made_up(1), translations=TOLD), made_up(3))
MOVIE, OWN = 101, "The Lighthouse Keeper 1"


@pytest.fixture(scope="module")
def visitor() -> FlaskClient:
    """A site with two movies, one of which has translations."""
    return webapp.create_app(fakes.services(MOVIES)).test_client()


def page(visitor: FlaskClient, path: str, language: str) -> str:
    return visitor.get(path, headers={"Accept-Language": language}).text


def heading(text: str) -> str:
    return re.sub(r"<[^>]+>|\s+", " ", re.search(r"<h1.*?</h1>", text, re.DOTALL)[0]).strip()


def test_a_movie_page_has_title_and_overview_in_its_language(visitor: FlaskClient) -> None:
    german = page(visitor, f"/movies/{MOVIE}", "de")
    assert "Der Leuchtturmwärter" in heading(german)
    assert "Ein Wärter rudert in den Sturm." in german
    assert "<title>Der Leuchtturmwärter" in german


def test_untranslated_fields_are_those_of_the_catalogue(visitor: FlaskClient) -> None:
    spanish = page(visitor, f"/movies/{MOVIE}", "es")
    assert OWN in heading(spanish)
    assert "Un farero rema hacia la tormenta." in spanish
    for language in ("en", "fr"):
        text = page(visitor, f"/movies/{MOVIE}", language)
        assert OWN in heading(text)
        assert "A keeper finds letter number 1" in text


@pytest.mark.parametrize("path", ["/search?q=lighthouse", "/", "/ask?q=lighthouse"])
def test_lists_have_titles_in_the_language_of_the_page(visitor: FlaskClient, path: str) -> None:
    assert "Der Leuchtturmwärter" in page(visitor, path, "de")
    assert "Der Leuchtturmwärter" not in page(visitor, path, "en")
    assert OWN in page(visitor, path, "en")


def test_the_api_returns_movies_in_the_requested_language(visitor: FlaskClient) -> None:
    for path in (f"/api/movies/{MOVIE}?", "/api/search?q=lighthouse&", "/api/popular?", "/api/movies/103/similar?"):
        german, plain, other = (visitor.get(f"{path}{more}").json for more in ("lang=de", "", "lang=it"))
        titles = [titles_of(answer) for answer in (german, plain, other)]
        assert "Der Leuchtturmwärter" in titles[0], path
        assert OWN in titles[1], path
        assert titles[1] == titles[2]


def test_a_posted_search_accepts_the_language_in_its_body(visitor: FlaskClient) -> None:
    answer = visitor.post("/api/search", json={"q": "lighthouse", "lang": "ja"}).json
    assert "灯台守" in titles_of(answer)


def test_the_api_ignores_the_language_of_the_browser(visitor: FlaskClient) -> None:
    answer = visitor.get(f"/api/movies/{MOVIE}", headers={"Accept-Language": "de"})
    assert answer.json["title"] == OWN


@pytest.mark.parametrize("language", ["x" * 40])
def test_an_invalid_language_code_is_refused(visitor: FlaskClient, language: str) -> None:
    answer = visitor.get(f"/api/movies/{MOVIE}?lang={language}")
    assert answer.status_code == 400
    assert "lang" in answer.text


def titles_of(answer: dict) -> list[str]:  # type: ignore[type-arg]
    return [movie["title"] for movie in answer.get("results", [answer])]
