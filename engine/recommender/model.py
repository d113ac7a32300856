"""The served model: all components as one frozen value of plain arrays."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np
from cachetools import LRUCache, cachedmethod
from numpy.typing import NDArray

from core.errors import DataError, ModelMissing
from core.recommendations.records import Explainer, Floats, History, Ids, RankingModel
from core.types import MovieId
from engine.recommender import blend, id_index, mapped_arrays
from engine.recommender.blend import Blended, BlendSchedule, BlendStep
from engine.recommender.calibration import Calibration
from engine.recommender.models import sparse_rows, user_features
from engine.recommender.models.als import Als
from engine.recommender.models.biases import Baseline
from engine.recommender.models.content import Content
from engine.recommender.models.ease import Ease
from engine.recommender.models.sparse_rows import SparseRows
from engine.recommender.models.user_features import Scale
from engine.recommender.models.user_neighbours import NOBODY, UserNeighbours
from engine.recommender.neural import ncf
from engine.recommender.neural.ncf import Ncf
from engine.recommender.ratings import fold_in
from engine.recommender.ratings.fold_in import FactorPredictor

FORMAT, OLDEST, DENSE = 3, 1, 2
"""Versions of the file format: the one written and the oldest one read; others are not loaded. Version 1 had neither
NCF nor user features; up to `DENSE`, the weights of EASE were a dense matrix."""
ARRAYS, EASE, SETTINGS = "model.npz", "ease.npy", "model.json"
FILES = (ARRAYS, EASE, SETTINGS)
NEIGHBOUR_SCORES = "neighbour_scores"
RANKED_BY = ("factors", "vectors", "popularity", "biases", NEIGHBOUR_SCORES)
"""Arrays that decide about the order of movies."""
BLENDED_BYTES = 16 * 2**20
"""Size of the cache of users' scores: a user opens several pages between two ratings. Enough for 120 users of a
catalogue of 5,000 movies."""
LARGEST = 6e4
"""Absolute value above which a number is a fault: scores are of the order of 1, and float16 holds it."""
_RATING, _FEATURES, _NCF, _USERS = "rating_", "features_", "ncf_", "viewers_"


class _Personal(RankingModel, Explainer, Protocol):
    """A component that can explain a score by the user's movies."""


def _size(blended: Blended) -> int:
    """Return the bytes of its arrays."""
    return sum(array.nbytes for array in (blended.total, blended.common, *blended.parts.values()))


