"""The packaged model, exported once for all test processes, and movies with something to encode."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from benchmarks.baselines.sentence_encoder import SentenceEncoder
from core.config import Settings
from core.types import CastMember, Movie, MovieId
from engine.search.encoders import encoder, manifest, model_files
from tests import sample


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of the float32 export, whose home holds the one in int8 too; parallel test processes share it."""
    return sample.exported(sample.shared(tmp_path_factory.getbasetemp()))


@pytest.fixture(scope="session")
def served(exported: Settings) -> encoder.OnnxEncoder:
    """The float32 export, opened as for serving."""
    return encoder.OnnxEncoder(manifest.folder(exported))


@pytest.fixture(scope="session")
def model() -> SentenceEncoder:
    """The packaged model, run by sentence-transformers."""
    return SentenceEncoder(model_files.find(sample.MODEL, offline=True))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A copy of the packaged model that a test may change."""
    return Path(shutil.copytree(model_files.find(sample.MODEL, offline=True).folder, tmp_path / "my-model"))


@pytest.fixture
def jaws() -> Movie:
    """A movie of which everything is known that a recipe could ask for."""
    return Movie(
        id=MovieId(578),
        title="Jaws",
        year=1975,
        overview="A police chief hunts the shark that kills bathers.",
        tagline="Stay out of the water!",
        genres=("Horror", "Thriller"),
        keywords=("shark", "beach"),
        cast=tuple(CastMember(f"Actor {number}", order=number) for number in (6, 5, 4, 3, 2, 1, 0)),
        directors=("Steven Spielberg",),
    )
