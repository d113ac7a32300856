"""The indexed sample catalogue: built once per test run and engine, and shared by all tests that need a real index."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from core.config import Settings
from core.jobs.runs import Watch
from core.jobs.work import SilentWatch
from core.ports import Encoder
from data.catalogues import sources
from engine import wiring
from engine.catalogue import index_build
from engine.catalogue.index_build import IndexingReport
from engine.search.encoders import encoder as encoders
from engine.search.encoders import onnx_export
from engine.services import Services
from engine.training import service
from engine.training.service import TrainingReport
from tests import made_up_ratings

MODEL = "all-MiniLM-L6-v2"
LOCK = "lock"
"""The lock file in each shared home, locked by the process that works there."""


def shared(base: Path) -> Path:
    """Return the folder shared by all parallel test processes of a run."""
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def exported(base: Path) -> Settings:
    """Return settings of a home with the encoder in float32 and int8, exported once per test run."""
    home = base / "exported"
    settings = Settings(home=home, offline=True, encoder_model=MODEL, encoder_precision="float32")
    with _alone(home):
        onnx_export.ensure_exported(settings)
        onnx_export.ensure_exported(settings.model_copy(update={"encoder_precision": "int8"}))
    return settings


def embedded(home: Path) -> Settings:
    """Return settings of a home, a folder in the shared one, with the sample index, built once per test run."""
    with _alone(home):
        if not (home / "index").exists():
            _copy(_indexed(home.parent), home)
    return Settings(home=home, offline=True, rate_limits=False)


def trained(home: Path) -> Settings:
    """Do the same with a recommendation model of made-up users, trained once per test run."""
    with _alone(home):
        if not (home / "models").exists():
            _copy(_learned(home.parent), home)
    return Settings(home=home, offline=True, rate_limits=False)


def _indexed(base: Path) -> Path:
    home = base / "indexed"
    settings = Settings(home=home, offline=True)
    with _alone(home):
        if index_stale(settings):
            _copy(exported(base).home, home)
            build_index(settings, SilentWatch())
    return home


def _learned(base: Path) -> Path:
    home = base / "learned"
    with _alone(home):
        if not (home / "index").exists():
            _copy(_indexed(base), home)
        settings = Settings(home=home, offline=True)
        if model_stale(settings):
            made_up_ratings.write(sources.downloads(settings), sources.load(settings).movies)
            train(settings, SilentWatch())
    return home


def _copy(source: Path, home: Path) -> None:
    shutil.copytree(source, home, ignore=lambda _folder, _names: {LOCK}, dirs_exist_ok=True)


def build_index(settings: Settings, watch: Watch) -> IndexingReport:
    """Build the index like `marquee index`."""
    return index_build.run(settings, watch, index_store=wiring.store(settings), registry=wiring.models(settings))


def index_stale(settings: Settings) -> str:
    """Return why the published index is out of date."""
    return index_build.stale(settings, wiring.store(settings))


def train(settings: Settings, watch: Watch) -> TrainingReport:
    """Train a model like `marquee train`."""
    store, registry = wiring.store(settings), wiring.models(settings)
    settings = settings.model_copy(update={"search_share": 0.0})  # tests of the search set it themselves
    return service.run(settings, watch, stores=wiring.people(settings), index_store=store, registry=registry)


def model_stale(settings: Settings) -> str:
    """Return why the published model does not fit the published index."""
    return service.stale(wiring.store(settings), wiring.models(settings))


ALIASES = count(1)


@contextmanager
def elastic(home: Path, url: str) -> Iterator[Settings]:
    """Yield settings of an Elasticsearch index of the sample, deleted at the end; reuses the vectors in `home`."""
    # A new name per call: fixtures of session and module scope must not delete each other's index.
    alias = f"marquee-test-sample-{os.getpid()}-{next(ALIASES)}"
    settings = Settings(home=home, offline=True, rate_limits=False, elasticsearch_url=(url,), elasticsearch_index=alias)
    embedded(home)
    with _alone(home):
        build_index(settings, SilentWatch())
    try:
        yield settings
    finally:
        for row in json.loads(_call(f"{url}/_cat/indices/{alias}*?format=json")):
            _call(f"{url}/{row['index']}", "DELETE")


def services(settings: Settings, encoder: Encoder | None = None) -> Services:
    """Return real services for these settings."""
    return wiring.build(settings, encoder=encoder or encoders.load(settings))


def _call(url: str, method: str = "GET") -> bytes:
    with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=30) as answer:  # noqa: S310
        return bytes(answer.read())


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    home.mkdir(parents=True, exist_ok=True)
    with (home / LOCK).open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
