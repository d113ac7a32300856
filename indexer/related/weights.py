"""The weights of what makes two movies alike, chosen by measurement (`python -m benchmarks similar`)."""

from __future__ import annotations

from dataclasses import astuple, dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """The weight of each feature (`features.Features`) in the sum that orders similar movies."""

    meaning: float = 1.0
    makers: float = 0.15
    cast: float = 0.1
    keywords: float = 0.5
    genres: float = 0.15
    era: float = 0.2
    prominence: float = 0.25
    tone: float = 0.05
    taste: float = 0.2
    """Of the cosine of the model's factors."""
    listed: float = 0.05
    """Of the movies rated by the same users, as the nightly job counts them."""

    @property
    def content(self) -> tuple[float, ...]:
        """The weights of the features that need no ratings, in the order of `features.NAMES`."""
        return astuple(self)[:-2]


CHOSEN = Weights()
