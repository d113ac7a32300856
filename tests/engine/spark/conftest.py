"""One session of Spark for all tests of a process, within this machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from core.config import Settings
from engine.spark import session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MASTER = "local[2]"


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    settings = Settings(home=tmp_path_factory.mktemp("spark"), trainer="spark", spark_master=MASTER)
    with session.opened(settings, name="tests") as running:
        yield running
