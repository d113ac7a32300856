"""Recommend: a diary becomes candidates, these a diverse list, and every movie of it says why it is there."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core import demo
from core.errors import NotFound
from core.experiments import Knob
from core.ports import MovieIndex
from core.recommendations.records import (
    Alike,
    Predictions,
    Recommendation,
    RecommendationRequest,
    Recommendations,
    Row,
    TasteProfile,
)
from core.types import Movie, MovieId
from core.users import MAX_STARS, MIN_STARS, Diary, Preferences, Rating, User, UserId
from data.database.stores.accounts import AccountStore
from data.database.stores.diaries import DiaryStore
from engine.catalogue.movies import Movies
from engine.clock import Clock, now
from engine.experiments.request_variant import IN_LISTS, IN_SEARCHES, RunningExperiments, Serving
from engine.published_model import PublishedModel
from engine.recommender import rows
from engine.recommender.candidates import Candidates, Trending
from engine.recommender.explanations import profile
from engine.recommender.explanations.evidence import Reasons
from engine.recommender.lists import Lists
from engine.recommender.similar_movies import Similar
from engine.recommender.user_context import UserContext


@dataclass(frozen=True)
class Recommend:
    """Lists that fit somebody, and why."""

    index: MovieIndex
    movies: Movies
    models: PublishedModel
    diaries: DiaryStore
    accounts: AccountStore
    cold_share: float = 0.0
    experiments: RunningExperiments | None = None
    """Experiments on users; None: there are none."""
    trending: Trending = dict
    """What joins the lists of whom nothing is known, where this site's users turn to anything."""
    clock: Clock = field(default=now)
    lists: Lists = field(init=False)

    def __post_init__(self) -> None:
        candidates = Candidates(self.index, self.trending)
        lists = Lists(self.index, candidates, Reasons(self.index, candidates), self.cold_share)
        object.__setattr__(self, "lists", lists)

    def version(self, user: User | None = None) -> str:
        """Version of the model that serves (this user) now; empty where there is none."""
        model = self.models.current()
        if user and self.experiments:
            model = self.experiments.model(user, model)
        return model.version if model else ""

    def for_user(self, user: User, request: RecommendationRequest) -> Recommendations:
        """Diverse, free of what the user spoke of; the same until something changes."""
        serving = self._serve(user, shown=IN_LISTS)
        return serving.lists.make(serving.reading, request)

    def for_guest(self, ratings: Mapping[MovieId, float], request: RecommendationRequest) -> Recommendations:
        """For ratings that are sent along; ratings of unknown movies are passed over."""
        return self.lists.make(self._reading(self._diary(ratings), Preferences()), request)

    def for_name(self, user: str, request: RecommendationRequest) -> Recommendations:
        """For a user by a model's name: `42` (an account), `ml:42` (MovieLens), `demo:ada`. Raises `NotFound`."""
        serving = self._serve_by_name(user)
        return serving.lists.make(serving.reading, request)

    def home(self, user: User) -> Sequence[Row]:
        """For you, because you liked …, from your watchlist, new to you; empty rows are left out."""
        serving = self._serve(user, shown=IN_LISTS)
        return rows.home(serving.lists, serving.reading)

    def explain(self, user: User, movie: MovieId) -> Recommendation:
        """Why this movie would (or would not) suit the user, and the model that says so. Raises `NotFound`."""
        return self._explain(self.read(user), movie)

    def explain_by_name(self, user: str, movie: MovieId) -> Recommendation:
        """The same for a user by a model's name. Raises `NotFound`."""
        return self._explain(self.context_by_name(user), movie)

    def predict(self, user: str, movies: Sequence[MovieId]) -> Predictions:
        """Stars that a user (by a model's name) would give. Raises `NotFound`."""
        reading = self.context_by_name(user)
        if reading.model is None:
            return Predictions(dict.fromkeys(movies), "")
        stars = reading.model.stars(reading.history, np.asarray(movies, np.int64))
        given = zip(movies, stars.tolist(), strict=True)
        said = {movie: None if math.isnan(found) else round(found, 2) for movie, found in given}
        return Predictions(said, reading.model.version)

    def similar(self, movie: MovieId, *, by: str = "both", size: int = 12) -> Alike:
        """Movies like one by `meaning`, `taste` or `both`. Raises `NotFound`."""
        return Similar(self.index, self.movies).to(movie, model=self.models.current(), by=by, size=size)

    def starters(self, user: User, *, size: int = 12) -> Sequence[Movie]:
        """Diverse, well-known movies to rate first, of the favourite genres before others; none spoken of yet."""
        return rows.starters(self.lists, self.read(user), size=size)

    def deck(self, user: User, *, size: int = 10) -> Sequence[Recommendation]:
        """Movies to swipe: recommendations mixed with well-known movies that teach most about the user."""
        serving = self._serve(user, shown=IN_LISTS)
        return rows.deck(serving.lists, serving.reading, size=size)

    def affinity(self, user: User, ids: NDArray[np.int64]) -> NDArray[np.float64] | None:
        """How well each movie suits the user, -1 to 1: its place among all movies; None for strangers."""
        reading = self._serve(user, shown=IN_SEARCHES).reading
        return reading.affinity(ids) if reading.personal else None

    def band(self, user: User, usual: float) -> float:
        """The band in which taste moves this user's searches."""
        if self.experiments is None:
            return usual
        return self.experiments.value(user, Knob.SEARCH_TASTE, usual, published=self.models.current())

    def alike(self, movies: Sequence[MovieId]) -> Mapping[int, float]:
        """How much the people who like `movies` like others: the likest movies by id, 0 to 1; empty without a model."""
        found = Similar(self.index, self.movies)
        model = self.models.current()
        return found.by_taste(movies, model=model) if model is not None else {}

    def profile(self, user: User) -> TasteProfile:
        """The user's taste in figures."""
        diary = self.diaries.read(user.id)
        return profile.describe(diary.ratings, self.index.movies(list(diary.ratings)))

    def read(self, user: User) -> UserContext:
        """What is known of a user now."""
        return self._serve(user).reading

    def context_by_name(self, user: str) -> UserContext:
        """What is known of a user by a model's name: `42` or `ml:42`. Raises `NotFound`."""
        return self._serve_by_name(user).reading

    def _serve(self, user: User, *, shown: frozenset[Knob] = frozenset()) -> Serving:
        """What answers a user; `shown` is what they are about to see the outcome of."""
        usual = Serving(self._reading(self.diaries.read(user.id), user.preferences), self.lists)
        return self.experiments.serve(user, usual, shown=shown) if self.experiments else usual

    def _serve_by_name(self, user: str) -> Serving:
        if user.isdecimal():
            account = self.accounts.user(UserId(int(user)))
            if account is not None:
                return self._serve(account)
        if user.startswith(demo.PREFIX):
            found = self.accounts.find(user)
            # `demo-ada`, which is compared alike, may be somebody's account.
            if found is not None and found[0].name == user:
                return self._serve(found[0])
        ratings = self.models.demo_user(user)
        if ratings is None:
            raise NotFound(f"there is no user {user!r}")
        return Serving(self._reading(self._diary(ratings), Preferences()), self.lists)

    def _explain(self, reading: UserContext, movie: MovieId) -> Recommendation:
        return self.lists.reasons.recommend([movie], [0.0], reading=reading, strict=True)[0]

    def _reading(self, diary: Diary, preferences: Preferences) -> UserContext:
        return UserContext(diary, preferences, self.models.current())

    def _diary(self, ratings: Mapping[MovieId, float]) -> Diary:
        at = self.clock()
        return Diary(ratings={movie: Rating(movie, _half(stars), at) for movie, stars in ratings.items()})


def _half(stars: float) -> float:
    """The nearest half star: two movies of MovieLens may be one here, rated with the mean of both."""
    return min(max(round(stars * 2) / 2, MIN_STARS), MAX_STARS)
