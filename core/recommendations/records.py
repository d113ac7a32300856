"""The records of recommendations: input of models, results and explanations."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from core.types import Filters, Hit, Movie, MovieId
from core.users import UserId

Ids = NDArray[np.int64]
"""TMDB ids."""
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class History:
    """The diary of a user as input for models: one entry per movie, ordered by id.

    Attributes:
        movies: int64, (n,), TMDB ids, ascending, each once.
        weights: float32, (n,), how strongly the movie counts for (> 0) or against (< 0) similar movies; never 0
            (`engine.recommender.models.interactions` has the table of weights).
        stars: float32, (n,), NaN for movies without a rating.
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

    @property
    def key(self) -> bytes:
        """A digest of the content, as the key of a cache."""
        content = b"".join(values.tobytes() for values in (self.movies, self.weights, self.stars))
        return hashlib.blake2b(content, digest_size=16).digest()


@runtime_checkable
class RankingModel(Protocol):
    """A model that scores movies for a user. Immutable, so thread-safe."""

    @property
    def name(self) -> str:
        """The model's name in tables and manifests: `als`, `ease`, `item-knn`, `popularity`, …"""
        ...

    @property
    def movies(self) -> Ids:
        """int64, (n_movies,), ascending: the movies it can score."""
        ...

    def scores(self, history: History) -> Floats:
        """Return float32, (n_movies,): higher is better; comparable only within one call.

        NaN means "cannot score"; all are NaN if the model represents users by their movies and knows none of them.
        Unknown movies in the history are ignored. Does not change the model.
        """
        ...


@runtime_checkable
class Explainer(Protocol):
    """A scorer whose scores are sums over the user's movies."""

    def terms(self, history: History, movies: Ids) -> Floats:
        """Return float32, (len(movies), len(history)): the contribution of each movie of the history to each score.

        Rows sum to `scores` (within 1e-4 relative), minus terms that do not depend on the user; NaN for movies that the
        model cannot score.
        """
        ...


class Source(StrEnum):
    """The main reason why a movie is in a list; it selects the explanation."""

    TASTE = "taste"
    """The user's movies, through the models."""
    MEANING = "meaning"
    """Similar in meaning to movies that the user liked; the movie has no ratings."""
    GENRES = "genres"
    """The user's favourite genres."""
    TRENDING = "trending"
    """Popular on this site now."""
    POPULAR = "popular"
    """Popular overall."""


class Stage(StrEnum):
    """Stages of the blend schedule, by how much is known about the user."""

    NOBODY = "nobody"
    GENRES = "genres"
    FEW = "few"
    """1 to 4 positive movies, or clear dislikes alone."""
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Because:
    """A movie of the user that counts for (or against) a recommendation."""

    movie: MovieId
    title: str
    share: float
    """Share of the positive sum of all terms, 0 to 1; negative for a movie that counts against."""
    stars: float | None = None
    mark: str = ""
    """The `MarkKind` if the movie was marked and not rated."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What users with similar taste gave to a movie."""

    users: int
    """How many of them rated it."""
    mean: float
    """The mean of their stars."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a movie is recommended, in figures; `sentences` gives the same in plain English, strongest reason first."""

    source: Source
    sentences: tuple[str, ...]
    because: tuple[Because, ...] = ()
    shared: tuple[tuple[str, str], ...] = ()
    """What the movie has in common with the user's liked movies: (`genre` | `person` | `keyword`, value)."""
    nearest: tuple[MovieId, str, float] | None = None
    """The liked movie with the most similar plot: id, title, cosine."""
    predicted: float | None = None
    """Predicted stars, .5 to 5; None if unknown."""
    confidence: float | None = None
    """Calibrated probability that the user would rate it 4 or better."""
    neighbours: Opinion | None = None
    """What the users with the most similar ratings gave; None if too few of them rated the movie."""
    genre_match: float | None = None
    """Cosine of the movie's genres and the user's genre profile, 0 to 1; None if either is unknown."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A recommended movie. Scores are comparable only within one list."""

    movie: Movie
    score: float
    explanation: Explanation
    model: str = ""
    """Version of the model that recommended it; can differ from the list's, since experiments interleave two models."""


@dataclass(frozen=True, slots=True)
class Predictions:
    """Predicted stars of a user, .5 to 5, None if unknown; `model` as in `Recommendations`."""

    stars: Mapping[MovieId, float | None]
    model: str


@dataclass(frozen=True, slots=True)
class Alike:
    """Movies similar to another, most similar first; `model` is empty if no model was used."""

    hits: Sequence[Hit]
    model: str = ""


@dataclass(frozen=True, slots=True)
class RecommendationRequest:
    """A request for a list of recommendations."""

    filters: Filters = field(default_factory=Filters)
    size: int = 20
    familiarity: float | None = None
    """0 discover … 1 familiar; None: the user's own preference."""
    offset: int = 0


@dataclass(frozen=True, slots=True)
class ExploredMovie:
    """A movie of a list that was drawn at random (`engine.recommender.selection.exploration`)."""

    movie: MovieId
    position: int
    """In the list, from 1."""
    rank: int
    """Of the movie's score among those it was drawn from, from 0."""
    pool: int
    """How many movies it was drawn from."""
    propensity: float
    """The probability with which it was drawn."""


@dataclass(frozen=True, slots=True)
class LoggedDraw:
    """An explored movie with the user who got it and the time when it was first listed that day."""

    user: UserId
    explored: ExploredMovie
    at: datetime


@dataclass(frozen=True, slots=True)
class Recommendations:
    """A list of recommendations with its origin."""

    items: tuple[Recommendation, ...]
    stage: Stage
    model: str
    """Version of the model; empty if none was available."""
    movies: int = 0
    """Number of the user's movies that were used."""
    explored: tuple[ExploredMovie, ...] = ()
    """The movies among them that were drawn at random."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of movies on a user's home page."""

    name: str
    key: str
    """Identifies the list in events: `for-you`, `because`, `watchlist`, `new`."""
    items: tuple[Recommendation, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class TasteProfile:
    """A user's taste in figures, for charts. Each pair is a name and a number of movies or a mean of stars."""

    rated: int
    mean: float | None
    histogram: Mapping[float, int]
    genres: Sequence[tuple[str, float, int]]
    """Genre, mean of stars, number of movies; highest mean first."""
    decades: Sequence[tuple[str, int]]
    people: Sequence[tuple[str, float, int]]
