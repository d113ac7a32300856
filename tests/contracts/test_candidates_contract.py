"""The candidates of a question, compared with a straightforward computation over the whole world."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from core import texts
from core.ports import Candidates, Match, MovieIndex, Question, Vectors
from core.types import Filters
from tests.contracts import strategies, world

WORD_TOLERANCE = 0.02
"""Engines round field lengths and movie counts differently."""
COSINE_TOLERANCE = 1e-4

ask_little = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _vector(seed: int) -> Vectors:
    row = np.random.default_rng(seed).normal(size=world.DIMENSION).astype(np.float32)
    return np.asarray(row / np.linalg.norm(row), dtype=np.float32)


def _rows(found: Candidates) -> NDArray[np.int64]:
    place = {movie.id: row for row, movie in enumerate(world.movies())}
    return np.array([place[movie] for movie in found.ids.tolist()], dtype=np.int64)


def _bits(found: Candidates) -> dict[int, Match]:
    return {movie: Match(bits) for movie, bits in zip(found.ids.tolist(), found.match.tolist(), strict=True)}


@ask_little
@given(text=strategies.questions, seed=st.integers(0, 99), filters=strategies.filters, fields=strategies.fields)
def test_every_candidate_has_its_exact_word_score_and_cosine_whichever_list_it_came_from(
    index: MovieIndex, text: str, seed: int, filters: Filters, fields: tuple[tuple[str, float], ...]
) -> None:
    vector = _vector(seed)
    found = index.candidates(Question(text, fields=fields, vector=vector, filters=filters, depth=20))
    rows = _rows(found)
    np.testing.assert_allclose(found.words, world.word_scores(text, fields)[rows], rtol=WORD_TOLERANCE, atol=1e-4)
    np.testing.assert_allclose(found.cosine, (world.vectors() @ vector)[rows], atol=COSINE_TOLERANCE)


@pytest.mark.parametrize("fields", [(("tags", 1.0),), (("text", 1.0), ("tags", 0.5))])
def test_tags_have_the_same_weight_on_both_engines_though_few_movies_have_them(
    index: MovieIndex, fields: tuple[tuple[str, float], ...]
) -> None:
    text = " ".join(world.WORDS)
    found = index.candidates(Question(text, fields=fields, depth=len(world.movies())))
    assert any(movie.tags for movie in world.movies())
    np.testing.assert_allclose(found.words, world.word_scores(text, fields)[_rows(found)], rtol=WORD_TOLERANCE)
    if len(fields) == 1:
        tagged = {movie.id for movie in world.movies() if movie.tags}
        assert set(found.ids.tolist()) == tagged


@ask_little
@given(text=strategies.questions, seed=st.integers(0, 99), filters=strategies.filters, depth=st.integers(1, 40))
def test_the_union_contains_the_best_of_both_lists_and_nothing_else(
    index: MovieIndex, text: str, seed: int, filters: Filters, depth: int
) -> None:
    vector = _vector(seed)
    found = set(index.candidates(Question(text, vector=vector, filters=filters, depth=depth)).ids.tolist())
    allowed = np.array([world.meets(movie, filters) for movie in world.movies()])
    sure: set[int] = set()
    possible: set[int] = set()
    for scores, slack in (
        (world.word_scores(text, (("text", 1.0),)), WORD_TOLERANCE),
        (world.vectors() @ vector + 2, COSINE_TOLERANCE),
    ):
        ranked = np.sort(scores[allowed & (scores > 0)])[::-1]
        bar = ranked[depth - 1] if len(ranked) >= depth else 0.0
        # A movie within the tolerance of the threshold may be on either side of it.
        sure |= _ids(allowed & (scores > 0) & (scores > bar * (1 + slack)))
        possible |= _ids(allowed & (scores > 0) & (scores >= bar * (1 - slack)))
    assert sure <= found <= possible


@ask_little
@given(text=strategies.questions, filters=strategies.filters, seed=st.integers(0, 99))
def test_filters_exclude_every_movie_that_does_not_meet_them(
    index: MovieIndex, text: str, filters: Filters, seed: int
) -> None:
    question = Question(text, vector=_vector(seed), filters=filters, name=texts.fold(text))
    rows = _rows(index.candidates(question))
    assert [world.movies()[row].title for row in rows if not world.meets(world.movies()[row], filters)] == []


def test_a_rare_filter_still_fills_the_lists(index: MovieIndex) -> None:
    filters = Filters(genres=("Comedy",), language="ja", votes_min=1)
    expected = {movie.id for movie in world.movies() if world.meets(movie, filters)}
    found = index.candidates(Question(vector=_vector(3), filters=filters, depth=len(expected)))
    assert set(found.ids.tolist()) == expected


def test_candidates_are_ordered_by_id_and_carry_the_facts_of_each_movie(index: MovieIndex) -> None:
    found = index.candidates(Question("robot matrix untitled", vector=_vector(1)))
    movies = [world.movies()[row] for row in _rows(found)]
    assert found.ids.tolist() == sorted(found.ids.tolist())
    assert len(found) == len(movies) == len(world.movies())
    assert found.year.tolist() == [movie.year or 0 for movie in movies]
    assert found.vote_count.tolist() == [movie.vote_count for movie in movies]
    assert found.popularity.tolist() == [movie.popularity for movie in movies]
    assert list(found.genres) == [movie.genres for movie in movies]
    assert list(found.languages) == [movie.language for movie in movies]
    assert found.runtime.tolist() == [movie.runtime or 0 for movie in movies]
    assert found.moods.tolist() == [[world.moods(movie).get(mood, 0.0) for mood in world.MOODS] for movie in movies]
    ratings = [np.nan if movie.vote_average is None else movie.vote_average for movie in movies]
    np.testing.assert_allclose(found.vote_average, ratings, rtol=1e-6)


def test_candidates_carry_their_terms_and_their_nearest_movies(index: MovieIndex) -> None:
    found = index.candidates(Question("robot", vector=_vector(1), depth=len(world.movies())))
    rows = _rows(found).tolist()
    assert len(rows) == len(world.movies())
    assert list(found.terms) == [world.weighed()[row] for row in rows]
    near = [[movie for movie in own if movie] for own in found.neighbours.tolist()]
    assert near == [world.near()[row] for row in rows]


def test_without_a_vector_no_cosine_is_known(index: MovieIndex) -> None:
    found = index.candidates(Question("robot"))
    assert len(found)
    assert np.isnan(found.cosine).all()


def test_without_words_no_movie_has_a_word_score(index: MovieIndex) -> None:
    found = index.candidates(Question(vector=_vector(5), depth=7))
    assert len(found) == 7
    assert (found.words == 0).all()
    assert found.words_best == 0


def test_a_question_of_stop_words_only_has_no_list_by_words(index: MovieIndex) -> None:
    assert len(index.candidates(Question("to the and of"))) == 0


def test_the_best_word_score_ignores_filters(index: MovieIndex) -> None:
    best = index.candidates(Question("matrix")).words_best
    filtered = index.candidates(Question("matrix", filters=Filters(language="ja")))
    assert best > 0
    assert filtered.words_best == pytest.approx(best, rel=1e-5)
    assert len(filtered) == 0


def test_a_word_typed_twice_counts_once(index: MovieIndex) -> None:
    once, twice = (index.candidates(Question(text)) for text in ("robot island", "Robot island ROBOT robot"))
    np.testing.assert_allclose(once.words, twice.words, rtol=1e-5)


@pytest.mark.parametrize("text", ["wall e", "WALL·E", "wall-e", "Wall…E?"])
def test_punctuation_neither_joins_nor_hides_words(index: MovieIndex, text: str) -> None:
    found = index.candidates(Question(text, fields=(("title", 1.0),)))
    assert found.ids.tolist() == [3]


@pytest.mark.parametrize("text", ["schindlers", "Schindler's", "SCHINDLER’S", "schindler"])
def test_an_apostrophe_makes_no_difference(index: MovieIndex, text: str) -> None:
    assert index.candidates(Question(text, fields=(("title", 1.0),))).ids.tolist() == [4]


def test_words_are_stemmed_but_names_are_not(index: MovieIndex) -> None:
    assert 5 in index.candidates(Question("child clowns")).ids
    assert index.candidates(Question("reeve", fields=(("people", 1.0),))).ids.tolist() == []
    assert index.candidates(Question("reeves", fields=(("people", 1.0),))).ids.tolist() == [1]


@pytest.mark.parametrize("text", ["amelie", "Amélie", "AMÉLIE", "le fabuleux destin d'amélie poulain"])
def test_a_title_matches_without_accents_and_in_its_original_language(index: MovieIndex, text: str) -> None:
    found = index.candidates(Question(text, name=texts.fold(text)))
    assert _bits(found)[2] == Match.TITLE | Match.TITLE_WORDS


def test_all_words_of_a_query_must_be_in_the_title_in_any_order(index: MovieIndex) -> None:
    found = _bits(index.candidates(Question("list schindlers", name="list schindlers")))
    assert found[4] == Match.TITLE_WORDS
    wrong = _bits(index.candidates(Question("schindlers matrix", name="schindlers matrix")))
    assert set(wrong.values()) == {Match.NONE}


def test_a_title_of_stop_words_matches(index: MovieIndex) -> None:
    found = index.candidates(Question("it", name="it"))
    assert _bits(found) == {5: Match.TITLE | Match.TITLE_WORDS}


def test_a_person_matches_by_the_full_name_only(index: MovieIndex) -> None:
    assert _bits(index.candidates(Question("x", name="keanu reeves"))) == {1: Match.PERSON}
    assert len(index.candidates(Question("x", name="keanu"))) == 0


def test_movies_named_by_the_query_join_with_their_cosine_and_word_score(index: MovieIndex) -> None:
    vector = _vector(8)
    found = index.candidates(Question("steven spielberg", vector=vector, name="steven spielberg", depth=1))
    row = _rows(found)[found.ids.tolist().index(4)]
    assert found.cosine[found.ids == 4][0] == pytest.approx(world.vectors()[row] @ vector, abs=COSINE_TOLERANCE)
    assert found.words[found.ids == 4][0] > 0


def test_at_most_fifty_movies_named_by_the_query_join_most_popular_first(index: MovieIndex) -> None:
    movies = [movie for movie in world.movies() if "Ada Quill" in movie.people]
    expected = sorted(movies, key=lambda movie: (-movie.popularity, movie.id))[:50]
    assert len(movies) > 50
    found = index.candidates(Question("x", name="ada quill"))
    assert found.ids.tolist() == sorted(movie.id for movie in expected)


def test_names_are_not_matched_unless_requested(index: MovieIndex) -> None:
    assert set(index.candidates(Question("the matrix")).match.tolist()) == {0}


def test_an_unknown_field_is_rejected_by_name(index: MovieIndex) -> None:
    with pytest.raises(ValueError, match="actors"):
        index.candidates(Question("robot", fields=(("actors", 1.0),)))


@pytest.mark.parametrize("text", strategies.HOSTILE)
def test_any_text_gets_a_response(index: MovieIndex, text: str) -> None:
    found = index.candidates(Question(text, vector=_vector(2), name=texts.fold(text)[:200], depth=5))
    assert len(found) >= 5


def _ids(mask: NDArray[np.bool_]) -> set[int]:
    return {world.movies()[row].id for row in np.flatnonzero(mask)}
