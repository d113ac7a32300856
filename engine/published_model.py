"""The published model: reloaded when a new version is published, but constant during a request.

A model may be published while a request is served. Between `request_scope.begin` and `request_scope.end`, which the
web application calls around each request, all callers get the model that was read first: a list, its reasons and the
version in the response never come from two models.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import ModelMissing
from core.types import MovieId
from engine import request_scope
from engine.recommender.model import Recommender
from engine.registry.artifacts import Loaded
from engine.registry.hot_reload import HotReload


@dataclass(frozen=True)
class PublishedModel:
    """The model that serves."""

    following: HotReload
    serves: Callable[[Mapping[str, Any]], bool] = lambda manifest: True  # noqa: ARG005
    """Whether a model of this manifest may answer here."""

    def current(self) -> Recommender | None:
        """Return the published model; None if there is none."""
        loaded = self._loaded()
        return loaded.model if loaded else None

    def check(self) -> None:
        """Raise `ModelMissing` if the published model cannot be loaded; a site may have none."""
        problem = self.following.problem()
        if problem:
            raise ModelMissing(problem)

    def demo_user(self, user: str) -> Mapping[MovieId, float] | None:
        """Return the ratings of a demo user (`ml:42`); None if the name is unknown."""
        loaded = self._loaded()
        return loaded.demo_users.ratings(user) if loaded else None

    def demo_user_number(self, user: str) -> int | None:
        """Return MovieLens' number of a demo user; None if the name is unknown."""
        loaded = self._loaded()
        return loaded.demo_users.number(user) if loaded else None

    def _loaded(self) -> Loaded | None:
        loaded = request_scope.once(self.following, self.following.loaded)
        return loaded if loaded is not None and self.serves(loaded.manifest) else None
