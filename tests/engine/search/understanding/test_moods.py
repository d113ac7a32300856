"""Mood scores of movies."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.ports import Vectors
from core.types import Movie, MovieId
from engine.search.understanding import moods
from engine.search.understanding.tables import Mood

SCARY = Mood(
    name="scary",
    label="Scary",
    audience=False,
    any_genres=frozenset({"horror", "thriller"}),
    not_genres=frozenset({"comedy"}),
    not_keywords=frozenset({"spoof"}),
    genres={"horror": 0.5, "thriller": 0.2, "drama": -0.1},
    keywords=frozenset({"ghost", "curse", "haunted house", "demon", "witch"}),
    prototypes=("A ghost haunts a house.",),
    threshold=0.4,
)


def movie(number: int, genres: str, *keywords: str) -> Movie:
    return Movie(MovieId(number), f"Movie {number}", genres=tuple(genres.split("|")), keywords=keywords)


def flat(count: int) -> Vectors:
    """Return vectors that are all equally near to anything."""
    return np.tile(np.array([1.0, 0.0], np.float32), (count, 1))


def score(*movies: Movie, mood: Mood = SCARY) -> list[float]:
    found = moods.score(movies, flat(len(movies)), [mood], [flat(1)])
    return [round(float(value), 3) for value in found[:, 0]]


def test_genres_and_keywords_add_up() -> None:
    assert score(movie(1, "Horror"), movie(2, "Horror|Thriller", "ghost", "curse")) == [0.5, 0.9]


def test_a_movie_below_the_threshold_does_not_belong() -> None:
    assert score(movie(1, "Thriller", "ghost"), movie(2, "Horror|Drama")) == [0.0, 0.4]


def test_a_movie_without_any_of_the_genres_does_not_belong() -> None:
    assert score(movie(1, "Mystery", "ghost", "curse", "demon", "witch"), mood=replace(SCARY, threshold=0.1)) == [0.0]


@pytest.mark.parametrize("shut_out", [movie(1, "Horror|Comedy"), movie(1, "Horror", "Spoof")])
def test_an_excluded_genre_or_keyword_excludes_a_movie(shut_out: Movie) -> None:
    assert score(shut_out, movie(2, "Horror")) == [0.0, 0.5]


def test_keywords_count_up_to_a_limit() -> None:
    (found,) = score(movie(1, "Thriller", "ghost", "curse", "haunted house", "demon", "witch"))
    assert found == pytest.approx(0.2 + moods.MAX_KEYWORDS * moods.KEYWORD_SCORE)


def test_no_score_is_above_one() -> None:
    assert score(movie(1, "Horror|Thriller", "ghost", "curse", "haunted house", "demon")) == [1.0]


def test_a_mood_without_required_genres_allows_any() -> None:
    assert score(movie(1, "Drama", "ghost"), mood=replace(SCARY, any_genres=frozenset(), threshold=0.0)) == [0.0]
    assert score(movie(1, "Mystery", "ghost"), mood=replace(SCARY, any_genres=frozenset(), threshold=0.1)) == [0.1]


def test_nearness_to_a_prototype_increases_the_score() -> None:
    vectors = np.array([[0.0, 1.0]] * 19 + [[1.0, 0.0]], np.float32)
    movies = [movie(number, "Horror") for number in range(1, 21)]
    found = moods.score(movies, vectors, [SCARY], [np.array([[1.0, 0.0]], np.float32)])[:, 0]
    assert found[:19] == pytest.approx(0.5)
    assert found[19] == pytest.approx(0.5 + moods.NEARNESS_SCORE)


def test_nearness_is_to_the_nearest_prototype_and_bounded() -> None:
    rng = np.random.default_rng(7)
    vectors = rng.normal(size=(200, 8)).astype(np.float32)
    prototypes = rng.normal(size=(3, 8)).astype(np.float32)
    each = np.array([moods.nearness(vectors, prototypes[at : at + 1]) for at in range(3)])
    whole = moods.nearness(vectors, prototypes)
    assert whole == pytest.approx(each.max(axis=0), abs=1e-6)
    assert whole.min() == 0.0
    assert whole.max() <= 1.0


def test_without_prototypes_or_with_one_movie_nothing_is_near() -> None:
    assert moods.nearness(flat(3), np.zeros((0, 2), np.float32)).tolist() == [0.0, 0.0, 0.0]
    assert moods.nearness(flat(1), flat(1)).tolist() == [0.0]


def test_scores_are_returned_only_for_moods_of_the_movie() -> None:
    other = replace(SCARY, name="gloomy")
    assert moods.as_mapping(np.array([0.0, 0.61237]), [SCARY, other]) == {"gloomy": 0.6124}
