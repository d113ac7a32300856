"""Movies by filters, by id and by name, compared with a straightforward computation over the whole world."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import NotFound
from core.ports import MovieIndex
from core.types import Clause, Facets, Filters, MovieId, Sort, Trait
from tests.contracts import strategies, world

ask_little = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _counts(facets: Facets, name: str) -> dict[str, int]:
    return {value.value: value.count for value in facets[name]}


@ask_little
@given(filters=strategies.filters, sort=st.sampled_from(Sort), size=st.integers(1, 40))
def test_pages_neither_repeat_nor_skip_and_contain_exactly_the_movies_that_meet_the_filters(
    index: MovieIndex, filters: Filters, sort: Sort, size: int
) -> None:
    expected = world.ordered([movie for movie in world.movies() if world.meets(movie, filters)], sort)
    read: list[MovieId] = []
    for offset in range(0, len(expected) + size, size):
        page = index.listing(filters, sort=sort, offset=offset, size=size)
        assert page.total == len(expected)
        read += [movie.id for movie in page.movies]
    assert read == expected


@ask_little
@given(filters=strategies.filters)
def test_facets_count_every_movie_that_meets_the_filters(index: MovieIndex, filters: Filters) -> None:
    movies = [movie for movie in world.movies() if world.meets(movie, filters)]
    facets = index.listing(filters, sort=Sort.POPULARITY, offset=0, size=1).facets
    assert _counts(facets, "genre") == Counter(genre for movie in movies for genre in movie.genres)
    assert _counts(facets, "decade") == Counter(str(movie.year // 10 * 10) for movie in movies if movie.year)
    assert _counts(facets, "mood") == Counter(mood for movie in movies for mood in world.moods(movie))
    assert _counts(facets, "language") == Counter(movie.language for movie in movies if movie.language)


def test_facets_are_ordered_by_frequency(index: MovieIndex) -> None:
    for values in index.listing(Filters(), sort=Sort.POPULARITY, offset=0, size=1).facets.values():
        assert list(values) == sorted(values, key=lambda value: (-value.count, value.value))


@pytest.mark.parametrize("sort", Sort)
def test_unknown_years_come_last_and_ties_are_ordered_by_id(index: MovieIndex, sort: Sort) -> None:
    movies = index.listing(Filters(), sort=sort, offset=0, size=500).movies
    assert [movie.id for movie in movies] == world.ordered(world.movies(), sort)
    if sort is Sort.NEWEST:
        unknown = [movie.year is None for movie in movies]
        assert unknown == sorted(unknown)


def test_a_bound_of_zero_excludes_unknown_runtimes_and_ratings(index: MovieIndex) -> None:
    for filters in (Filters(runtime_min=0), Filters(rating_min=0.0), Filters(year_from=0), Filters(runtime_max=10**12)):
        movies = index.listing(filters, sort=Sort.POPULARITY, offset=0, size=500).movies
        assert 6 not in {movie.id for movie in movies}


def test_every_movie_is_returned_as_written_in_the_requested_order(index: MovieIndex) -> None:
    movies = list(reversed(world.movies()))
    assert index.movies([movie.id for movie in movies]) == movies


def test_unknown_ids_are_omitted(index: MovieIndex) -> None:
    assert [movie.id for movie in index.movies([MovieId(999_999), MovieId(2), MovieId(1)])] == [2, 1]
    assert index.movies([]) == []


def test_vectors_are_returned_in_the_requested_order(index: MovieIndex) -> None:
    ids = [movie.id for movie in world.movies()]
    order = np.random.default_rng(4).permutation(len(ids))
    np.testing.assert_allclose(index.vectors([ids[row] for row in order]), world.vectors()[order], atol=1e-6)
    assert index.vectors([]).shape == (0, world.DIMENSION)


def test_the_vector_of_an_unknown_movie_is_not_found(index: MovieIndex) -> None:
    with pytest.raises(NotFound, match="999999"):
        index.vectors([MovieId(1), MovieId(999_999)])


def test_an_index_has_the_metadata_of_its_build(index: MovieIndex) -> None:
    info = index.info()
    assert replace(info, storage="") == world.info("v1")
    assert info.storage in ("", "vectors flat (searched exactly), 1 shard"), "how Elasticsearch stores the vectors"


@ask_little
@given(clause=strategies.clauses, wanted=st.booleans())
def test_a_clause_works_alone_and_a_negated_one_keeps_unknown_values(
    index: MovieIndex, clause: Clause, wanted: bool
) -> None:
    filters = Filters(clauses=(replace(clause, wanted=wanted),))
    listing = index.listing(filters, sort=Sort.POPULARITY, offset=0, size=500)
    expected = [movie for movie in world.movies() if world.meets(movie, filters)]
    assert [movie.id for movie in listing.movies] == world.ordered(expected, Sort.POPULARITY)
    assert listing.total == len(expected)


def test_an_invalid_range_of_years_is_rejected_with_its_value(index: MovieIndex) -> None:
    with pytest.raises(ValueError, match="1990s"):
        index.listing(Filters(clauses=(Clause(Trait.YEARS, ("1990s",)),)), sort=Sort.POPULARITY, offset=0, size=1)


def test_moods_are_returned_in_the_order_of_the_ids_and_of_the_index(index: MovieIndex) -> None:
    movies = list(reversed(world.movies()))
    found = index.moods([movie.id for movie in movies])
    assert found.dtype == np.float32
    assert found.tolist() == [[world.moods(movie).get(mood, 0.0) for mood in world.MOODS] for movie in movies]
    assert index.moods([]).shape == (0, len(world.MOODS))


def test_the_moods_of_an_unknown_movie_are_not_found(index: MovieIndex) -> None:
    with pytest.raises(NotFound, match="999999"):
        index.moods([MovieId(1), MovieId(999_999)])


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("the matr", "The Matrix"),
        ("matri", "The Matrix"),
        ("AMEL", "Amélie"),
        ("amél", "Amélie"),
        ("le fabuleux", "Amélie"),
        ("fabuleux des", "Amélie"),
        ("schindler's l", "Schindler's List"),
        ("wall e", "WALL·E"),
        ("lis", "Schindler's List"),
        ("keanu r", "Keanu Reeves"),
        ("sevig", "Chloë Sévigné"),
        ("jeunet", "Jean-Pierre Jeunet"),
    ],
)
def test_a_prefix_suggests_the_name_regardless_of_accents(index: MovieIndex, typed: str, expected: str) -> None:
    assert index.suggest(typed, limit=5)[0].text == expected


@pytest.mark.parametrize("typed", ["matrxi", "mtrix", "maatrix", "matrjx"])
def test_one_typo_is_tolerated(index: MovieIndex, typed: str) -> None:
    assert "The Matrix" in {suggestion.text for suggestion in index.suggest(typed, limit=5)}


@pytest.mark.parametrize("typed", ["mxtrjx", "mqt", "", "   ", "?!", "xyzzyxyzzy"])
def test_two_typos_and_typos_in_short_texts_are_not_tolerated(index: MovieIndex, typed: str) -> None:
    assert "The Matrix" not in {suggestion.text for suggestion in index.suggest(typed, limit=5)}


def test_the_most_popular_of_equally_good_suggestions_comes_first(index: MovieIndex) -> None:
    assert [suggestion.text for suggestion in index.suggest("matri", limit=5)][:2] == ["The Matrix", "Matrimony"]
    assert [suggestion.text for suggestion in index.suggest("keanu", limit=5)][:2] == ["Keanu Reeves", "Keanu Rivers"]


def test_each_movie_and_person_is_suggested_once(index: MovieIndex) -> None:
    found = index.suggest("am", limit=50)
    assert len(found) == len(set(found))
    (amelie,) = [suggestion for suggestion in found if suggestion.text == "Amélie"]
    assert (amelie.kind, amelie.id, amelie.year) == ("movie", 2, 2001)


def test_suggestions_respect_the_limit(index: MovieIndex) -> None:
    assert len(index.suggest("d", limit=3)) == 3
    assert index.suggest("d", limit=0) == []


@pytest.mark.parametrize("text", strategies.HOSTILE)
def test_any_text_can_be_completed_and_corrected(index: MovieIndex, text: str) -> None:
    assert len(index.suggest(text, limit=4)) <= 4
    assert set(index.correct([text])) <= {text}


def test_an_unknown_word_is_corrected_to_the_nearest_one(index: MovieIndex) -> None:
    wrong = {"matrx": "matrix", "spielburg": "spielberg", "submarien": "submarine", "astronuat": "astronaut"}
    for typed, meant in wrong.items():
        found = index.correct([typed, "robot"])
        assert {word: correction.word for word, correction in found.items()} == {typed: meant}
        assert 0 < found[typed].confidence <= 1


def test_confidence_is_higher_for_closer_and_better_known_words(index: MovieIndex) -> None:
    near, far, obscure = (index.correct([typed])[typed].confidence for typed in ("schindlrs", "schnidlrs", "matrimonx"))
    assert near > far
    assert near > obscure


def test_a_correction_is_spelled_as_in_titles_and_names(index: MovieIndex) -> None:
    found = {word: index.correct([word])[word].word for word in ("schindlrs", "ameli", "sevine")}
    assert found == {"schindlrs": "schindler's", "ameli": "amélie", "sevine": "sévigné"}


def test_a_text_in_another_language_or_script_is_left_alone(index: MovieIndex) -> None:
    for text in ("der matrx und das leben", "夜のバス停", "матрикс", "matrxü", "vreemde woorden overal astronaud"):
        assert index.correct(text.split()) == {}


def test_a_known_word_is_never_corrected(index: MovieIndex) -> None:
    assert index.correct(["robot", "robots", "the", "will", "sévigné", "Reeves", "hackers", "xyzzyq", "mtx"]) == {}
