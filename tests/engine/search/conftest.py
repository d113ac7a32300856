"""The packaged model, exported once for all test processes, and movies with something to encode."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks.baselines.sentence_encoder import SentenceEncoder
from core.config import Settings
from core.types import CastMember, Movie, MovieId
from engine.search.encoders import encoder, manifest, model_files, onnx_export

MODEL = "all-MiniLM-L6-v2"


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return settings with a float32 and an int8 export in their home, shared by parallel test processes."""
    base = tmp_path_factory.getbasetemp()
    home = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "exported"
    settings = Settings(home=home, offline=True, encoder_model=MODEL, encoder_precision="float32")
    with _alone(home):
        onnx_export.ensure_exported(settings)
        onnx_export.ensure_exported(settings.model_copy(update={"encoder_precision": "int8"}))
    return settings


@pytest.fixture(scope="session")
def served(exported: Settings) -> encoder.OnnxEncoder:
    """Load the float32 export as for serving."""
    return encoder.OnnxEncoder(manifest.folder(exported))


@pytest.fixture(scope="session")
def model() -> SentenceEncoder:
    """Load the packaged model with sentence-transformers."""
    return SentenceEncoder(model_files.find(MODEL, offline=True))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Copy the packaged model, so that a test may change it."""
    return Path(shutil.copytree(model_files.find(MODEL, offline=True).folder, tmp_path / "my-model"))


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


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Hold a lock, so that only the first test process exports."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
