"""The weighed terms of movies, against BM25 computed the plainest way."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from core import texts
from core.types import CastMember, Movie, MovieId
from indexer import schema
from indexer.analysis import terms
from indexer.analysis.terms import RECORD, Field, Weighing

SEA = Movie(
    MovieId(1),
    "The Old Harbour",
    overview="A sailor finds the harbour empty. The harbour waits for sailors.",
    tagline="Nobody sails alone.",
    genres=("Drama",),
    keywords=("harbour town",),
    cast=(CastMember("Ada Quill", "Captain Reed", 0),),
    directors=("Ben Stone",),
)
ROBOT = Movie(MovieId(2), "Robot", overview="A robot learns to sail a boat.", genres=("Comedy",))
BARE = Movie(MovieId(3), "Untitled")
MOVIES = (SEA, ROBOT, BARE)


def _records(movie: Movie) -> np.ndarray:
    counted = [terms.count(one) for one in MOVIES]
    return np.frombuffer(Weighing.of(counted).weigh(counted[MOVIES.index(movie)]), RECORD)


def _entry(movie: Movie, field: Field, term: int) -> np.void:
    records = _records(movie)
    found = records[(records["term"] == term) & (records["field"] == field)]
    assert len(found) == 1
    return found[0]


def test_a_word_weighs_what_bm25_of_its_field_says() -> None:
    entry = _entry(SEA, Field.OVERVIEW, terms.word_hash("harbour"))
    lengths = [len(terms.stems(texts.words(movie.overview))) for movie in (SEA, ROBOT)]
    idf = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    saturation = schema.BM25_K1 * (1 - schema.BM25_B + schema.BM25_B * lengths[0] / (sum(lengths) / 2))
    assert entry["idf"] / terms.IDF_STEPS == pytest.approx(idf, abs=0.5 / terms.IDF_STEPS)
    assert entry["impact"] / terms.IMPACT_STEPS == pytest.approx(2 / (2 + saturation), abs=0.5 / terms.IMPACT_STEPS)


def test_rarity_counts_movies_that_have_a_word_in_any_field() -> None:
    sail = terms.word_hash("sail")
    assert _entry(SEA, Field.TAGLINE, sail)["idf"] == _entry(ROBOT, Field.OVERVIEW, sail)["idf"]
    idf = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    assert _entry(SEA, Field.TAGLINE, sail)["idf"] / terms.IDF_STEPS == pytest.approx(idf, abs=0.5 / terms.IDF_STEPS)


def test_stop_words_are_left_out_and_names_are_not_stemmed() -> None:
    found = set(_records(SEA)["term"].tolist())
    assert terms.word_hash("the") not in found
    assert terms.people_hash("stone") in found
    assert terms.name_hash("ada quill") in found


def test_neighbouring_words_are_terms_within_one_text_only() -> None:
    found = set(_records(SEA)["term"].tolist())
    assert set(terms.bigram_hashes(["harbour", "town"])) <= found
    assert not set(terms.bigram_hashes(["town", "drama"])) & found


def test_a_word_of_a_name_is_not_the_word_of_a_text() -> None:
    assert len({terms.word_hash("stone"), terms.people_hash("stone"), terms.name_hash("stone")}) == 3


def test_a_movie_with_a_title_alone_has_the_terms_of_its_title() -> None:
    assert Counter(_records(BARE)["field"].tolist()) == {Field.TITLE: 1}


def test_an_empty_catalogue_is_weighed_too() -> None:
    weighing = Weighing.of([])
    assert weighing.movies == 0
    assert len(weighing.terms) == 0


def test_every_weight_is_above_nothing() -> None:
    records = _records(ROBOT)
    assert (records["idf"] > 0).all()
    assert (records["impact"] > 0).all()


def test_places_say_where_the_stems_of_overview_and_tagline_stand() -> None:
    records = np.frombuffer(terms.positions(SEA), terms.POSITION)
    assert terms.POSITION.itemsize == RECORD.itemsize
    assert (records["field"] >= len(Field)).all()
    sail = records[records["term"] == terms.word_hash("sail")]
    spots = [(field, SEA.tagline[start : start + length]) for _, field, start, length in sail.tolist()]
    assert spots == [(terms.PLACES["tagline"], "sails")]
    assert terms.positions(BARE) == b""
