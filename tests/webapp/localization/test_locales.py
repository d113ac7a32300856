"""Pages are in the language of the user; the API is in English."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

import webapp
from core.config import LANGUAGES, Settings
from tests import fakes
from tests.webapp.conftest import Open
from webapp.localization import language_names, locales
from webapp.localization.translation import gettext

GERMAN = {"Accept-Language": "de-CH,de;q=0.9,en;q=0.5"}
PATHS = (
    "/",
    "/search?q=drama&genre=Western",
    "/search?q=qqqq",
    "/browse",
    "/movies/101",
    "/about",
    "/trending",
    "/sign-up",
    "/ask",
    "/ask?q=storm",
)


@pytest.fixture(scope="module")
def site() -> Flask:
    """A site over made-up movies."""
    return webapp.create_app(fakes.services())


@pytest.fixture
def visitor(site: Flask) -> FlaskClient:
    """A browser with its own cookies."""
    return site.test_client()


def language_of(text: str) -> str:
    return re.search(r'<html lang="(\w+)">', text)[1]


def test_the_language_of_the_browser_is_used_if_there_is_a_translation(visitor: FlaskClient) -> None:
    text = visitor.get("/browse", headers=GERMAN).text
    assert language_of(text) == "de"
    assert "<h1>Stöbern</h1>" in text
    assert language_of(visitor.get("/browse", headers={"Accept-Language": "pt-BR"}).text) == "en"


def test_the_setting_applies_if_no_requested_language_is_available() -> None:
    site = webapp.create_app(fakes.services(settings=Settings(language="fr"))).test_client()
    assert language_of(site.get("/browse").text) == "fr"
    assert language_of(site.get("/browse", headers={"Accept-Language": "pt"}).text) == "fr"
    assert language_of(site.get("/browse", headers={"Accept-Language": "en"}).text) == "en"


def test_a_language_chosen_in_the_footer_persists_and_overrides_the_browser(visitor: FlaskClient) -> None:
    answer = visitor.post("/language", data={"language": "es", "next": "/browse?x=1"}, headers=GERMAN)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/browse?x=1")
    cookie = answer.headers["Set-Cookie"]
    assert all(part in cookie for part in ("marquee_language=es", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Secure" not in cookie
    assert language_of(visitor.get("/browse", headers=GERMAN).text) == "es"


def test_the_footer_offers_every_language_by_its_native_name(visitor: FlaskClient) -> None:
    text = visitor.get("/movies/101", headers=GERMAN).text
    form = re.search(r'<form class="languages" method="post" action="/language".*?</form>', text, re.DOTALL)[0]
    assert re.findall(r'value="(\w+)" lang="\1"', form) == list(LANGUAGES)
    assert 'value="/movies/101"' in form
    assert re.findall(r'aria-current="true">(\w+)', form) == ["Deutsch"]


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_choosing_a_language_never_redirects_to_another_site(visitor: FlaskClient, target: str) -> None:
    answer = visitor.post("/language", data={"language": "es", "next": target})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("language", ["", "it", "../../etc"])
def test_an_unknown_language_is_refused(visitor: FlaskClient, language: str) -> None:
    assert visitor.post("/language", data={"language": language}).status_code == 400


def test_a_cookie_with_an_unknown_language_is_ignored(visitor: FlaskClient) -> None:
    visitor.set_cookie("marquee_language", "xx")
    assert language_of(visitor.get("/browse", headers=GERMAN).text) == "de"


def test_localized_pages_have_vary_and_content_language(visitor: FlaskClient) -> None:
    german, english = visitor.get("/browse", headers=GERMAN), visitor.get("/browse")
    assert {"Accept-Language", "Cookie"} <= set(german.vary)
    assert (german.headers["Content-Language"], english.headers["Content-Language"]) == ("de", "en")
    assert german.headers["ETag"] != english.headers["ETag"]
    tagged = {**GERMAN, "If-None-Match": english.headers["ETag"]}
    assert visitor.get("/browse", headers=tagged).status_code == 200
    assert visitor.get("/browse", headers={**GERMAN, "If-None-Match": german.headers["ETag"]}).status_code == 304


def test_the_api_is_always_in_english(visitor: FlaskClient) -> None:
    for path in ("/api/search?q=storm", "/api/movies/101", "/api/search?page=0", "/api/docs"):
        answer = visitor.get(path, headers=GERMAN)
        assert answer.headers.get("ETag") == visitor.get(path).headers.get("ETag")
        assert "Accept-Language" not in answer.vary
    genres = visitor.get("/api/genres", headers=GERMAN).json["results"]
    assert {"value": "Comedy", "label": "Comedy"} in [{k: g[k] for k in ("value", "label")} for g in genres]
    assert visitor.get("/api/search?page=0", headers=GERMAN).json["title"] == "Bad Request"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PATHS)
def test_every_page_is_shown_in_every_language(visitor: FlaskClient, language: str, path: str) -> None:
    answer = visitor.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert language_of(answer.text) == language
    assert not re.search(r"%\(\w+\)|%%", answer.text)


def test_values_stay_in_urls_while_their_names_are_translated(visitor: FlaskClient) -> None:
    text = visitor.get("/search?q=storm&mood=feel-good", headers=GERMAN).text
    assert re.search(r'href="[^"]*genre=Science\+Fiction[^"]*"><span>Science-Fiction</span>', text)
    assert re.search(r'href="[^"]*mood=scary[^"]*"|<bdi>Wohlfühlfilm</bdi>', text)
    assert "1990er" in text
    assert re.search(r'href="[^"]*language=fr[^"]*"><span>Französisch</span>', text)
    assert "Island" in visitor.get("/movies/101", headers=GERMAN).text


def test_pieces_of_a_search_are_labelled_in_the_language_of_the_page(visitor: FlaskClient) -> None:
    text = visitor.get("/search?q=scary+drama+from+the+80s+like+The+Lighthouse+Keeper+7", headers=GERMAN).text
    names = re.findall(r'aria-label="„([^"]*)“ aus dieser Suche entfernen', text)
    assert names == ["Gruselig", "Drama", "1980er", "wie The Lighthouse Keeper 7"]


def test_dates_and_numbers_are_formatted_by_language(client: FlaskClient) -> None:
    english = client.get("/movies/129").text
    assert "1 March 2008" in english
    assert "2,900 votes" in english
    german = client.get("/movies/129", headers=GERMAN).text
    assert "1. März 2008" in german
    assert "2.900 Stimmen" in german
    assert "<b>7,9</b> von 10" in german


def test_names_of_languages_come_from_unicode_and_unknown_codes_stay(visitor: FlaskClient) -> None:
    with visitor.application.test_request_context("/", headers=GERMAN):
        assert [language_names.name(code) for code in ("fr", "cn", "xx", "qq")] == [
            "Französisch",
            "Kantonesisch",
            "Ohne Sprache",
            "qq",
        ]
    assert language_names.name("zh") == "Mandarin"


def test_an_unavailable_engine_is_reported_in_the_language_of_the_page(broken: Open) -> None:
    text = broken(RuntimeError("x")).get("/", headers=GERMAN).text
    assert "Etwas ist schiefgegangen" in text


def test_errors_on_pages_are_translated(visitor: FlaskClient) -> None:
    text = visitor.get("/search?page=0", headers=GERMAN).text
    assert "muss mindestens 1 sein" in text


def test_a_temporary_language_applies_immediately_and_is_reverted(site: Flask) -> None:
    with site.test_request_context("/browse", headers=GERMAN):
        assert gettext("Browse") == "Stöbern"
        with locales.speaking("fr"):
            assert gettext("Browse") not in ("Browse", "Stöbern")
        assert gettext("Browse") == "Stöbern"
    assert gettext("Browse") == "Browse"
