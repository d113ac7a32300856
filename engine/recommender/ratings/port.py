"""What a model that predicts ratings promises."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from core.recommendations import Floats, History, Ids

Arrays = Mapping[str, NDArray[Any]]
"""A model as plain arrays by name; none holds Python objects."""
Doubles = NDArray[np.float64]
Sweep = Callable[[int, float], None]
"""Is told of each sweep of a training: its number from 1 on, and the RMSE on the ratings learned from, in stars."""


@runtime_checkable
class RatingPredictor(Protocol):
    """Predicts the stars that a viewer would give. Immutable once made, so safe between threads."""

    @property
    def name(self) -> str:
        """What the model is called in tables and manifests: `baseline`, `svd`, `svd++`, `bayes`."""
        ...

    @property
    def movies(self) -> Ids:
        """int64, (n_movies,), ascending: the films that it knows."""
        ...

    def predict(self, history: History, movies: Ids) -> Floats:
        """float32, (len(movies),): stars clipped to .5 to 5, in the order of `movies`; NaN for an unknown film.

        Only rated films of the history count, and of these only those that the model knows; with none of them a
        film gets its own shrunk mean. Changes neither the model nor the history.
        """
        ...

    def arrays(self) -> Arrays:
        """Everything that the model is; `engine.recommender.ratings.fold_in.from_arrays` makes it again."""
        ...
