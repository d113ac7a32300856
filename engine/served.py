"""The published model as the use cases see it: followed from version to version, loaded when it is first needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.types import MovieId
from engine.models.registry import Following
from engine.taste.model import TasteModel


@dataclass(frozen=True)
class Served:
    """What serves now."""

    following: Following

    def current(self) -> TasteModel | None:
        """The published model; None where there is none."""
        return self.following.current()

    def member(self, user: str) -> Mapping[MovieId, float] | None:
        """What a public demonstration viewer (`ml:42`) rated; None for an unknown name."""
        loaded = self.following.loaded()
        return loaded.members.ratings(user) if loaded else None
