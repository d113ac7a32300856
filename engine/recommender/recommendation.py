"""Recommendations: from a user's diary to a diverse, explained list."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

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
from core.sample import demo
from core.types import Movie, MovieId
from core.users import MAX_STARS, MIN_STARS, Diary, Preferences, Rating, User, UserId
from data.database.stores.accounts import AccountStore
from data.database.stores.diaries import DiaryStore
from engine.accounts import diary_reader
from engine.catalogue.movies import Movies
from engine.clock import Clock, now
from engine.experiments.request_variant import IN_LISTS, IN_SEARCHES, RunningExperiments, Serving
from engine.online.exploration_log import ExplorationLog
from engine.published_model import PublishedModel
from engine.recommender import rows
from engine.recommender.explanations import profile
from engine.recommender.explanations.evidence import Reasons
from engine.recommender.groups import GroupLists, GroupRecommendation
from engine.recommender.lists import Lists
from engine.recommender.selection.candidates import Candidates, Trending
from engine.recommender.similarity.similar_movies import Similar
from engine.recommender.user_context import UserContext


@dataclass(frozen=True)
class Recommend:
    """Recommendations for users and guests, with explanations."""

    index: MovieIndex
    movies: Movies
    models: PublishedModel
    diaries: DiaryStore
    accounts: AccountStore
    cold_share: float = 0.0
    experiments: RunningExperiments | None = None
    """The running experiments; None if there are none."""
    trending: Trending = dict
    """Trending movies, which are added to the lists of users without history."""
    exploring: ExplorationLog | None = None
    """Draws some positions of lists; None if nothing is explored."""
    clock: Clock = field(default=now)
    lists: Lists = field(init=False)
    similarity: Similar = field(init=False)

    def __post_init__(self) -> None:
        candidates = Candidates(self.index, self.trending)
        lists = Lists(self.index, candidates, Reasons(self.index, candidates), self.cold_share)
        object.__setattr__(self, "lists", lists)
        object.__setattr__(self, "similarity", Similar(self.index, self.movies))

    def check(self) -> None:
        """Raise `ModelMissing` if the published model cannot be loaded; a site may have none."""
        self.models.check()

    def version(self, user: User | None = None) -> str:
        """Return the version of the model that serves (this user); empty if there is none."""
        model = self.models.current()
        if user and self.experiments:
            model = self.experiments.model(user, model)
        return model.version if model else ""

    def for_user(self, user: User, request: RecommendationRequest, *, explained: bool = True) -> Recommendations:
        """Return a diverse list without movies of the user's diary; stable until something changes.

        Args:
            explained: whether to compute the reasons, which pages fetch on demand.
        """
        serving = self._serve(user, shown=IN_LISTS)
        explore = self.exploring.plan(user) if self.exploring else None
        found = serving.lists.make(serving.reading, request, explore=explore)
        if self.exploring:
            self.exploring.note(user, found.explored)
        return serving.lists.explained(found, serving.reading) if explained else found

    def for_guest(self, ratings: Mapping[MovieId, float], request: RecommendationRequest) -> Recommendations:
        """Return a list for the given ratings; ratings of unknown movies are ignored."""
        reading = self._reading(self._diary(ratings), Preferences())
        return self.lists.explained(self.lists.make(reading, request), reading)

    def for_name(self, user: str, request: RecommendationRequest) -> Recommendations:
        """Return a list for a user by name: `42` (account), `ml:42` (MovieLens), `demo:ada`. Raises `NotFound`."""
        serving = self._serve_by_name(user)
        return serving.lists.explained(serving.lists.make(serving.reading, request), serving.reading)

    def for_group(self, users: Sequence[UserId], request: RecommendationRequest) -> Sequence[GroupRecommendation]:
        """Return a diverse list for several users, without what one of them has seen or dismissed.

        Raises:
            InvalidRequest: there are no users, or more than `MAX_TASTES`.
        """
        model = self.models.current()
        contexts = [UserContext(self.diaries.read(user), Preferences(), model) for user in users]
        return GroupLists(self.lists.candidates).make(contexts, request)

    def home(self, user: User) -> Sequence[Row]:
        """Return the non-empty rows: for you, because you liked …, from your watchlist, new to you."""
        serving = self._serve(user, shown=IN_LISTS)
        return rows.home(serving.lists, serving.reading, similarity=self.similarity)

    def rows(
        self, user: User, request: RecommendationRequest, *, explained: bool = True
    ) -> tuple[Sequence[Row], Recommendations]:
        """Return the non-empty rows of the page "For you", and what they are based on, without movies.

        Rows: for you, because you loved …, hidden gems, from your watchlist, something different; each with up to
        `request.size` movies, none in two of them.

        Args:
            explained: whether to compute the reasons, which the page fetches on demand.
        """
        serving = self._serve(user, shown=IN_LISTS)
        found, own = rows.wall(
            serving.lists,
            serving.reading,
            request,
            similarity=self.similarity,
            explore=self.exploring.plan(user) if self.exploring else None,
            explained=explained,
        )
        if self.exploring:
            self.exploring.note(user, own.explored)
        return found, replace(own, items=(), explored=())

    def explain(self, user: User, movie: MovieId) -> Recommendation:
        """Explain how well a movie suits the user. Raises `NotFound`."""
        return self._explain(self.read(user), movie)

    def explain_by_name(self, user: str, movie: MovieId) -> Recommendation:
        """Explain how well a movie suits a user by name. Raises `NotFound`."""
        return self._explain(self.context_by_name(user), movie)

    def predict(self, user: str, movies: Sequence[MovieId]) -> Predictions:
        """Predict the stars that a user (by name) would give. Raises `NotFound`."""
        reading = self.context_by_name(user)
        if reading.model is None:
            return Predictions(dict.fromkeys(movies), "")
        stars = reading.model.stars(reading.history, np.asarray(movies, np.int64))
        given = zip(movies, stars.tolist(), strict=True)
        predicted = {movie: None if math.isnan(found) else round(found, 2) for movie, found in given}
        return Predictions(predicted, reading.model.version)

    def similar(self, movie: MovieId, *, by: str = "both", size: int = 12) -> Alike:
        """Return similar movies by `meaning`, `taste` or `both`. Raises `NotFound`."""
        return self.similarity.to(movie, model=self.models.current(), by=by, size=size)

    def series(self, movie: MovieId) -> Sequence[Movie]:
        """Return all movies of a movie's series in order of release; empty if it belongs to none."""
        return self.similarity.series(movie)

    def starters(self, user: User, *, size: int = 12) -> Sequence[Movie]:
        """Return diverse, well-known, unrated movies to rate first, those of the favourite genres before others."""
        return rows.starters(self.lists, self.read(user), size=size)

    def deck(self, user: User, *, size: int = 10) -> Sequence[Recommendation]:
        """Return movies to swipe: recommendations mixed with well-known movies that reveal the user's taste."""
        serving = self._serve(user, shown=IN_LISTS)
        return rows.deck(serving.lists, serving.reading, size=size)

    def affinity(self, user: User, ids: NDArray[np.int64]) -> NDArray[np.float64] | None:
        """Return how well each movie suits the user, -1 to 1, by its rank; None without a history."""
        reading = self._serve(user, shown=IN_SEARCHES).reading
        return reading.affinity(ids) if reading.personal else None

    def band(self, user: User, usual: float) -> float:
        """Return the band within which taste reorders this user's searches."""
        if self.experiments is None:
            return usual
        return self.experiments.value(user, Knob.SEARCH_TASTE, usual, published=self.models.current())

    def alike(self, movies: Sequence[MovieId]) -> Mapping[int, float]:
        """Return how similar other movies are to `movies` in taste, by id, 0 to 1; empty without a model."""
        model = self.models.current()
        return self.similarity.by_taste(movies, model=model) if model is not None else {}

    def profile(self, user: User) -> TasteProfile:
        """Return figures of the user's taste."""
        diary = diary_reader.read(self.diaries, user.id)
        return profile.describe(diary.ratings, self.index.movies(list(diary.ratings)))

    def read(self, user: User) -> UserContext:
        """Return the context of a user."""
        return self._serve(user).reading

    def context_by_name(self, user: str) -> UserContext:
        """Return the context of a user by name: `42` or `ml:42`. Raises `NotFound`."""
        return self._serve_by_name(user).reading

    def _serve(self, user: User, *, shown: frozenset[Knob] = frozenset()) -> Serving:
        """Return what serves a user; `shown` are the knobs that affect what the user will see."""
        usual = Serving(self._reading(diary_reader.read(self.diaries, user.id), user.preferences), self.lists)
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
        number = self.models.demo_user_number(user)
        return Serving(replace(self._reading(self._diary(ratings), Preferences()), demo_user=number), self.lists)

    def _explain(self, reading: UserContext, movie: MovieId) -> Recommendation:
        return self.lists.reasons.recommend([movie], [0.0], reading=reading, strict=True)[0]

    def _reading(self, diary: Diary, preferences: Preferences) -> UserContext:
        return UserContext(diary, preferences, self.models.current())

    def _diary(self, ratings: Mapping[MovieId, float]) -> Diary:
        at = self.clock()
        return Diary(ratings={movie: Rating(movie, _half(stars), at) for movie, stars in ratings.items()})


def _half(stars: float) -> float:
    """Round to half stars: two movies of MovieLens may be one here, rated with their mean."""
    return min(max(round(stars * 2) / 2, MIN_STARS), MAX_STARS)
