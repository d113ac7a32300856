"""The records of taste: what models read of a viewer, what they answer, and why."""

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
    """What one viewer said of films, as models read it: one entry a film, ordered by id.

    Attributes:
        movies: int64, (n,), TMDB ids, ascending, each once.
        weights: float32, (n,), how strongly the film speaks for (> 0) or against (< 0) films like it; never 0
            (`engine.recommender.models.interactions` has the one table of weights).
        stars: float32, (n,), NaN where the film was not rated.
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
    """A model that orders films for a viewer. Immutable once made, so safe between threads."""

    @property
    def name(self) -> str:
        """What the model is called in tables and manifests: `als`, `ease`, `item-knn`, `popularity`, …"""
        ...

    @property
    def movies(self) -> Ids:
        """int64, (n_movies,), ascending: the films that it knows."""
        ...

    def scores(self, history: History) -> Floats:
        """float32, (n_movies,): the higher, the better; comparable within one answer only.

        NaN is "cannot score": all NaN for a model that knows viewers by their films when it knows none of these.
        Films of the history that the model does not know are passed over. Never changes the model.
        """
        ...


@runtime_checkable
class Explainer(Protocol):
    """A scorer whose scores are sums over the viewer's own films."""

    def terms(self, history: History, movies: Ids) -> Floats:
        """float32, (len(movies), len(history)): what each film of the history adds to each score.

        Rows sum to `scores` (within 1e-4 relative), less what a model may say of a film whoever asks; NaN for films
        that the model cannot score.
        """
        ...


class Source(StrEnum):
    """What chiefly put a film into a list; says which words explain it."""

    TASTE = "taste"
    """The viewer's own films, through the models."""
    MEANING = "meaning"
    """Near in meaning to films that the viewer liked, without ratings to go by."""
    GENRES = "genres"
    """The viewer's favourite genres."""
    TRENDING = "trending"
    """What this site's viewers turn to now."""
    POPULAR = "popular"
    """Loved by many."""


class Stage(StrEnum):
    """Rungs of the ladder from knowing nothing of a viewer to knowing much."""

    NOBODY = "nobody"
    GENRES = "genres"
    FEW = "few"
    """1 to 4 films."""
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Because:
    """One film of the viewer's own that speaks for (or against) a recommendation."""

    movie: MovieId
    title: str
    share: float
    """Part of the positive sum of all terms, 0 to 1; negative for a film that speaks against."""
    stars: float | None = None
    mark: str = ""
    """The `MarkKind` where the film was marked and not rated."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a film is recommended, in figures; `sentences` says the same in plain words, the strongest first."""

    source: Source
    sentences: tuple[str, ...]
    because: tuple[Because, ...] = ()
    shared: tuple[tuple[str, str], ...] = ()
    """What the film shares with the viewer's liked films: (`genre` | `person` | `keyword`, value)."""
    nearest: tuple[MovieId, str, float] | None = None
    """The liked film whose plot is nearest: id, title, cosine."""
    predicted: float | None = None
    """Stars that the viewer would give, .5 to 5; None where nothing can be said."""
    confidence: float | None = None
    """Calibrated probability that the viewer would rate it 4 or better."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One recommended film. `score` orders one list and compares with nothing else."""

    movie: Movie
    score: float
    explanation: Explanation
    model: str = ""
    """Version of the model that put it there: not always the list's, since experiments let two models fill one list."""


@dataclass(frozen=True, slots=True)
class Predictions:
    """Stars that a viewer would give, .5 to 5, None where nothing can be said; `model` as in `Recommendations`."""

    stars: Mapping[MovieId, float | None]
    model: str


@dataclass(frozen=True, slots=True)
class Alike:
    """Films like another, the nearest first; `model` is empty where none was asked."""

    hits: Sequence[Hit]
    model: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a list of recommendations should be like."""

    filters: Filters = field(default_factory=Filters)
    size: int = 20
    familiarity: float | None = None
    """0 discover … 1 familiar; None: the viewer's own preference."""
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Recommendations:
    """A list with what stands behind it."""

    items: tuple[Recommendation, ...]
    stage: Stage
    model: str
    """Version of the model; empty where none was at hand."""
    films: int = 0
    """Films of the viewer that were counted."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of films on a viewer's home page."""

    name: str
    key: str
    """Names the list in events: `for-you`, `because`, `watchlist`, `new`."""
    items: tuple[Recommendation, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class TasteProfile:
    """A viewer's taste in figures, for pictures. Each pair is a name and a number of films or a mean of stars."""

    rated: int
    mean: float | None
    histogram: Mapping[float, int]
    genres: Sequence[tuple[str, float, int]]
    """Genre, mean of stars, number of films; the most loved first."""
    decades: Sequence[tuple[str, int]]
    people: Sequence[tuple[str, float, int]]