@dataclass(frozen=True)
class Recommender:
    """The served model. Immutable apart from a cache, so thread-safe.

    Attributes:
        version: the name of the version; names are in chronological order.
        als: factors of all movies of the catalogue: learned, or mapped from features.
        ease: of the movies learned from ratings.
        popularity: float32, (n,), 0 to 1.
        rating: predicts stars of the movies learned from ratings; None if there are none.
        neighbour_places: int32, (n, ≤ 20), rows in `movies`, nearest first.
        neighbour_scores: float32, like `neighbour_places`, at most 1.
        features: the map from features to factors, as plain arrays (`engine.training.fit.cold_start.factors_of`); empty
            without ratings.
        ncf: of the movies learned from ratings; None if it was not trained.
        users: the scale of user features.
        user_neighbours: the public users that explanations quote; set when a version is loaded, from its demo users.
    """

    version: str
    als: Als
    ease: Ease
    content: Content
    popularity: Floats
    schedule: BlendSchedule
    baseline: Baseline
    rating: FactorPredictor | None
    calibration: Calibration
    neighbour_places: NDArray[np.int32]
    neighbour_scores: Floats
    features: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    ncf: Ncf | None = None
    users: Scale = field(default_factory=Scale)
    user_neighbours: UserNeighbours = NOBODY
    _blended: LRUCache[bytes, Blended] = field(
        default_factory=lambda: LRUCache(BLENDED_BYTES, _size), init=False, repr=False, compare=False
    )
    _lock: Lock = field(default_factory=Lock, init=False, repr=False, compare=False)

    @property
    def movies(self) -> Ids:
        """int64, (n,), ascending: all movies of the catalogue."""
        return self.als.movies

    @property
    def rated(self) -> NDArray[np.bool_]:
        """bool, (n,): movies that were learned from ratings."""
        return self.als.learned

    @property
    def factors(self) -> Floats:
        """float32, (n, dim): the factors that the search engine stores."""
        return self.als.factors

    def user_vector(self, history: History) -> Floats:
        """Return float32, (dim,): the folded-in user, whose inner product with `factors` ranks movies."""
        return self.als.user_vector(history)

    @cachedmethod(lambda self: self._blended, key=lambda _, history: history.key, lock=lambda self: self._lock)
    def blend(self, history: History) -> Blended:
        """Return the score of each movie and each model's contribution; kept for the users asked for last."""
        parts = self._personal(history)
        weights = self.schedule.weights(history)
        factors = {name: factor for name, (_, factor) in parts.items()}
        scored = {name: np.nan_to_num(factor * scores) for name, (scores, factor) in parts.items()}
        scale = weights.get("popularity", 0.0) * self._popularity_scale
        popular = np.asarray(scale * self.popularity, np.float32)
        common = popular + np.float32(factors["ncf"]) * self._resting if "ncf" in factors else popular
        return blend.combine({**scored, "popularity": popular}, common=common, factors=factors)

    def terms(self, history: History, movies: Ids, *, blended: Blended | None = None) -> Floats:
        """Return float32, (len(movies), len(history)): what each of the user's own movies adds to `total`.

        Rows sum to `Blended.personal`; NaN for unknown movies. Pass `blended`, the result of `blend` for this history,
        to avoid computing it again.
        """
        known = id_index.find(self.movies, movies) >= 0
        result = np.zeros((len(movies), len(history)), np.float32)
        scorers = self._scorers
        for name, factor in (blended or self.blend(history)).factors.items():
            if factor:
                result += factor * np.nan_to_num(scorers[name].terms(history, movies))
        result[~known] = np.nan
        return result

    def stars(self, history: History, movies: Ids) -> Floats:
        """Return float32, (len(movies),): predicted stars, .5 to 5; NaN for unknown movies."""
        usual = self.baseline.stars(history, movies)
        if self.rating is None:
            return usual
        predicted = self.rating.predict(history, movies)
        return np.where(np.isnan(predicted), usual, predicted).astype(np.float32)

    def confidence(
        self, history: History, movies: Ids, *, blended: Blended | None = None, stars: Floats | None = None
    ) -> Floats:
        """Return float32, (len(movies),): calibrated probability of 4 stars or better; NaN for unknown movies.

        Pass `blended` and `stars`, the results of these methods, to avoid computing them again.
        """
        rows = id_index.find(self.movies, movies)
        place = self.standardized_scores((blended or self.blend(history)).total)[rows]
        predicted = self.stars(history, movies) if stars is None else stars
        return self.calibration.probability(predicted, place, self.user_figures(history))

    def user_figures(self, history: History) -> NDArray[np.float64]:
        """Return float64, (5,): the standardized features of the history; never NaN."""
        return self.users.apply(user_features.figures(history, self.movies, self.popularity))

    def standardized_scores(self, total: Floats) -> Floats:
        """Return float32, (n,): scores standardized over the movies learned from ratings."""
        known = total[self.rated] if self.rated.any() else total
        return np.asarray((total - known.mean()) / max(float(known.std()), 1e-9), np.float32)

    def neighbours(self, movie: MovieId) -> tuple[Ids, Floats]:
        """Return up to 20 similar movies, nearest first, and their scores (at most 1); empty for an unknown movie."""
        place = int(id_index.find(self.movies, np.array([movie], np.int64))[0])
        if place < 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        return self.movies[self.neighbour_places[place]], self.neighbour_scores[place]

    def _personal(self, history: History) -> dict[str, tuple[Floats, float]]:
        """Return each personal model's scores of all movies, and the factor to multiply them by."""
        weights = self.schedule.weights(history)
        found: dict[str, tuple[Floats, float]] = {}
        for name, scorer in self._scorers.items():
            weight = weights.get(name, 0.0)
            scores = scorer.scores(history) if weight and len(history) else np.zeros(len(scorer.movies), np.float32)
            factor = weight * blend.scale(scores, self._learned_of(scorer.movies))
            if isinstance(scorer, Ncf) and factor and len(scores):
                scores = scores - scorer.resting.mean()
            found[name] = (self._spread_out(scorer.movies, scores), factor)
        return found

    @property
    def _scorers(self) -> Mapping[str, _Personal]:
        """The models whose scores are sums over the user's own movies."""
        always: dict[str, _Personal] = {"als": self.als, "content": self.content, "ease": self.ease}
        return always if self.ncf is None else {**always, "ncf": self.ncf}

    @cached_property
    def _resting(self) -> Floats:
        """float32, (n,): NCF's score of each movie without history, minus the mean; 0 for unknown movies."""
        if self.ncf is None or not len(self.ncf.movies):
            return np.zeros(len(self.movies), np.float32)
        resting = self.ncf.resting
        return np.nan_to_num(self._spread_out(self.ncf.movies, resting - resting.mean()))

    @cached_property
    def _popularity_scale(self) -> float:
        return blend.scale(self.popularity, self.rated)

    def _learned_of(self, movies: Ids) -> NDArray[np.bool_]:
        """Return which of a component's movies were learned from ratings."""
        return self.rated if len(movies) == len(self.movies) else np.ones(len(movies), np.bool_)

    def _spread_out(self, movies: Ids, scores: Floats) -> Floats:
        """Expand scores of some movies to all movies, with NaN elsewhere."""
        if len(movies) == len(self.movies):
            return scores
        result = np.full(len(self.movies), np.nan, np.float32)
        result[id_index.find(self.movies, movies)] = scores
        return result


