"""The simpler rating predictors, with penalties for ratings that are almost free of noise."""

from __future__ import annotations

from functools import partial

from benchmarks.baselines import bias_only, svd, svdpp
from tests.engine.recommender.ratings.worlds import Train

LIGHT = {"factors": 2, "bias_penalty": 0.5, "user_penalty": 0.5, "movie_penalty": 0.5}
MODELS: dict[str, Train] = {
    "baseline": bias_only.train,
    "svd": partial(svd.train, options=svd.Options(**LIGHT)),  # type: ignore[arg-type]
    "svd++": partial(svdpp.train, options=svdpp.Options(**LIGHT)),  # type: ignore[arg-type]
}
