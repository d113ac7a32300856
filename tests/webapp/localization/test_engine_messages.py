"""Messages of the engine in the language of the page."""

from __future__ import annotations

import pytest
from flask import Flask

import webapp
from core.types import Filters
from core.understanding import OtherReading, Piece, PieceKind, Understanding
from core.users import MarkKind
from engine.catalogue.movies import HomeRow
from tests import fakes
from webapp.browse import understanding
from webapp.localization import engine_messages, labels
from webapp.movies import forms, serializers


@pytest.fixture(scope="module")
def site() -> Flask:
    return webapp.create_app(fakes.services())


def german(site: Flask) -> object:
    return site.test_request_context("/search", headers={"Accept-Language": "de"})


@pytest.mark.parametrize(
    ("english", "translated"),
    [
        (
            "Because you rated Sense and Sensibility 4.5 and Collateral 4.",
            "Weil du so bewertet hast: Sense and Sensibility 4.5 und Collateral 4.",
        ),
        (
            "Because you watched Sense and Sensibility, Heat is a favourite of yours and you swiped right on Her.",
            "Weil du Sense and Sensibility gesehen hast, Heat einer deiner Lieblingsfilme ist und du bei Her nach "
            "rechts gewischt hast.",
        ),
        ("Because Up is on your watchlist.", "Weil Up auf deiner Merkliste steht."),
        ("expected 1 to 300 characters, got 301", "1 bis 300 Zeichen erwartet, nicht 301"),
        ("Our prediction for you: 4.3 stars.", "Unsere Vorhersage für dich: 4,3 Sterne."),
        (
            "With Ada Rowe and Tom Vale, as in films that you liked.",
            "Mit Ada Rowe und Tom Vale, wie in Filmen, die dir gefallen haben.",
        ),
        (
            "It is Comedy, War and Crime, like films that you liked.",
            "Genre: Komödie, Krieg und Krimi, wie Filme, die dir gefallen haben.",
        ),
        ("Popular: 8.1 of 10 from 13,752 votes.", "Beliebt: 8,1 von 10 bei 13.752 Stimmen."),
        ("1 viewer showed interest in the last day.", "1 Person hat sich am letzten Tag dafür interessiert."),
        (
            "1,038 viewers showed interest in the last week, 1.5 times as much as usual.",
            "1.038 Personen haben sich in der letzten Woche dafür interessiert, 1,5-mal so viel wie sonst.",
        ),
        (
            "9 viewers showed interest in the last day, and hardly anybody before.",
            "9 Personen haben sich am letzten Tag dafür interessiert, und davor kaum jemand.",
        ),
        (
            "Loved by 2 viewers in MovieLens’ newest ratings, more than 100 times as much as usual.",
            "Beliebt bei 2 Personen in den neuesten Bewertungen von MovieLens, mehr als 100-mal so viel wie sonst.",
        ),
        (
            "Only 3 films match everything; the other results ignore “1990s” and “Scary”.",
            "Nur 3 Filme passen zu allem; die Liste geht ohne „1990er“ und „Gruselig“ weiter.",
        ),
        ("Remove a filter.", "Entferne einen Filter."),
        ("Nobody has translated this.", "Nobody has translated this."),
        ("", ""),
    ],
)
def test_a_message_of_the_engine_is_translated(site: Flask, english: str, translated: str) -> None:
    with german(site):
        assert engine_messages.translated(english) == translated
    assert engine_messages.translated(english) == english


@pytest.mark.parametrize(
    ("kind", "value", "label", "shown"),
    [
        (PieceKind.RECENCY, "-1979", "Old (until 1979)", "Alt (bis 1979)"),
        (PieceKind.RECENCY, "2014-", "New (2014 or later)", "Neu (ab 2014)"),
        (PieceKind.RUNTIME, "<=90", "Short (up to 90 min)", "Kurz (bis 90 Min.)"),
        (PieceKind.RUNTIME, ">=150", "Long (150 min or more)", "Lang (ab 150 Min.)"),
        (PieceKind.GENRE, "Comedy|Romance", "Comedy or Romance", "Komödie oder Liebesfilm"),
        (PieceKind.LANGUAGE, "fr", "French", "Französisch"),
        (PieceKind.COUNTRY, "United Kingdom", "United Kingdom", "Vereinigtes Königreich"),
        (PieceKind.COUNTRY, "United States of America", "United States of America", "Vereinigte Staaten"),
        (PieceKind.PERSON, "Tom Hanks", "Tom Hanks", "Tom Hanks"),
        (PieceKind.YEARS, "1980-1985", "1980–1985", "1980–1985"),
    ],
)
def test_a_piece_is_labelled_in_the_language_of_the_page(
    site: Flask, kind: PieceKind, value: str, label: str, shown: str
) -> None:
    piece = serializers.understood(Understanding("x", pieces=(Piece(kind, value, label, 0, 1),))).pieces[0]
    with german(site):
        assert labels.piece(piece) == shown
    assert labels.piece(piece) == label


@pytest.mark.parametrize(
    ("label", "question", "german_question"),
    [
        ("Looking for date-night films?", "Looking for date-night films?", "Looking for date-night films?"),
        ("Comedy, not Horror", "Looking for Comedy, not Horror?", "Oder suchst du das: Komödie, nicht: Horror?"),
    ],
)
def test_an_alternative_is_always_a_question(site: Flask, label: str, question: str, german_question: str) -> None:
    found = serializers.understood(Understanding("x", other=OtherReading(label, ("title:1",))))
    query = forms.SearchQuery(q="x")
    with site.test_request_context("/search"):
        assert understanding.views(query, found, whole=None, relaxed=()).other.label == question
    with german(site):
        assert understanding.views(query, found, whole=None, relaxed=()).other.label == german_question


@pytest.mark.parametrize(
    ("row", "name"),
    [
        (HomeRow("Popular", Filters(), "popularity", ()), "Beliebt"),
        (HomeRow("Highly rated", Filters(votes_min=100), "rating", ()), "Hoch bewertet"),
        (HomeRow("Drama", Filters(genres=("War",)), "popularity", ()), "Krieg"),
        (HomeRow("The 1990s", Filters(year_from=1990, year_to=1999), "rating", ()), "Die 1990er"),
        (HomeRow("Scary", Filters(moods=("scary",)), "popularity", ()), "Gruselig"),
        (HomeRow("From Iceland", Filters(language="is"), "popularity", ()), "From Iceland"),
    ],
)
def test_a_row_has_a_title_by_its_filters(site: Flask, row: HomeRow, name: str) -> None:
    with german(site):
        assert labels.row_name(row) == name


def test_marks_and_browsers_have_labels(site: Flask) -> None:
    with german(site):
        assert labels.mark(MarkKind.WATCHLIST.value) == "Merkliste"
        assert labels.mark("") == ""
        assert labels.browser("Firefox on Linux") == "Firefox auf Linux"
        assert labels.browser("") == "Ein Browser"
        assert labels.browser("curl") == "curl"
