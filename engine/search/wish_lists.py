"""Scoring and ordering of the movies that match a request, and the notice if it was relaxed. Pure."""

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
"""A list with fewer movies than `FEW` is relaxed; one with fewer than `PAGE` is filled up with partial matches."""
DEPTH = 1_000
"""Number of candidates if there is no text to match: as many as can be paged to."""
MERIT = 0.3
"""Weight of quality, popularity and moods relative to nearness, which is roughly 0 to 1."""
SAID_MERIT = 0.6
"""The same weight if the text asks for quality."""
ALIKE = 0.35
"""Weight of being liked by the same people, relative to nearness to the movie to resemble."""
RESEMBLE = 1.2
"""Weight of the vector of the movies to resemble relative to that of the text (`like X but Y`)."""
SAME_GENRES, SAME_MOODS = 0.45, 0.35
"""Weights of sharing the genres and the moods of the movie to resemble: a plot set in the same place or profession
alone does not make movies similar."""
MOOD_COLUMN = "mood:"


@dataclass(frozen=True, slots=True)
class Columns:
    """Sort columns of candidates, by the names used in `Question.order`."""

    candidates: Candidates
    moods: Sequence[str]

    def get(self, name: str) -> Scores:
        """Return the values of a column, float64, (n,), 0 to 1."""
        found = self.candidates
        if name == "rating":
            return bayesian_mean(found.vote_average, found.vote_count) / 10
        if name == "prominence":
            return prominence(found.vote_count, found.popularity)
        mood = name.removeprefix(MOOD_COLUMN)
        return found.moods[:, self.moods.index(mood)].astype(np.float64) if mood in self.moods else np.zeros(len(found))


def merit(candidates: Candidates, plan: Plan, moods: Sequence[str]) -> Scores:
    """Return the weighted mean of the plan's sort columns, float64, (n,), 0 to 1."""
    columns = Columns(candidates, moods)
    total = np.zeros(len(candidates))
    for name, weight in plan.order:
        total += weight * (1 - columns.get(name) if plan.low and name == "rating" else columns.get(name))
    return total / max(sum(weight for _, weight in plan.order), 1e-9)


@dataclass(frozen=True, slots=True)
class Likeness:
    """Properties of the movies to resemble.

    Attributes:
        genres: the genres of each movie.
        moods: float64, (n_moods,), the mean of their mood scores.
        alike: how much people who like them like other movies: 0 to 1, by TMDB id.
    """

    genres: Sequence[frozenset[str]]
    moods: Scores
    alike: Mapping[int, float]

    def score(self, candidates: Candidates) -> Scores:
        """Return the similarity of each candidate apart from its vector, float64, (n,)."""
        genres = np.array([self._shared_genres(frozenset(names)) for names in candidates.genres])
        alike = np.array([self.alike.get(int(movie), 0.0) for movie in candidates.ids])
        return SAME_GENRES * genres + SAME_MOODS * self._shared_moods(candidates) + ALIKE * alike

    def _shared_genres(self, genres: frozenset[str]) -> float:
        """Return the mean Jaccard index of the genres."""
        shares = [len(genres & other) / len(genres | other) if genres | other else 0.0 for other in self.genres]
        return sum(shares) / max(len(shares), 1)

    def _shared_moods(self, candidates: Candidates) -> Scores:
        """Return the cosine of the moods; 0 if either movie has none."""
        moods = candidates.moods.astype(np.float64)
        lengths = np.linalg.norm(moods, axis=1) * np.linalg.norm(self.moods)
        return np.asarray(moods @ self.moods / np.maximum(lengths, 1e-9))


def score(
    candidates: Candidates, plan: Plan, *, near: Scores | None, likeness: Likeness | None, moods: Sequence[str]
) -> Scores:
    """Return the score of each candidate for a request, float64, (n,).

    Args:
        near: nearness to the text or to the movies to resemble; None if there are neither.
        likeness: properties of the movies to resemble; None if there are none.
        moods: names of the columns of `candidates.moods`.
    """
    merits = merit(candidates, plan, moods)
    if near is None:
        return merits
    if likeness is not None:
        near = near + likeness.score(candidates)
    return near + (SAID_MERIT if plan.unrated or plan.understood else MERIT) * merits


def first(order: NDArray[np.intp], ids: NDArray[np.int64], leading: Sequence[int]) -> NDArray[np.intp]:
    """Move the movies `leading` to the front of an order."""
    leads = np.isin(ids[order], np.asarray(leading, dtype=np.int64))
    return np.concatenate([order[leads], order[~leads]])


def relaxed_notice(understood: Understanding, left: Sequence[str], found: int) -> str:
    """Return a notice such as `Only 3 films match everything; the other results ignore “1990s”.`"""
    labels = [piece.label.strip("“”") for piece in understood.pieces if piece.key in left]  # phrases come quoted
    movies = {0: "No film matches", 1: "Only 1 film matches"}.get(found, f"Only {found} films match")
    results = "the other results" if found else "the results"
    return f"{movies} everything; {results} ignore {' and '.join(f'“{label}”' for label in labels)}."
