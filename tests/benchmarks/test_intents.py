"""Marked genres and years: expected values, and what counts as recognized."""

from __future__ import annotations

import json

import pytest

from benchmarks import intents
from benchmarks.intents import Marked
from core.understanding import Piece, PieceKind, Understanding
from engine.search.understanding import tables
from engine.search.understanding.vocabulary import Vocabulary
from indexer.names import gazetteer_builder

VOCABULARY = Vocabulary(tables.load(), gazetteer_builder.build([]))


def _piece(kind: PieceKind, value: str, *, wanted: bool = True) -> Piece:
    return Piece(kind, value, value, 0, 1, wanted)


def _names(slot: str) -> list[str]:
    return [term.name for term in intents.genres(slot, VOCABULARY)]


def test_a_mark_stands_for_the_genres_that_it_names() -> None:
    assert _names("sci fi thriller") == ["Science Fiction", "Thriller"]
    assert _names("romantic comedy") == ["romantic comedy"]
    assert _names("epic") == []


def test_a_genre_is_recognized_directly_or_by_its_parts_or_by_a_genre_that_includes_it() -> None:
    romantic, comedy = intents.genres("romantic comedy", VOCABULARY)[0], intents.genres("comedy", VOCABULARY)[0]
    parts = [_piece(PieceKind.GENRE, "Romance"), _piece(PieceKind.GENRE, "Comedy")]
    assert intents.has_genre(romantic, parts, VOCABULARY)
    assert not intents.has_genre(romantic, parts[:1], VOCABULARY)
    assert intents.has_genre(comedy, [_piece(PieceKind.GENRE, "black comedy")], VOCABULARY)
    assert intents.has_genre(comedy, [_piece(PieceKind.GENRE, "Drama|Comedy", wanted=False)], VOCABULARY)
    assert not intents.has_genre(comedy, [_piece(PieceKind.MOOD, "Comedy")], VOCABULARY)


@pytest.mark.parametrize(
    ("text", "slots", "expected"),
    [
        ("a 1990 movie", ["1990"], [(1990, 1990)]),
        ("from the 1990 s", ["1990"], [(1990, 1999)]),
        ("from the 1990s", ["1990s"], [(1990, 1999)]),
        ("an 80 s movie", ["80 s"], [(1980, 1989)]),
        ("an early 80 s movie", ["80 s"], [(1980, 1984)]),
        ("a late 1930 s movie", ["late 1930 s"], [(1935, 1939)]),
        ("the 00s", ["00s"], [(2000, 2009)]),
        ("1980 s and 1990 s", ["1980 s and 1990 s"], [(1980, 1989), (1990, 1999)]),
        ("from 1972 or 1975", ["1972", "1975"], [(1972, 1972), (1975, 1975)]),
        ("a few years ago", ["few years ago"], []),
        ("in 1074", ["1074"], []),
    ],
)
def test_the_years_of_a_mark(text: str, slots: list[str], expected: list[tuple[int, int]]) -> None:
    assert intents.spans(text, slots) == expected


@pytest.mark.parametrize(
    ("value", "right"),
    [("1972-1972", True), ("1975", True), ("1972-1975", True), ("1972-1974", False), ("1972-", False)],
)
def test_any_of_several_years_or_the_span_over_all_of_them_is_right(value: str, *, right: bool) -> None:
    expected = [(1972, 1972), (1975, 1975)]
    assert intents.has_years(expected, [_piece(PieceKind.YEARS, value)]) is right


def test_marks_are_counted_once_per_text_and_those_without_a_value_are_excluded() -> None:
    texts = [
        Marked("a comedy and a comedy of 1990", ("comedy", "comedies", "epic"), ("1990",)),
        Marked("a horror from a while ago", ("horror",), ("a while ago",)),
        Marked("nothing is marked"),
    ]
    found = intents.count(texts, _read, VOCABULARY)
    assert found["genres"] == {"share": 0.5, "right": 1, "expected": 2, "left_out": 1}
    assert found["years"] == {"share": 1.0, "right": 1, "expected": 1, "left_out": 1}


def test_both_files_are_read() -> None:
    slots = [
        {"type": "Genre", "value": "comedy"},
        {"type": "Plot", "value": "a dog"},
        {"type": "Year", "value": "1990"},
    ]
    assert intents.read_mit([json.dumps({"text": "t", "slots": slots})]) == [Marked("t", ("comedy",), ("1990",))]
    acts = [{"intent": "IQU", "slots": [{"type": "GENRE", "value": "horror"}, {"type": "PLOT", "value": None}]}]
    assert intents.read_iard([json.dumps({"text": "t", "acts": acts})]) == [Marked("t", ("horror",))]


def test_every_text_is_timed_once() -> None:
    found = intents.timing(["a", "b", "a"], _read)
    assert found["texts"] == 2
    assert found["mean_ms"] >= 0


def _read(text: str) -> Understanding:
    pieces = (_piece(PieceKind.GENRE, "Comedy"), _piece(PieceKind.YEARS, "1990-1990"))
    return Understanding(text, pieces=pieces if "comedy" in text else ())
