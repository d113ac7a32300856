"""The context of a user during a request: the diary, the model, and its scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Floats, History, Stage
from core.types import MovieId
from core.users import Diary, Preferences
from engine.recommender import blend_schedule, id_index
from engine.recommender.blend import Blended
from engine.recommender.model import Recommender
from engine.recommender.models import interactions


@dataclass(frozen=True)
class UserContext:
    """A user's diary with a model. Each value is computed once, when it is first needed."""

    diary: Diary
    preferences: Preferences
    model: Recommender | None
    demo_user: int | None = None
    """MovieLens' number of a demo user, who is no neighbour of their own."""

    @cached_property
    def history(self) -> History:
        """The diary as the input of models."""
        return interactions.history(self.diary)

    @cached_property
    def stage(self) -> Stage:
        """The stage of the user; without a model, that of a user without history."""
        if self.model is None:
            return Stage.GENRES if self.preferences.genres else Stage.NOBODY
        return blend_schedule.stage(self._known_weights, genres=self.preferences.genres)

    @cached_property
    def dislikes_alone(self) -> bool:
        """Whether all that the model knows of this user is what they dislike."""
        return self.model is not None and blend_schedule.dislikes_alone(self._known_weights)

    @property
    def _known_weights(self) -> Floats:
        return self.history.weights[self.places(self.history.movies) >= 0]

    @property
    def personal(self) -> bool:
        """Whether the model knows movies of this user's history."""
        return self.stage in (Stage.FEW, Stage.KNOWN)

    @cached_property
    def seen(self) -> frozenset[MovieId]:
        """Movies that must not be recommended: all of the diary, those of the watchlist by the user's preference."""
        return blend_schedule.spoken_of(self.diary, watchlist=not self.preferences.watchlist_in_lists)

    def without(self, *movies: MovieId) -> UserContext:
        """Return the context as if the user had never rated or marked some movies."""
        return replace(self, diary=self.diary.without(*movies))

    def mentions(self, movie: MovieId) -> bool:
        """Return whether the user rated or marked a movie."""
        return movie in self.diary.ratings or any(movie in own for own in self.diary.marks.values())

    @cached_property
    def blended(self) -> Blended:
        """The model's scores of all its movies."""
        assert self.model is not None  # noqa: S101 - callers check `personal`
        return self.model.blend(self.history)

    def scores(self, ids: Sequence[int]) -> NDArray[np.float64]:
        """Return the blend's score of each movie; movies that the model does not know get the lowest one."""
        if self.model is None:
            return np.zeros(len(ids))
        places = self.places(ids)
        scores = np.where(places >= 0, self.blended.total[places], np.nan).astype(np.float64)
        known = scores[~np.isnan(scores)]
        return np.nan_to_num(scores, nan=float(known.min()) if known.size else 0.0)

    def affinity(self, ids: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the rank of each movie among the model's, -1 (worst) to 1 (best); 0 for unknown movies."""
        places = self.places(ids)
        ranked = np.sort(self.blended.total)
        below = np.searchsorted(ranked, self.blended.total[places])
        return np.where(places >= 0, 2 * below / max(len(ranked) - 1, 1) - 1, 0.0)

    def places(self, ids: Sequence[int] | NDArray[np.int64]) -> NDArray[np.intp]:
        """Return the row of each movie in the model, -1 if unknown."""
        assert self.model is not None  # noqa: S101
        return id_index.find(self.model.movies, np.asarray(ids, np.int64))
