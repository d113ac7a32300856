"""A wish becomes a list: what filters, what orders, and what is left out where too few movies meet it all. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.ports import Candidates
from core.recommendations.scores import bayesian_mean, prominence
from core.understanding import Understanding
from engine.search.ranking.fusion import Scores
from engine.search.understanding.plan import Plan

FEW, PAGE = 5, 10
"""A list of fewer movies than the first is relaxed; one of fewer than the second is filled up with those that nearly
meet it."""
DEPTH = 1_000
"""Movies of a wish without anything to match: as many as can be paged to."""
MERIT = 0.3
"""What quality, renown and moods weigh beside nearness to what is matched, where that is 0 to 1 or so."""
SAID_MERIT = 0.6
"""The same where the text asks for quality."""
ALIKE = 0.35
"""What it weighs that the same people like a movie, beside nearness to the movie to resemble."""
RESEMBLE = 1.2
"""What the vector of the movies to resemble weighs beside that of the text (`like X but Y`)."""
SAME_GENRES, SAME_MOODS = 0.45, 0.35
"""What it weighs that a movie has the genres, and the moods, of the movie to resemble: a plot of the same place or
profession is no likeness by itself."""
MOOD_COLUMN = "mood:"


@dataclass(frozen=True, slots=True)
class Columns:
    """What orders candidates, by the names of `Question.order`."""

    candidates: Candidates
    moods: Sequence[str]

    def get(self, name: str) -> Scores:
        """float64, (n,), 0 to 1."""
        found = self.candidates
        if name == "rating":
            return bayesian_mean(found.vote_average, found.vote_count) / 10
        if name == "prominence":
            return prominence(found.vote_count, found.popularity)
        mood = name.removeprefix(MOOD_COLUMN)
        return found.moods[:, self.moods.index(mood)].astype(np.float64) if mood in self.moods else np.zeros(len(found))


def merit(candidates: Candidates, plan: Plan, moods: Sequence[str]) -> Scores:
    """The weighted mean of the columns that order the plan's list, float64, (n,), 0 to 1."""
    columns = Columns(candidates, moods)
    total = np.zeros(len(candidates))
    for name, weight in plan.order:
        total += weight * (1 - columns.get(name) if plan.low and name == "rating" else columns.get(name))
    return total / max(sum(weight for _, weight in plan.order), 1e-9)


@dataclass(frozen=True, slots=True)
class Likeness:
    """What is known of the movies to resemble.

    Attributes:
        genres: of each of them.
        moods: float64, (n_moods,), the mean of their scores.
        alike: how much the people who like them like others, 0 to 1, by TMDB id.
    """

    genres: Sequence[frozenset[str]]
    moods: Scores
    alike: Mapping[int, float]

    def score(self, candidates: Candidates) -> Scores:
        """How like each candidate is, besides its vector, float64, (n,)."""
        genres = np.array([self._shared_genres(frozenset(own)) for own in candidates.genres])
        alike = np.array([self.alike.get(int(movie), 0.0) for movie in candidates.ids])
        return SAME_GENRES * genres + SAME_MOODS * self._shared_moods(candidates) + ALIKE * alike

    def _shared_genres(self, own: frozenset[str]) -> float:
        """The mean share of genres in common (Jaccard)."""
        shares = [len(own & other) / len(own | other) if own | other else 0.0 for other in self.genres]
        return sum(shares) / max(len(shares), 1)

    def _shared_moods(self, candidates: Candidates) -> Scores:
        """The cosine of the moods, 0 where either has none."""
        moods = candidates.moods.astype(np.float64)
        lengths = np.linalg.norm(moods, axis=1) * np.linalg.norm(self.moods)
        return np.asarray(moods @ self.moods / np.maximum(lengths, 1e-9))


def score(
    candidates: Candidates, plan: Plan, *, near: Scores | None, likeness: Likeness | None, moods: Sequence[str]
) -> Scores:
    """What orders the candidates of a wish.

    Args:
        near: nearness to what is matched or to be resembled; None where there is nothing to be near to.
        likeness: of the movies to resemble; None where there are none.
        moods: names of the columns of `candidates.moods`.
    """
    own = merit(candidates, plan, moods)
    if near is None:
        return own
    if likeness is not None:
        near = near + likeness.score(candidates)
    return near + (SAID_MERIT if plan.unrated or plan.understood else MERIT) * own


def first(order: NDArray[np.intp], ids: NDArray[np.int64], leading: Sequence[int]) -> NDArray[np.intp]:
    """The order with the movies `leading` before all others."""
    leads = np.isin(ids[order], np.asarray(leading, dtype=np.int64))
    return np.concatenate([order[leads], order[~leads]])


def relaxed_notice(understood: Understanding, left: Sequence[str], found: int) -> str:
    """`Only 3 movies match all of it. Leaving out 1990s shows more.`"""
    labels = [piece.label.strip("“”") for piece in understood.pieces if piece.key in left]  # phrases have theirs
    movies = {0: "No film matches", 1: "Only 1 film matches"}.get(found, f"Only {found} films match")
    return f"{movies} all of it; the list goes on without {' and '.join(f'“{label}”' for label in labels)}."
