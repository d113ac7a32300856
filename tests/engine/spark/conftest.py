"""One session of Spark for all tests of a process, within this machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest

from core import config
from core.config import Settings
from engine.recommender.models.interactions import Interactions, weigh
from engine.spark import java, session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MASTER = "local[2]"
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""A compiler and a collector for a short life, which halve the time of these tests."""
FOR_FEW_ROWS = {
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
}
"""Compiling each query and planning it anew after each stage takes longer than running it."""
USERS, MOVIES = 150, 60


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    settings = Settings(home=tmp_path_factory.mktemp("spark"), trainer="spark", spark_master=MASTER)
    config.set_variable("JDK_JAVA_OPTIONS", QUICK)
    config.set_variable(java.HOME, str(java.home()))
    with session.opened(settings, name="tests") as running:
        for name, value in FOR_FEW_ROWS.items():
            running.conf.set(name, value)
        yield running


@pytest.fixture(scope="session")
def rated() -> Interactions:
    """Ratings of two groups of movies by users who prefer either, with dislikes, and one user who likes nothing."""
    draw = np.random.default_rng(5)
    users, movies = np.divmod(np.arange(USERS * MOVIES), MOVIES)
    seen = draw.random(len(users)) < np.where(movies < MOVIES // 2, 0.4, 0.15)
    seen |= users == USERS - 1
    seen &= (movies != MOVIES - 1) | (users < 2)  # too few for this movie
    users, movies = users[seen], movies[seen]
    stars = np.where((users + movies) % 2, 1.5, 4.5) + draw.integers(-1, 2, len(users)) / 2
    stars = np.where(users == USERS - 1, 1.0, stars).astype(np.float32)
    names = tuple(f"ml:{number}" for number in range(USERS // 2)) + tuple(map(str, range(USERS - USERS // 2)))
    return Interactions(names, users, 100 + 7 * movies, weigh(stars), stars, np.arange(len(users), dtype=np.int64))