def save(model: Recommender, folder: Path) -> None:
    """Write a model as plain arrays and JSON into an existing folder."""
    arrays: dict[str, NDArray[Any]] = {
        "movies": model.movies,
        "factors": model.factors,
        "learned": model.rated,
        "vectors": model.content.vectors,
        "popularity": model.popularity,
        "biases": model.baseline.biases,
        "ease_movies": model.ease.movies,
        "ease_starts": model.ease.rows.starts,
        "neighbour_places": model.neighbour_places,
        "neighbour_scores": model.neighbour_scores,
    }
    if model.rating is not None:
        arrays |= {_RATING + name: values for name, values in model.rating.arrays().items()}
    arrays |= {_FEATURES + name: values for name, values in model.features.items()}
    arrays |= {_USERS + name: values for name, values in model.users.arrays().items()}
    arrays |= {_NCF + name: values for name, values in (model.ncf.arrays() if model.ncf else {}).items()}
    mapped_arrays.save(folder / ARRAYS, arrays)
    np.save(folder / EASE, model.ease.rows.entries)
    described = {
        "format": FORMAT,
        "version": model.version,
        "als": {"alpha": model.als.alpha, "regularization": model.als.regularization},
        "ease": {"against": model.ease.against},
        "mean_stars": model.baseline.mean,
        "ladder": [{"films": step.movies, "weights": dict(step.weights)} for step in model.schedule.steps],
        "calibration": asdict(model.calibration),
    }
    (folder / SETTINGS).write_text(json.dumps(described, indent=2) + "\n", encoding="utf-8")


def load(folder: Path) -> Recommender:
    """Read a model that `save` wrote; its arrays are memory-mapped, so that the workers of a server share them.

    Raises:
        ModelMissing: a file is missing, damaged, or of another format.
    """
    try:
        settings = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
        if not OLDEST <= settings["format"] <= FORMAT:
            raise ModelMissing(
                f"{folder}: the model has format {settings['format']}, expected {OLDEST} to {FORMAT}; train again"
            )
        arrays = mapped_arrays.load(folder / ARRAYS)
        # A plain view of the mapped file: small slices of `numpy.memmap` are slow.
        stored_rows = np.asarray(np.load(folder / EASE, mmap_mode="r", allow_pickle=False))
        dense = settings["format"] <= DENSE
        rows = sparse_rows.of_dense(stored_rows) if dense else SparseRows(arrays["ease_starts"], stored_rows)
        rows.check()
        _check_numbers({**{name: arrays[name] for name in RANKED_BY}, EASE: rows.values})
        return _assemble(settings, arrays, rows)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, DataError) as error:
        raise ModelMissing(f"{folder}: the model cannot be read ({error}); train again") from error


def _check_numbers(arrays: Mapping[str, NDArray[Any]]) -> None:
    """Reject numbers that cannot be ranked: one of them would put its movie first in every list, or shuffle all."""
    for name, values in arrays.items():
        # Very low scores fill the columns of a small catalogue, whose movies have fewer neighbours.
        lowest = -np.inf if name == NEIGHBOUR_SCORES else -LARGEST
        if not ((values >= lowest) & (values < LARGEST)).all():  # false for NaN
            raise DataError(f"{name} contains numbers that are not finite or too large")


def _assemble(settings: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], rows: SparseRows) -> Recommender:
    movies = arrays["movies"]
    rating, features, network = (_of(arrays, prefix) for prefix in (_RATING, _FEATURES, _NCF))
    return Recommender(
        version=settings["version"],
        als=Als(movies, arrays["factors"], arrays["learned"], **settings["als"]),
        ease=Ease(arrays["ease_movies"], rows, **settings["ease"]),
        content=Content(movies, arrays["vectors"]),
        popularity=arrays["popularity"],
        schedule=BlendSchedule(tuple(BlendStep(step["films"], step["weights"]) for step in settings["ladder"])),
        baseline=Baseline(movies, settings["mean_stars"], arrays["biases"]),
        rating=fold_in.from_arrays(rating) if rating else None,
        calibration=_calibration(settings["calibration"]),
        neighbour_places=arrays["neighbour_places"],
        neighbour_scores=arrays["neighbour_scores"],
        features=features,
        ncf=ncf.from_arrays(network) if network else None,
        users=Scale(**_of(arrays, _USERS)),
    )


def _calibration(stored: Mapping[str, Any]) -> Calibration:
    known = {"user" if name == "viewer" else name: value for name, value in stored.items()}  # models of 0.1: `viewer`
    lists = {name: tuple(known.get(name, ())) for name in ("user", "slope")}
    return Calibration(**{**known, **lists})


def _of(arrays: Mapping[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[Any]]:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
