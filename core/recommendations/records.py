"""The records of taste: what models read of a user, what they answer, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from core.types import Filters, Hit, Movie, MovieId

Ids = NDArray[np.int64]
"""TMDB ids."""
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class History:
    """What one user said of movies, as models read it: one entry a movie, ordered by id.

    Attributes:
        movies: int64, (n,), TMDB ids, ascending, each once.
        weights: float32, (n,), how strongly the movie speaks for (> 0) or against (< 0) movies like it; never 0
            (`engine.recommender.models.interactions` has the one table of weights).
        stars: float32, (n,), NaN where the movie was not rated.
    """

    movies: Ids
    weights: Floats
    stars: Floats

    def __post_init__(self) -> None:
        if not len(self.movies) == len(self.weights) == len(self.stars):
            raise ValueError("movies, weights and stars: expected equal lengths")
        if np.any(np.diff(self.movies) <= 0):
            raise ValueError("movies: expected ascending ids, each once")

    def __len__(self) -> int:
        return len(self.movies)


@runtime_checkable
class Scorer(Protocol):
    """A model that orders movies for a user. Immutable once made, so safe between threads."""

    @property
    def name(self) -> str:
        """What the model is called in tables and manifests: `als`, `ease`, `item-knn`, `popularity`, …"""
        ...

    @property
    def movies(self) -> Ids:
        """int64, (n_movies,), ascending: the movies that it knows."""
        ...

    def scores(self, history: History) -> Floats:
        """float32, (n_movies,): the higher, the better; comparable within one answer only.

        NaN is "cannot score": all NaN for a model that knows users by their movies when it knows none of these.
        Movies of the history that the model does not know are passed over. Never changes the model.
        """
        ...


@runtime_checkable
class Explainer(Protocol):
    """A scorer whose scores are sums over the user's own movies."""

    def terms(self, history: History, movies: Ids) -> Floats:
        """float32, (len(movies), len(history)): what each movie of the history adds to each score.

        Rows sum to `scores` (within 1e-4 relative), less what a model may say of a movie whoever asks; NaN for movies
        that the model cannot score.
        """
        ...


class Source(StrEnum):
    """What chiefly put a movie into a list; says which words explain it."""

    TASTE = "taste"
    """The user's own movies, through the models."""
    MEANING = "meaning"
    """Near in meaning to movies that the user liked, without ratings to go by."""
    GENRES = "genres"
    """The user's favourite genres."""
    TRENDING = "trending"
    """What this site's users turn to now."""
    POPULAR = "popular"
    """Loved by many."""


class Stage(StrEnum):
    """Rungs of the ladder from knowing nothing of a user to knowing much."""

    NOBODY = "nobody"
    GENRES = "genres"
    FEW = "few"
    """1 to 4 movies."""
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Because:
    """One movie of the user's own that speaks for (or against) a recommendation."""

    movie: MovieId
    title: str
    share: float
    """Part of the positive sum of all terms, 0 to 1; negative for a movie that speaks against."""
    stars: float | None = None
    mark: str = ""
    """The `MarkKind` where the movie was marked and not rated."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a movie is recommended, in figures; `sentences` says the same in plain words, the strongest first."""

    source: Source
    sentences: tuple[str, ...]
    because: tuple[Because, ...] = ()
    shared: tuple[tuple[str, str], ...] = ()
    """What the movie shares with the user's liked movies: (`genre` | `person` | `keyword`, value)."""
    nearest: tuple[MovieId, str, float] | None = None
    """The liked movie whose plot is nearest: id, title, cosine."""
    predicted: float | None = None
    """Stars that the user would give, .5 to 5; None where nothing can be said."""
    confidence: float | None = None
    """Calibrated probability that the user would rate it 4 or better."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One recommended movie. `score` orders one list and compares with nothing else."""

    movie: Movie
    score: float
    explanation: Explanation
    model: str = ""
    """Version of the model that put it there: not always the list's, since experiments let two models fill one list."""


@dataclass(frozen=True, slots=True)
class Predictions:
    """Stars that a user would give, .5 to 5, None where nothing can be said; `model` as in `Recommendations`."""

    stars: Mapping[MovieId, float | None]
    model: str


@dataclass(frozen=True, slots=True)
class Alike:
    """Movies like another, the nearest first; `model` is empty where none was asked."""

    hits: Sequence[Hit]
    model: str = ""


@dataclass(frozen=True, slots=True)
class RecommendationRequest:
    """What a list of recommendations should be like."""

    filters: Filters = field(default_factory=Filters)
    size: int = 20
    familiarity: float | None = None
    """0 discover … 1 familiar; None: the user's own preference."""
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Recommendations:
    """A list with what stands behind it."""

    items: tuple[Recommendation, ...]
    stage: Stage
    model: str
    """Version of the model; empty where none was at hand."""
    movies: int = 0
    """Movies of the user that were counted."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of movies on a user's home page."""

    name: str
    key: str
    """Names the list in events: `for-you`, `because`, `watchlist`, `new`."""
    items: tuple[Recommendation, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class TasteProfile:
    """A user's taste in figures, for pictures. Each pair is a name and a number of movies or a mean of stars."""

    rated: int
    mean: float | None
    histogram: Mapping[float, int]
    genres: Sequence[tuple[str, float, int]]
    """Genre, mean of stars, number of movies; the most loved first."""
    decades: Sequence[tuple[str, int]]
    people: Sequence[tuple[str, float, int]]
