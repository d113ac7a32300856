"""A small catalogue with ratings, and a model trained on it by the whole pipeline."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from core.config import Settings
from core.recommendations.records import Floats
from core.types import Movie, MovieId
from data.database import Stores
from engine import wiring
from engine.registry.registry import Registry
from engine.training.publication import PublicationReport
from tests import databases
from tests.engine.recommender import scorer_kit as kit
from tests.engine.training import trainings

COLD = 6
"""Movies of the catalogue without ratings."""


class Quiet:
    """Records the progress of a training."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.steps: list[tuple[str, int, int]] = []

    def say(self, sentence: str) -> None:
        self.said.append(sentence)

    def step(self, name: str, done: int, total: int) -> None:
        self.steps.append((name, done, total))


def catalogue() -> tuple[list[Movie], Floats]:
    """The checkerboard's movies and six more, unordered; descriptions distinguish the colours."""
    count = kit.MOVIES + COLD
    order = np.random.default_rng(3).permutation(count)
    vectors = 0.4 * np.random.default_rng(4).standard_normal((count, 16)).astype(np.float32)
    vectors[:, 0] += np.where(np.arange(count) % 2, 3, -3)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    movies = [
        Movie(MovieId(kit.FIRST_ID + int(place)), f"Film {place}", vote_count=10 * int(place), vote_average=6.5)
        for place in order
    ]
    return movies, vectors[order]


def movielens(folder: Path) -> Path:
    """Write the checkerboard as MovieLens files: 4 to 5 stars for the own colour, 1 for some of the other."""
    folder.mkdir(parents=True, exist_ok=True)
    ids = range(kit.FIRST_ID, kit.FIRST_ID + kit.MOVIES)
    (folder / "links.csv").write_text(
        "movieId,imdbId,tmdbId\n" + "".join(f"{i},{i},{i}\n" for i in ids), encoding="utf-8"
    )
    rows = []
    for user in range(kit.USERS):
        for movie in range(kit.MOVIES):
            if movie % 2 == user % 2 and movie != user:
                rows.append(f"{user + 1},{kit.FIRST_ID + movie},{4 + (movie + user) % 3 / 2},{1000 + movie}")
            elif movie % 7 == user % 7 and movie != user:
                rows.append(f"{user + 1},{kit.FIRST_ID + movie},1,{1000 + movie}")
    (folder / "ratings.csv").write_text("userId,movieId,rating,timestamp\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session", params=("blend", "blend+ncf"))
def trained(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Settings, PublicationReport, Quiet]:
    """A training with MovieLens, of either model."""
    home = tmp_path_factory.mktemp("trained")
    movies, vectors = catalogue()
    settings, watch = Settings(home=home, model=request.param), Quiet()
    report = trainings.train(
        settings,
        registry=wiring.models(settings),
        store_snapshot=None,
        movies=movies,
        vectors=vectors,
        ratings_folder=movielens(home / "movielens"),
        watch=watch,
        catalogue_hash="abc",
    )
    return settings, report, watch


@pytest.fixture
def settings(trained: Settings, tmp_path: Path) -> Settings:
    """A writable copy of the site that the module trained (its fixture `trained`)."""
    shutil.copytree(trained.home, tmp_path / "home")
    return trained.model_copy(update={"home": tmp_path / "home"})


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return databases.open_new(f"sqlite:///{tmp_path / 'people.sqlite'}")


@pytest.fixture
def registry(settings: Settings) -> Registry:
    return wiring.models(settings)
