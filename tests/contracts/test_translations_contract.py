"""Titles in several languages: matched, suggested and read back, on both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.ports import Entry, Match, MovieIndex, Question
from core.types import Movie, MovieId, Translation
from indexer.names import gazetteer, gazetteer_builder
from tests.contracts import world
from tests.contracts.places import Place

MOVIES = (
    Movie(
        MovieId(1), "The Quiet Harbour", "Le Port tranquille", year=1999, overview="A harbour keeps its secret.",
        popularity=5.0, translations=(
            Translation("es", "El puerto en calma 2", "Un puerto guarda su secreto."),
            Translation("de", overview="Ein Hafen hütet sein Geheimnis."),
            Translation("ja", "静かな港"),
        ),
    ),
    Movie(MovieId(2), "Harbour", year=2003, overview="Another one.", popularity=9.0),
)  # fmt: skip


@pytest.fixture(scope="module")
def told(find: Callable[[Path], Place], tmp_path_factory: pytest.TempPathFactory) -> Iterator[MovieIndex]:
    """The published index of these movies."""
    place = find(tmp_path_factory.mktemp("told"))
    store = place.open()
    store.begin(world.info("v1", len(MOVIES)))
    store.fill("v1", [Entry(movie, vector) for movie, vector in zip(MOVIES, world.vectors(), strict=False)])
    store.finish("v1")
    store.publish("v1")
    yield store.open()
    place.remove()


@pytest.mark.parametrize(
    "query", ["el puerto en calma 2", "El Puerto en Calma II", "puerto en calma two", "静かな港", "le port tranquille"]
)
def test_a_title_matches_in_any_language(told: MovieIndex, query: str) -> None:
    found = told.candidates(Question(words=query, name=query, depth=1))
    named = [movie for movie, bits in zip(found.ids.tolist(), found.match.tolist(), strict=True) if bits & Match.TITLE]
    assert named == [1]


def test_words_of_a_translated_title_are_found(told: MovieIndex) -> None:
    found = told.candidates(Question(words="calma", depth=5))
    assert found.ids[found.words > 0].tolist() == [1]


@pytest.mark.parametrize("typed", ["el puerto", "puerto en ca", "静かな"])
def test_a_translated_title_is_suggested_as_it_is_typed(told: MovieIndex, typed: str) -> None:
    (first, *_) = told.suggest(typed, limit=3)
    assert (first.kind, first.id, first.text) == ("movie", 1, "The Quiet Harbour")


def test_translations_are_read_back(told: MovieIndex) -> None:
    assert told.movies([MovieId(1), MovieId(2)]) == list(MOVIES)


def test_a_word_of_a_translated_title_is_not_a_typo(told: MovieIndex) -> None:
    assert told.correct(["puerto"]) == {}


def test_readers_of_search_texts_recognise_translated_titles() -> None:
    names = gazetteer.load(gazetteer.dump(gazetteer_builder.build(MOVIES)))
    for text in ("El puerto en calma 2", "静かな港"):
        assert [movie.id for movie in names.titled(text)] == [1]
    assert names.in_title(["puerto", "en", "calma"])
