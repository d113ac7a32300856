"""Every figure and every fact in the sentences of explanations equals the computation that it names."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ports import MovieIndex
from core.recommendations.records import Explanation
from core.types import Movie, MovieId
from core.users import Diary, Preferences
from engine.recommender.explanations import explanation
from engine.recommender.explanations.evidence import LEAST_KNOWN, LEAST_NEIGHBOURS, Reasons
from engine.recommender.model import Recommender
from engine.recommender.models import user_neighbours
from engine.recommender.selection.candidates import Candidates
from engine.recommender.user_context import UserContext
from indexer.embedded import EmbeddedStore
from tests.contracts import world
from tests.properties import test_lists, worlds

MOVIES = {
    movie.id: replace(movie, vote_count=0, vote_average=None) if movie.id % 2 else movie for movie in world.movies()
}
"""Every other movie has no votes."""
NEIGHBOURS = re.compile(r"(\d+) users with taste like yours rated it ([\d.]+) on average\.")
EVERYBODY = re.compile(r"(\d+) users of MovieLens rated it ([\d.]+) on average\.")
NO_VOTES = re.compile(r"(It has no votes yet)\.")
PREDICTED = re.compile(r"Our prediction for you: ([\d.]+) stars\.")
POPULAR = re.compile(r"Popular: ([\d.]+) of 10 from ([\d,]+) votes\.")
PEOPLE = re.compile(r"With (.+), as in films that you liked\.")
KEYWORDS = re.compile(r"Like films that you liked, it is about (.+)\.")
GENRES = re.compile(r"It is (.+), like films that you liked\.")
PLOT = re.compile(r"Its plot is similar to that of (.+)\.")
BECAUSE = re.compile(r"Because you rated (.+)\.")
PLAIN = ("It has few ratings yet, so this is based on its content.",)


@lru_cache
def _model() -> Recommender:
    return replace(test_lists._model(), user_neighbours=user_neighbours.fit(test_lists.opinions()))


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> MovieIndex:
    store = EmbeddedStore(tmp_path_factory.mktemp("index"))
    store.begin(world.info("v1"))
    store.fill("v1", (replace(entry, movie=MOVIES[entry.movie.id]) for entry in world.entries()))
    store.finish("v1")
    store.publish("v1")
    return store.open()


@given(
    diary=worlds.diaries(test_lists.RATED),
    movies=st.lists(st.sampled_from(test_lists.RATED[:40]), min_size=1, max_size=6, unique=True),
)
def test_each_sentence_is_true(index: MovieIndex, diary: Diary, movies: list[int]) -> None:
    reading = UserContext(diary, Preferences(), _model())
    reasons = Reasons(index, Candidates(index))
    for item in reasons.recommend(movies, [0.0] * len(movies), reading=reading):
        known = reading.without(item.movie.id)
        for sentence in item.explanation.sentences:
            _check(sentence, item.movie, item.explanation, known)
        _check_genres(item.movie, item.explanation, known)


def test_popularity_is_a_count_of_votes_or_ratings_with_their_mean(index: MovieIndex) -> None:
    """Sentences for a user without history, who gets no other ones."""
    reading = UserContext(Diary(), Preferences(), _model())
    everything = sorted(MOVIES)
    said: set[re.Pattern[str]] = set()
    for item in Reasons(index, Candidates(index)).recommend(everything, [0.0] * len(MOVIES), reading=reading):
        (sentence,) = item.explanation.sentences
        _check(sentence, item.movie, item.explanation, reading)
        said |= {pattern for pattern in CHECKS if pattern.fullmatch(sentence)}
    assert said == {POPULAR, EVERYBODY, NO_VOTES}


Check = Callable[[str, Movie, Explanation, UserContext], None]


def _check(sentence: str, movie: Movie, found: Explanation, reading: UserContext) -> None:
    for pattern, check in CHECKS.items():
        if match := pattern.fullmatch(sentence):
            check(match[1] if match.re.groups == 1 else "|".join(match.groups()), movie, found, reading)
            return
    assert sentence in PLAIN or sentence.startswith("Because ")


def _check_neighbours(said: str, movie: Movie, _found: Explanation, reading: UserContext) -> None:
    users, mean = _neighbours_by_hand(movie.id, reading)
    assert users >= LEAST_NEIGHBOURS
    assert len(reading.history) >= LEAST_KNOWN
    assert said == f"{users}|{mean:.1f}"


def _check_prediction(said: str, movie: Movie, found: Explanation, reading: UserContext) -> None:
    stars = _model().stars(reading.history, np.array([movie.id], np.int64))[0]
    assert float(said) == found.predicted == pytest.approx(stars, abs=0.0501)


def _check_votes(said: str, movie: Movie, _found: Explanation, _reading: UserContext) -> None:
    assert said == f"{movie.vote_average:.1f}|{movie.vote_count:,}"


def _check_everybody(said: str, movie: Movie, _found: Explanation, _reading: UserContext) -> None:
    assert not movie.vote_count
    stars = _stars_of_everybody(movie.id)
    assert len(stars) >= LEAST_NEIGHBOURS
    assert said == f"{len(stars)}|{np.mean(stars):.1f}"


def _check_no_votes(_said: str, movie: Movie, _found: Explanation, _reading: UserContext) -> None:
    assert (movie.vote_count, movie.vote_average) == (0, None)
    assert len(_stars_of_everybody(movie.id)) < LEAST_NEIGHBOURS


def _stars_of_everybody(movie: MovieId) -> list[float]:
    told = test_lists.opinions()
    given = zip(told.movies.tolist(), told.stars.tolist(), strict=True)
    return [stars for other, stars in given if other == movie and not np.isnan(stars)]


def _check_plot(said: str, _movie: Movie, found: Explanation, reading: UserContext) -> None:
    assert said in {own.title for own in _liked(reading.diary)}
    assert found.nearest is not None
    assert found.nearest[1] == said


def _check_ratings(said: str, _movie: Movie, _found: Explanation, reading: UserContext) -> None:
    stars = {f"{MOVIES[m].title} {rating.stars:g}" for m, rating in reading.diary.ratings.items() if m in MOVIES}
    assert set(_listed(said)) <= stars


def _check_shared(values: Callable[[Movie], Sequence[str]]) -> Check:
    def check(said: str, movie: Movie, _found: Explanation, reading: UserContext) -> None:
        for value in _listed(said):
            assert value in values(movie)
            assert any(value in values(own) for own in _liked(reading.diary))

    return check


def _check_genres(movie: Movie, found: Explanation, reading: UserContext) -> None:
    if found.genre_match is None:
        return
    profile: dict[str, float] = {}
    for own, weight in zip(reading.history.movies.tolist(), reading.history.weights.tolist(), strict=True):
        genres = MOVIES[MovieId(own)].genres if MovieId(own) in MOVIES else ()
        for genre in set(genres):
            profile[genre] = profile.get(genre, 0.0) + weight / len(set(genres))
    positive = {genre: weight for genre, weight in profile.items() if weight > 0}
    length = sum(weight**2 for weight in positive.values()) ** 0.5 * len(set(movie.genres)) ** 0.5
    assert found.genre_match == pytest.approx(sum(positive.get(g, 0) for g in set(movie.genres)) / length, abs=1e-3)


def _neighbours_by_hand(movie: int, reading: UserContext) -> tuple[int, float]:
    """Return how many of the nearest users rated the movie, and the mean of their stars, from the raw ratings."""
    told = test_lists.opinions()
    known = set(told.movies.tolist())
    own = {
        m: w
        for m, w in zip(reading.history.movies.tolist(), reading.history.weights.tolist(), strict=True)
        if m in known
    }
    similar: dict[int, float] = {}
    lengths: dict[int, float] = {}
    for user, other, weight in zip(told.users.tolist(), told.movies.tolist(), told.weights.tolist(), strict=True):
        similar[user] = similar.get(user, 0.0) + own.get(other, 0.0) * weight
        lengths[user] = lengths.get(user, 0.0) + weight**2
    cosines = {user: value / lengths[user] ** 0.5 for user, value in similar.items()}
    near = set(sorted(cosines, key=lambda user: -cosines[user])[: user_neighbours.DEFAULT.kept])
    given_stars = [
        stars
        for user, other, stars in zip(told.users.tolist(), told.movies.tolist(), told.stars.tolist(), strict=True)
        if other == movie and user in near and cosines[user] > 0
    ]
    return len(given_stars), float(np.mean(given_stars)) if given_stars else 0.0


def _liked(diary: Diary) -> list[Movie]:
    own = explanation.diary_movies(diary, MOVIES)
    return [one.movie for one in own.values() if explanation._speaks_for(one)]


def _people(movie: Movie) -> tuple[str, ...]:
    return (*movie.directors, *(member.name for member in movie.cast[:4]))


def _listed(text: str) -> list[str]:
    return re.split(", | and ", text)


CHECKS: dict[re.Pattern[str], Check] = {
    NEIGHBOURS: _check_neighbours,
    PREDICTED: _check_prediction,
    POPULAR: _check_votes,
    EVERYBODY: _check_everybody,
    NO_VOTES: _check_no_votes,
    PEOPLE: _check_shared(_people),
    KEYWORDS: _check_shared(lambda movie: movie.keywords),
    GENRES: _check_shared(lambda movie: movie.genres),
    PLOT: _check_plot,
    BECAUSE: _check_ratings,
}
"""The check of each sentence with a figure or a fact."""


def test_a_mark_of_the_user_never_explains_the_movie_itself(index: MovieIndex) -> None:
    """The figures of a rated movie are those of the user without this rating."""
    movie = test_lists.RATED[4]
    ratings = {MovieId(test_lists.RATED[place]): 4.5 for place in range(0, 30, 2)}
    reasons = Reasons(index, Candidates(index))
    model = _model()
    said = []
    for stars in (0.5, 5.0, None):
        own = {**ratings, **({MovieId(movie): stars} if stars else {})}
        if stars is None:
            own.pop(MovieId(movie), None)
        diary = Diary(ratings={m: worlds.Rating(m, s, worlds.NOW) for m, s in own.items()})
        said.append(reasons.recommend([movie], [0.0], reading=UserContext(diary, Preferences(), model))[0].explanation)
    assert said[0] == said[1] == said[2]
    assert said[0].neighbours is not None
