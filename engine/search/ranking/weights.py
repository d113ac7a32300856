"""The file of ranking weights: the models, their encoder and the report of their training."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.config import Settings
from core.errors import ModelMissing
from engine.search.ranking.reranker import FEATURES, TAG_FEATURES, Model, Ranker

FORMAT = 1
"""Incremented when the meaning of the file changes; the features are also checked by name."""
SHIPPED = Path(__file__).parent / "ranking_weights.json"
"""The packaged weights, used until a site has trained its own."""
DIGITS = 6
"""Significant digits written to the file."""
log = logging.getLogger(__name__)
_ARRAYS = ("mean", "spread", "weights")
_UNTAGGED = tuple(name for name in FEATURES if name not in TAG_FEATURES)
"""The features in files from before movies had tags; tags then have weight 0."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A ranker and the report of its training: data, folds, metrics before and after."""

    ranker: Ranker
    report: Mapping[str, Any]


def site_file(settings: Settings) -> Path:
    """Return the path of the weights trained by this site; the file may not exist."""
    return settings.home / "ranking" / "weights.json"


def current(settings: Settings) -> Weights:
    """Return the current weights: the site's own, or else the packaged ones.

    Raises:
        ModelMissing: the file cannot be used.
    """
    own = site_file(settings)
    return load(own if own.is_file() else SHIPPED)


def serving(settings: Settings) -> Ranker | None:
    """Return the current ranker; if its file cannot be used, log a warning and return None: search works without it."""
    try:
        return current(settings).ranker
    except ModelMissing as missing:
        log.warning("searching without the learned ranking: %s", missing)
        return None


def load(file: Path = SHIPPED) -> Weights:
    """Read a file of weights.

    Raises:
        ModelMissing: the file is missing, damaged, or made for other features.
    """
    try:
        plain = json.loads(file.read_text(encoding="utf-8"))
        if plain["format"] != FORMAT or tuple(plain["features"]) not in (FEATURES, _UNTAGGED):
            raise ValueError("it was made for other features")
        models = {name: _model(model, plain["features"]) for name, model in plain["models"].items()}
        return Weights(Ranker(plain["encoder"], **models), plain["report"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelMissing(f"the weights in {file} cannot be used ({error}); run `marquee tune-ranking`") from error


def save(weights: Weights, file: Path) -> None:
    """Write a file of weights atomically."""
    ranker = weights.ranker
    models = {"posts": ranker.posts, "description": ranker.description, "short": ranker.short}
    plain = {
        "format": FORMAT,
        "encoder": ranker.encoder,
        "features": list(FEATURES),
        "models": {name: _plain(model) for name, model in models.items() if model is not None},
        "report": dict(weights.report),
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(".tmp")
    temporary.write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")
    temporary.replace(file)


def _model(plain: Mapping[str, list[float]], features: Sequence[str]) -> Model:
    arrays = {name: np.array(plain[name], np.float64) for name in _ARRAYS}
    if any(array.shape != (len(features),) or not np.isfinite(array).all() for array in arrays.values()):
        raise ValueError("a model does not have one finite number per feature")
    return Model(**{name: _widened(array, features, missing=float(name == "spread")) for name, array in arrays.items()})


def _widened(array: NDArray[np.float64], features: Sequence[str], *, missing: float) -> NDArray[np.float64]:
    """Return one number for each of `FEATURES`, with `missing` for those that the file lacks."""
    known = dict(zip(features, array.tolist(), strict=True))
    return np.array([known.get(name, missing) for name in FEATURES])


def _plain(model: Model) -> dict[str, list[float]]:
    return {name: [float(f"{value:.{DIGITS}g}") for value in getattr(model, name)] for name in _ARRAYS}
