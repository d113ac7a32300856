"""Item-to-item lists on pairs of liked movies: does the list of one contain the other, held-out one?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.taste.datasets import Dataset
from benchmarks.taste.tune import Room, rooms
from core.config import Settings
from core.users import LIKED_STARS
from engine.recommender import id_index
from engine.recommender.models import als, item_neighbours
from engine.training.evaluation import ranking
from engine.training.fit import cold_start

SHARES = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
SHRINKAGES = (5.0, 20.0, 50.0)
RIDGES = (0.3, 1.0, 3.0, 10.0, 30.0)
HIDDEN = 0.2


def tune(dataset: Dataset, settings: Settings) -> dict[str, float]:
    """Return the best share and shrinkage; print all that were tried."""
    inner = rooms(dataset, settings)
    found = {
        (shrinkage, share): float(np.mean([hit_rate(room, shrinkage, share) for room in inner]))
        for shrinkage in SHRINKAGES
        for share in SHARES
    }
    for (shrinkage, share), rate in found.items():
        print(f"neighbours: shrinkage {shrinkage:g}, share {share:g}: {rate:.4f}", flush=True)
    shrinkage, share = max(found, key=lambda key: found[key])
    return {"shrinkage": shrinkage, "share": share, "hit rate": found[shrinkage, share]}


def hit_rate(room: Room, shrinkage: float, share: float) -> float:
    """Return the share of pairs of a known and a held-out liked movie whose second is in the list of the first.

    All users have the same weight, whatever their number of pairs.
    """
    world = room.world
    learned = np.isin(world.ids, room.known.movies)
    lists, _ = item_neighbours.lists(
        room.known, learned, world.vectors, movies=world.ids, share=share, shrinkage=shrinkage
    )
    return float(np.mean(list(_rates(room, lists))))


def _rates(room: Room, lists: np.ndarray) -> Iterator[float]:
    for case in room.cases:
        liked = case.history.movies[case.history.stars >= LIKED_STARS]
        own = id_index.find(room.world.ids, liked)
        if len(own):
            yield float(np.mean([np.isin(case.liked, lists[movie]).mean() for movie in own]))


def tune_map(dataset: Dataset, settings: Settings) -> float:
    """Return the best ridge of the map from descriptions to factors, by ranking movies with mapped factors."""
    room = rooms(dataset, settings)[0]
    world, movies = room.world, np.unique(room.known.movies)
    hidden = np.sort(np.random.default_rng(1).choice(movies, int(len(movies) * HIDDEN), replace=False))
    seen = room.known.select(~np.isin(room.known.movies, hidden))
    model = als.fit(seen, als.ALSConfig())
    counts = np.bincount(id_index.find(world.ids, seen.movies), minlength=len(world.ids)).astype(np.float64)
    features = world.features
    rows, at = id_index.find(world.ids, model.movies), id_index.find(world.ids, hidden)
    cases = [
        ranking.Case(case.history, np.empty(0, np.intp), wanted)
        for case in room.cases
        if len(wanted := _within(hidden, world.ids[case.liked]))
    ]
    found = {}
    for ridge in RIDGES:
        mapped = cold_start.fit(model.factors, features[rows], counts[rows], ridge=ridge).factors(features[at])
        score = _by(mapped, model)
        found[ridge] = float(ranking.rank(score, cases).ndcg().mean())
        print(f"map: ridge {ridge:g}: {found[ridge]:.4f}", flush=True)
    return max(found, key=lambda ridge: found[ridge])


def _by(factors: np.ndarray, model: als.Als) -> ranking.Score:
    return lambda history: np.asarray(factors @ model.user_vector(history), np.float32)


def _within(movies: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    return id_index.find(movies, np.intersect1d(movies, wanted))
