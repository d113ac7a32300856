"""Gathers the evidence for explanations of several movies: the model's terms, the user's movies, similarity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.errors import NotFound
from core.ports import MovieIndex
from core.recommendations.records import Explanation, Opinion, Recommendation, Source, Stage
from core.types import Movie, MovieId
from engine.recommender.explanations import explanation, genre_match
from engine.recommender.explanations.explanation import DiaryMovie, Evidence, Liked
from engine.recommender.selection.candidates import Candidates
from engine.recommender.user_context import UserContext

MAX_OWN = 120
"""The user's movies that an explanation considers, by weight: bounds the work for long diaries."""

LEAST_KNOWN = 5
"""Movies of the user that the model must know before neighbours are called users with similar taste."""
LEAST_NEIGHBOURS = 5
"""Neighbours whose mean is shown: fewer would say little, and might reveal what a person rated."""
NOBODY = Liked(())
"""The evidence of a user without history."""


@dataclass(frozen=True)
class Reasons:
    """Turns selected movies into explained recommendations."""

    index: MovieIndex
    candidates: Candidates

    def recommend(
        self, ids: Sequence[int], scores: Sequence[float], *, reading: UserContext, strict: bool = False
    ) -> tuple[Recommendation, ...]:
        """Return recommendations in the order of `ids`; with `strict`, an unknown movie raises `NotFound`.

        Movies that the user rated or marked are explained as if they had not: none is a reason for itself.
        """
        found = self.unexplained(ids, scores, reading=reading)
        if strict and len(found) < len(ids):
            raise NotFound(f"no film has the TMDB id {ids[0]} in this catalogue")
        return self.explain(found, reading=reading)

    def explain(self, items: Sequence[Recommendation], *, reading: UserContext) -> tuple[Recommendation, ...]:
        """Return recommendations with their sentences and figures, computed at once for all of them."""
        evidence = self._by_others([item.movie for item in items], reading)
        return tuple(
            replace(item, explanation=explanation.explain(one)) for item, one in zip(items, evidence, strict=True)
        )

    def unexplained(
        self, ids: Sequence[int], scores: Sequence[float], *, reading: UserContext
    ) -> tuple[Recommendation, ...]:
        """Return recommendations without sentences and figures, for pages that fetch those on demand."""
        model = reading.model.version if reading.model else ""
        nothing = Explanation(Source.TASTE if reading.personal else Source.POPULAR, ())
        found = {movie.id: movie for movie in self.index.movies([MovieId(movie) for movie in ids])}
        return tuple(
            Recommendation(found[MovieId(i)], round(score, 6), nothing, model)
            for i, score in zip(ids, scores, strict=True)
            if MovieId(i) in found
        )

    def _by_others(self, movies: Sequence[Movie], reading: UserContext) -> list[Evidence]:
        own = [movie for movie in movies if reading.mentions(movie.id)]
        others = [movie for movie in movies if not reading.mentions(movie.id)]
        found = {one.movie.id: one for one in self._gather(others, reading)}
        found.update({one.movie.id: one for one in self._of_own(own, reading)})
        return [found[movie.id] for movie in movies]

    def _of_own(self, movies: Sequence[Movie], reading: UserContext) -> list[Evidence]:
        """Explain the user's own movies: by the rest of the diary or, if that is too little, each by all others."""
        rest = reading.without(*(movie.id for movie in movies))
        if rest.personal or len(movies) < 2:  # noqa: PLR2004 - one context for all of them is far cheaper
            return self._gather(movies, rest)
        return [self._gather([movie], reading.without(movie.id))[0] for movie in movies]

    def _gather(self, movies: Sequence[Movie], reading: UserContext) -> list[Evidence]:
        if not movies or not reading.personal or reading.model is None:
            source = Source.GENRES if reading.stage is Stage.GENRES else Source.POPULAR
            trending = self.candidates.trending()
            given = _everybody(movies, reading)
            return [
                self._plain(movie, source, reading, trending.get(movie.id, ""), everybody)
                for movie, everybody in zip(movies, given, strict=True)
            ]
        ids = np.array([movie.id for movie in movies], np.int64)
        kept = np.sort(np.argsort(-np.abs(reading.history.weights), kind="stable")[:MAX_OWN])
        own = self._own(reading, reading.history.movies[kept])
        rows = np.array([i for i in kept if int(reading.history.movies[i]) in own], np.intp)
        terms = np.nan_to_num(reading.model.terms(reading.history, ids, blended=reading.blended)[:, rows])
        cosines = self._cosines(ids, reading.history.movies[rows])
        stars = reading.model.stars(reading.history, ids)
        confidence = reading.model.confidence(reading.history, ids, blended=reading.blended, stars=stars)
        places = reading.places(ids)
        sources = self._sources(places, reading)
        common = np.where(places >= 0, reading.blended.common[places], 0.0)
        liked = Liked([own[int(movie)] for movie in reading.history.movies[rows]])
        profile = genre_match.profile([one.movie for one in liked.own], reading.history.weights[rows].tolist())
        opinions, given = self._opinions(ids, reading), _everybody(movies, reading)
        return [
            Evidence(
                movie=movie,
                source=sources[i],
                liked=liked,
                terms=terms[i],
                cosines=cosines[i],
                genres=reading.preferences.genres,
                predicted=_known(stars[i], digits=1),
                confidence=_known(confidence[i], digits=3),
                common=float(common[i]),
                neighbours=opinions[i],
                everybody=given[i],
                genre_match=genre_match.match(profile, movie.genres),
            )
            for i, movie in enumerate(movies)
        ]

    def _opinions(self, ids: NDArray[np.int64], reading: UserContext) -> list[Opinion | None]:
        """Return what enough neighbours gave to each movie; None for users of whom too little is known."""
        assert reading.model is not None  # noqa: S101 - callers check `personal`
        if (reading.places(reading.history.movies) >= 0).sum() < LEAST_KNOWN:
            return [None] * len(ids)
        found = reading.model.user_neighbours.opinions(reading.history, ids, without=reading.demo_user)
        return _enough(found)

    def _own(self, reading: UserContext, ids: NDArray[np.int64]) -> dict[int, DiaryMovie]:
        movies = {movie.id: movie for movie in self.index.movies([MovieId(int(movie)) for movie in ids])}
        return {int(movie): own for movie, own in explanation.diary_movies(reading.diary, movies).items()}

    def _cosines(self, ids: NDArray[np.int64], own: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return float32, (len(ids), len(own)): similarity of descriptions; 0 for movies that the index lacks."""
        found = np.zeros((len(ids), len(own)), np.float32)
        rows, columns = self.candidates.about(ids.tolist()), self.candidates.about(own.tolist())
        if rows.movies and columns.movies:
            found[np.ix_(np.isin(ids, rows.movies), np.isin(own, columns.movies))] = rows.vectors @ columns.vectors.T
        return found

    def _sources(self, places: NDArray[np.intp], reading: UserContext) -> list[Source]:
        """Return the main source of each movie: popularity if it outweighs the personal terms."""
        assert reading.model is not None  # noqa: S101 - callers check `personal`
        common, total = reading.blended.common[places], reading.blended.total[places]
        popular = common > total - common
        rated = reading.model.rated[places]
        return [
            Source.MEANING if place < 0 or not learned else Source.POPULAR if known else Source.TASTE
            for place, known, learned in zip(places.tolist(), popular.tolist(), rated.tolist(), strict=True)
        ]

    def _plain(
        self, movie: Movie, source: Source, reading: UserContext, trending: str, everybody: Opinion | None
    ) -> Evidence:
        """Return evidence for a user without history; `trending` is the sentence of a trending movie."""
        genres = reading.preferences.genres
        if trending:
            source = Source.TRENDING
        elif source is Source.GENRES and not set(movie.genres) & set(genres):
            source = Source.POPULAR
        nothing = np.zeros(0, np.float32)
        return Evidence(movie, source, NOBODY, nothing, nothing, genres=genres, trending=trending, everybody=everybody)


def _everybody(movies: Sequence[Movie], reading: UserContext) -> list[Opinion | None]:
    """Return what enough of MovieLens' users of the model gave to each movie without votes."""
    if reading.model is None:
        return [None] * len(movies)
    ids = np.array([movie.id for movie in movies], np.int64)
    # Those with votes are looked up as the movie 0, which nobody rated.
    wanted = np.where([explanation.has_votes(movie) for movie in movies], 0, ids)
    return _enough(reading.model.user_neighbours.everybody(wanted))


def _enough(opinions: Sequence[Opinion | None]) -> list[Opinion | None]:
    return [one if one is not None and one.users >= LEAST_NEIGHBOURS else None for one in opinions]


def _known(value: float, *, digits: int) -> float | None:
    return None if np.isnan(value) else round(float(value), digits)
