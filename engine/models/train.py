"""From what people said to a published model: gather, choose on held-out ratings, fit on everything, describe."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from core.config import Settings
from core.stores import Snapshot
from core.taste import Floats
from core.types import Movie
from data import movielens
from engine.models import choosing, members, parts, registry
from engine.models.parts import Recipes, World
from engine.taste import interactions
from engine.taste.interactions import Interactions
from engine.taste.model import TasteModel

STEPS = ("choosing", "fitting", "publishing")
FOLDER = "models"

log = logging.getLogger(__name__)


class Watch(Protocol):
    """Who watches a training; `engine.indexing.Watch` is one."""

    def say(self, sentence: str) -> None:
        """Something began or was decided."""
        ...

    def step(self, name: str, done: int, total: int) -> None:
        """`done` of `total` parts are through the step `name`."""
        ...


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What a training learned from, and what came of it."""

    version: str
    model: TasteModel
    manifest: Mapping[str, Any]
    viewers: int
    ratings: int
    films: int
    """Films learned from ratings."""
    seconds: float
    notes: tuple[str, ...] = ()


def train(
    settings: Settings,
    *,
    store_snapshot: Snapshot | None,
    movies: Sequence[Movie],
    vectors: Floats,
    ratings_folder: Path | None,
    watch: Watch,
    catalogue_hash: str = "",
) -> TrainingReport:
    """Train on MovieLens (where it is at hand) and on what the site's viewers said, and publish.

    Without anything to learn from there still is a model: factors from descriptions, popularity from votes.

    Args:
        movies: the films of the catalogue, in the order of `vectors`.
        vectors: float32, (n_movies, dim), unit rows: what the films are about.
        catalogue_hash: of the index that the films are served from; the manifest keeps it.

    Raises:
        DataError: the files of ratings are unusable as a whole.
    """
    started = time.perf_counter()
    watch.step("training", 0, len(STEPS))
    world, recipes = World.of(movies, vectors), Recipes()
    public, notes = _public(ratings_folder, world)
    rated = interactions.join((public, _own(store_snapshot, world)))
    known = interactions.learnable(
        rated, min_viewer_films=settings.min_viewer_films, min_film_ratings=settings.min_film_ratings
    )
    chosen = choosing.choose(rated, world, recipes, settings=settings)
    watch.step("training", 1, len(STEPS))
    model = choosing.apply(chosen, parts.fit(known, world, recipes, version=registry.new_version(), rated=rated))
    watch.step("training", 2, len(STEPS))
    viewers = len(np.unique(known.viewers))
    manifest = {
        "catalogue_hash": catalogue_hash,
        "learned_from": _described(known, rated),
        "recipes": asdict(recipes),
        "ladder": [{"films": rung.films, "weights": dict(rung.weights)} for rung in model.ladder.rungs],
        "notes": list(notes),
        **chosen.report,
        "seconds": round(time.perf_counter() - started, 1),
    }
    registry.Registry(settings.home / FOLDER).publish(model, manifest, known=members.of(public))
    watch.step("training", 3, len(STEPS))
    for note in notes:
        watch.say(note)
    return TrainingReport(
        model.version,
        model,
        manifest,
        viewers,
        len(known),
        int(model.rated.sum()),
        time.perf_counter() - started,
        notes,
    )


def _public(folder: Path | None, world: World) -> tuple[Interactions, tuple[str, ...]]:
    """MovieLens' ratings of the catalogue's films, and what is to be said of them."""
    if folder is None:
        return interactions.NOTHING, ("no MovieLens ratings at hand: taste starts from descriptions and votes",)
    read = movielens.read_ratings(folder)
    found = interactions.within(interactions.of_movielens(read), world.ids)
    notes = (f"{len(found):,} of {len(read.users):,} MovieLens ratings are of films of the catalogue",)
    return found, (*notes, *(f"skipped: {row}" for row in read.skipped[:3]))


def _own(snapshot: Snapshot | None, world: World) -> Interactions:
    if snapshot is None:
        return interactions.NOTHING
    return interactions.within(interactions.of_site(snapshot), world.ids)


def _described(known: Interactions, rated: Interactions) -> dict[str, int]:
    return {
        "viewers": len(np.unique(known.viewers)),
        "films": len(np.unique(known.movies)),
        "interactions": len(known),
        "viewers_left_out": len(np.unique(rated.viewers)) - len(np.unique(known.viewers)),
        "films_left_out": len(np.unique(rated.movies)) - len(np.unique(known.movies)),
    }
