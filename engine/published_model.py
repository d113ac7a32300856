"""The published model as the use cases see it: followed from version to version, one from an answer's start to its end.

A model may be published while an answer is made. Between `held.begin` and `held.end`, which the web application calls
around each request, whoever asks gets the model that was asked for first: a list, its reasons and the version that the
answer names never come of two models.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.types import MovieId
from engine import request_scope
from engine.recommender.model import TasteModel
from engine.registry.artifacts import Loaded
from engine.registry.hot_reload import HotReload


@dataclass(frozen=True)
class PublishedModel:
    """What serves now."""

    following: HotReload
    serves: Callable[[Mapping[str, Any]], bool] = lambda manifest: True  # noqa: ARG005
    """Whether a model of this manifest may answer here."""

    def current(self) -> TasteModel | None:
        """The published model; None where there is none."""
        loaded = self._loaded()
        return loaded.model if loaded else None

    def demo_user(self, user: str) -> Mapping[MovieId, float] | None:
        """What a public demonstration user (`ml:42`) rated; None for an unknown name."""
        loaded = self._loaded()
        return loaded.members.ratings(user) if loaded else None

    def _loaded(self) -> Loaded | None:
        loaded = request_scope.once(self.following, self.following.loaded)
        return loaded if loaded is not None and self.serves(loaded.manifest) else None
