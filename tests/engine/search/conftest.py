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
    """Return settings with a float32 and an int8 export in their home, shared by parallel test processes."""
    return sample.exported(sample.shared(tmp_path_factory.getbasetemp()))


@pytest.fixture(scope="session")
def served(exported: Settings) -> encoder.OnnxEncoder:
    """Load the float32 export as for serving."""
    return encoder.OnnxEncoder(manifest.folder(exported))


@pytest.fixture(scope="session")
def model() -> SentenceEncoder:
    """Load the packaged model with sentence-transformers."""
    return SentenceEncoder(model_files.find(sample.MODEL, offline=True))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Copy the packaged model, so that a test may change it."""
    return Path(shutil.copytree(model_files.find(sample.MODEL, offline=True).folder, tmp_path / "my-model"))


@pytest.fixture
def jaws() -> Movie:
    """Return a movie with values in all encoded fields."""
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
