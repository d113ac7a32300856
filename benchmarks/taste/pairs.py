"""Item-to-item lists against pairs that somebody liked: does the list of one liked movie hold another, held-out one?"""

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
    """The best share and shrinkage, printed with all that was tried."""
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
    """Of all pairs of a told liked movie and a held-out liked one, the part whose second movie is in the first's list.

    Each user weighs the same, however many pairs there are.
    """
    world = room.world
    learned = np.isin(world.ids, room.known.movies)
    together = item_neighbours.similarity(room.known, world.ids[learned], shrinkage=shrinkage)
    lists, _ = item_neighbours.lists(together, learned, world.vectors, share=share)
    return float(np.mean(list(_rates(room, lists))))


def _rates(room: Room, lists: np.ndarray) -> Iterator[float]:
    for case in room.cases:
        liked = case.history.movies[case.history.stars >= LIKED_STARS]
        own = id_index.find(room.world.ids, liked)
        if len(own):
            yield float(np.mean([np.isin(case.liked, lists[movie]).mean() for movie in own]))


def tune_map(dataset: Dataset, settings: Settings) -> float:
    """The ridge of the map from descriptions to factors, by the ranking of movies whose factors it has to guess."""
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
