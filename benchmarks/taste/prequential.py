"""Learning between trainings, over time-ordered ratings: `python -m benchmarks.taste prequential`.

A model is trained on the first part of all ratings. The rest comes in order: each rating of 4 stars or better is ranked
before it is revealed, with NDCG@10 over all movies that the user has not rated before (one relevant movie). After each
night's portion, the job's update is applied. Compared are the batch model with users as they were at the training; with
users folded in at each request, as served; and with items updated each night in addition.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.taste import compare
from benchmarks.taste.datasets import Dataset
from core.config import Settings
from core.recommendations.records import History
from core.users import LIKED_STARS
from engine.recommender import id_index
from engine.recommender.model import Recommender
from engine.recommender.models import interactions
from engine.recommender.models.interactions import Interactions
from engine.training.derived import item_fold_in
from engine.training.evaluation import metrics, ranking
from engine.training.evaluation.splits import Split
from engine.training.fit.local_fit import FitConfig

TRAINED = 0.6
"""Share of all ratings, the earliest ones, that the batch model is trained on."""
NIGHTS = 12
BATCH, USERS, ITEMS = "batch alone", "users folded in", "users and items"
VARIANTS = (BATCH, USERS, ITEMS)


@dataclass(frozen=True)
class Event:
    """A rating that is ranked before it is revealed.

    Attributes:
        trained, now: the user's ratings at the training, and before this one.
        known: intp, rows of the movies rated before.
    """

    user: int
    row: int
    trained: History
    now: History
    known: NDArray[np.intp]


def measure(data: Dataset, settings: Settings, *, nights: int = NIGHTS) -> dict[str, Any]:
    """Return NDCG@10 of each variant by night and over all events, and the difference between updates and none."""
    order = np.argsort(data.interactions.times, kind="stable")
    moment = int(data.interactions.times[order[int(len(order) * TRAINED)]])
    old = data.interactions.select(data.interactions.times < moment)
    batch = compare.served(Split(old, old), data.world, settings, FitConfig())
    later = order[data.interactions.times[order] >= moment]
    model, found, since = batch, [], moment
    for night in np.array_split(later, nights):
        events = list(_events(data.interactions, night, moment, data.world.ids))
        found.append({name: _ranked(name, batch, model, events) for name in VARIANTS} | {"users": _names(events)})
        until = int(data.interactions.times[night].max())
        model, since = _updated(model, data, settings, until=until, since=since), until
    return summary(found)


def summary(found: Sequence[dict[str, NDArray[Any]]]) -> dict[str, Any]:
    """Return means by night and over all events; the interval of the difference is over users."""
    users = np.concatenate([night["users"] for night in found])
    whole = {name: np.concatenate([night[name] for night in found]) for name in VARIANTS}
    gains = {name: _by_user(whole[ITEMS] - whole[name], users) for name in (BATCH, USERS)}
    return {
        "events": len(users),
        "users": len(np.unique(users)),
        "nights": [{name: float(night[name].mean()) for name in VARIANTS} for night in found if len(night["users"])],
        "all": {name: float(values.mean()) for name, values in whole.items()},
        "gain": {name: {"mean": float(g.mean()), "interval": metrics.interval(g)} for name, g in gains.items()},
    }


def words(name: str, found: dict[str, Any]) -> str:
    """Format the figures as a table."""
    lines = [
        f"{name}: {found['events']:,} ratings of {found['users']:,} users",
        "",
        "| night | " + " | ".join(VARIANTS) + " |",
    ]
    lines.append("|---" * (len(VARIANTS) + 1) + "|")
    rows = [(str(place), night) for place, night in enumerate(found["nights"], start=1)]
    for night, row in [*rows, ("all", found["all"])]:
        lines.append(f"| {night} | " + " | ".join(f"{row[name]:.4f}" for name in VARIANTS) + " |")
    for against, gain in found["gain"].items():
        low, high = gain["interval"]
        lines.append(f"\n{ITEMS} against {against}, mean over users: {gain['mean']:+.4f} ({low:+.4f} to {high:+.4f})")
    return "\n".join(lines)


def _events(said: Interactions, night: NDArray[np.intp], moment: int, ids: NDArray[np.int64]) -> Iterator[Event]:
    """Yield the liked ratings of a night with the histories that the models may see."""
    for place in night[said.stars[night] >= LIKED_STARS].tolist():
        user = int(said.users[place])
        own = np.flatnonzero(said.users == user)
        before = own[said.times[own] < said.times[place]]
        known = id_index.find(ids, said.movies[before])
        row = int(id_index.find(ids, said.movies[place : place + 1])[0])
        yield Event(user, row, _history(said, before[said.times[before] < moment]), _history(said, before), known)


def _history(said: Interactions, rows: NDArray[np.intp]) -> History:
    return History(said.movies[rows], said.weights[rows], said.stars[rows])


def _names(events: Sequence[Event]) -> NDArray[np.int64]:
    return np.array([event.user for event in events], np.int64)


def _ranked(variant: str, batch: Recommender, updated: Recommender, events: Sequence[Event]) -> NDArray[np.float64]:
    """Return NDCG@10 of each event: float64, (n_events,)."""
    model = updated if variant == ITEMS else batch
    found = np.zeros(len(events))
    for place, event in enumerate(events):
        scores = model.blend(event.trained if variant == BATCH else event.now).total
        top = ranking.best(scores, event.known, depth=ranking.TOP)
        hit = np.flatnonzero(top == event.row)
        found[place] = 1 / np.log2(hit[0] + 2) if len(hit) else 0.0
    return found


def _updated(model: Recommender, data: Dataset, settings: Settings, *, until: int, since: int) -> Recommender:
    """Return the model after a night: what the job does with all ratings up to now."""
    rated = data.interactions.select(data.interactions.times <= until)
    known = interactions.learnable(
        rated, min_user_ratings=settings.min_user_ratings, min_movie_ratings=settings.min_movie_ratings
    )
    movies = item_fold_in.changed(model, known, since=since)
    catalogue, config = data.world.movies, FitConfig().ease
    return item_fold_in.fold_in(model, known, movies, rated=rated, catalogue=catalogue, config=config, version="")


def _by_user(values: NDArray[np.float64], users: NDArray[np.int64]) -> NDArray[np.float64]:
    _, places = np.unique(users, return_inverse=True)
    return np.bincount(places, values) / np.bincount(places)
