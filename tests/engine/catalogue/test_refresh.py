"""Real refreshes of index and MovieLens: small catalogues, real stores, a real web server."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.config import Settings
from core.errors import StoreUnavailable
from core.jobs.job_catalogue import RETRAIN
from core.recommendations.records import RecommendationRequest
from core.types import MovieId
from data import database
from data.catalogues import sources
from data.catalogues.download import MOVIELENS
from data.database import Stores
from engine import wiring
from engine.catalogue import refresh
from engine.clock import now
from engine.registry import derived_versions
from engine.registry.registry import Registry
from tests import databases, sample
from tests.data.catalogues.test_movielens_releases import GroupLens, archive, grouplens
from tests.engine.catalogue.test_index_build import MOVIES, Listening, first, settings, write

pytestmark = pytest.mark.slow

__all__ = ["grouplens", "settings"]

NEW = 9_999_999


class Working(Listening):
    """Records messages like a run."""

    def note(self, figures: Mapping[str, Any]) -> None:
        """Discard figures."""

    def check(self) -> None:
        """Never cancel."""


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    opened = databases.open_new(f"sqlite:///{tmp_path / 'people.sqlite'}")
    yield opened
    database.close(opened)


def asked(stores: Stores) -> list[str]:
    return [run.job for run in stores.jobs.queued()]


def again_published(registry: Registry, **changed: str) -> str:
    """Publish the model again under a new name with a changed manifest."""
    before = registry.load()
    told = {name: value for name, value in before.manifest.items() if name not in derived_versions.NOT_INHERITED}
    return registry.publish(replace(before.model, version=registry.new_version()), {**told, **changed})


def test_new_files_are_indexed_and_only_changed_movies_are_encoded(
    settings: Settings, stores: Stores, tmp_path: Path
) -> None:
    made = refresh.catalogue(wiring.job_context(settings, stores), Working(), parameters={})
    assert (made.figures["built"], made.figures["encoded"], made.figures["reused"]) == (True, 3, 0)
    assert refresh.catalogue(wiring.job_context(settings, stores), Working(), parameters={}).figures["built"] is False
    write(tmp_path / "data", [*MOVIES[:2], {**MOVIES[2], "overview": "A gardener grows roses on the moon."}])
    again = refresh.catalogue(wiring.job_context(settings, stores), Working(), parameters={})
    assert (again.figures["movies"], again.figures["encoded"], again.figures["reused"]) == (3, 1, 2)
    assert first(settings, "roses on the moon") == "Orbit"


def test_a_catalogue_that_lost_too_much_is_rejected_and_searches_continue(
    settings: Settings, stores: Stores, tmp_path: Path
) -> None:
    context = wiring.job_context(settings, stores)
    refresh.catalogue(context, Working(), parameters={})
    write(tmp_path / "data", MOVIES[:2])
    result = refresh.catalogue(wiring.job_context(settings, stores), Working(), parameters={"anyway": True})
    assert result.figures == {"built": False}
    assert "has 2 movies, the published index 3" in result.rejected
    assert first(settings, "the last seat home") == "Orbit"


def test_a_retraining_is_queued_once_if_the_model_does_not_fit_the_index(
    settings: Settings, stores: Stores, tmp_path: Path
) -> None:
    assert refresh.catalogue(wiring.job_context(settings, stores), Working(), parameters={}).figures["training"]
    assert asked(stores) == [RETRAIN]
    write(tmp_path / "data", MOVIES[:2])
    refresh.catalogue(wiring.job_context(settings, stores), Working(), parameters={})
    assert asked(stores) == [RETRAIN]


def test_new_movies_can_be_recommended_before_the_next_training(
    stores: Stores, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    trained = sample.trained(sample.shared(tmp_path_factory.getbasetemp()) / "trained")
    shutil.copytree(trained.home, tmp_path / "home")
    told = [json.loads(line) for line in sources.SAMPLE.read_text(encoding="utf-8").splitlines()]
    gone, newer = told[-1]["id"], {**told[0], "id": NEW, "title": "A newer one"}
    write(tmp_path / "data", [*told[:-1], newer])
    settings = trained.model_copy(update={"home": tmp_path / "home", "data_dir": tmp_path / "data"})
    registry = wiring.models(settings)
    before = registry.load()
    made = refresh.catalogue(wiring.job_context(settings, stores), Working(), parameters={})
    assert (made.figures["new_movies"], made.figures["gone_movies"], made.figures["training"]) == (1, 1, True)
    after = registry.load()
    assert after.model.version == registry.current() != before.model.version
    assert [movie in after.model.movies for movie in (NEW, gone)] == [True, False]
    assert after.manifest["parents"] == [before.model.version]
    assert "1 new movies placed by their features, 1 removed" in after.manifest["reasons"][0]
    assert after.manifest["metrics"] == before.manifest["metrics"]
    assert registry.load_holdout_model(after.model.version) is not None
    assert sample.model_stale(settings) == "", "the engine holds the factors of the widened model"
    loved = {MovieId(int(movie)): 5.0 for movie in after.model.neighbours(MovieId(NEW))[0][:5]}
    found = sample.services(settings).recommending.for_guest(loved, RecommendationRequest(size=100))
    assert NEW in [item.movie.id for item in found.items]
    assert found.model == after.model.version


def test_a_refresh_interrupted_after_the_index_is_completed_by_the_next(
    settings: Settings, stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> dict[str, int]:
        raise MemoryError

    with monkeypatch.context() as cut:
        cut.setattr(refresh, "_fitted", killed)
        with pytest.raises(MemoryError):
            refresh.catalogue(wiring.job_context(settings, stores), Working(), parameters={})
    assert asked(stores) == []
    again = refresh.catalogue(wiring.job_context(settings, stores), Working(), parameters={})
    assert (again.figures["built"], again.figures["training"]) == (False, True)
    assert asked(stores) == [RETRAIN]


def test_a_model_of_another_encoder_is_not_extended(settings: Settings, stores: Stores, tmp_path: Path) -> None:
    refresh.catalogue(wiring.job_context(settings, stores), Working(), parameters={})
    sample.train(settings, Working())
    registry = wiring.models(settings)
    version = again_published(registry, encoder="another")
    assert "was trained with the encoder another" in sample.model_stale(settings)
    write(tmp_path / "data", [*MOVIES, {"id": 4, "title": "Roses"}])
    work = Working()
    refresh.catalogue(wiring.job_context(settings, stores), work, parameters={})
    assert registry.current() == version
    assert any("trained with another encoder" in line for line in work.said)
    assert asked(stores) == [RETRAIN]


def test_missing_factors_are_published_without_a_retraining(settings: Settings, stores: Stores) -> None:
    refresh.catalogue(wiring.job_context(settings, stores), Working(), parameters={})
    sample.train(settings, Working())
    again_published(wiring.models(settings))
    stores.jobs.cancel(next(iter(stores.jobs.queued())).id, at=now())
    made = refresh.catalogue(wiring.job_context(settings, stores), Working(), parameters={})
    assert made.figures == {"built": False, "stamped": 3, "training": False}
    assert sample.model_stale(settings) == ""
    assert asked(stores) == []


def test_a_model_that_cannot_be_extended_stays_and_the_reason_is_reported(
    settings: Settings, stores: Stores, tmp_path: Path
) -> None:
    refresh.catalogue(wiring.job_context(settings, stores), Working(), parameters={})
    sample.train(settings, Working())
    before = wiring.models(settings).current()
    write(tmp_path / "data", [*MOVIES, {"id": 4, "title": "Roses", "overview": "A gardener grows roses on the moon."}])
    made = refresh.catalogue(wiring.job_context(settings, stores), Working(), parameters={})
    assert "new_movies" not in made.figures, "without ratings there is no map from features to factors"
    assert wiring.models(settings).current() == before
    assert asked(stores) == [RETRAIN]
    write(tmp_path / "data", [*MOVIES, {"id": 5, "title": "Thorns"}])
    (settings.home / "models" / str(before) / "model.npz").write_bytes(b"damaged")
    work = Working()
    refresh.catalogue(wiring.job_context(settings, stores), work, parameters={})
    assert any("the model is unchanged until the next training" in line for line in work.said)


def test_an_administrator_can_force_a_build(settings: Settings, stores: Stores) -> None:
    refresh.catalogue(wiring.job_context(settings, stores), Working(), parameters={})
    anyway = refresh.catalogue(wiring.job_context(settings, stores), Working(), parameters={"anyway": True})
    assert (anyway.figures["built"], anyway.figures["encoded"], anyway.figures["reused"]) == (True, 0, 3)


def test_a_newer_movielens_is_used_and_a_retraining_is_queued(
    grouplens: GroupLens, stores: Stores, tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path)
    (sources.downloads(settings) / MOVIELENS).mkdir(parents=True)
    (sources.downloads(settings) / MOVIELENS / "links.csv").write_text(
        "movieId,imdbId,tmdbId\n1,1,862\n", encoding="utf-8"
    )
    (sources.downloads(settings) / MOVIELENS / "ratings.csv").write_text(
        "userId,movieId,rating,timestamp\n1,1,4,1\n", encoding="utf-8"
    )
    grouplens.publish(archive(10))

    def renew() -> Mapping[str, Any]:
        result = refresh.movielens(
            wiring.job_context(settings, stores), Working(), parameters={}, base_url=grouplens.url, pause=0
        )
        return result.figures

    got = renew()
    assert (got["newer"], got["ratings"], got["ratings_before"], got["training"]) == (True, 10, 1, True)
    assert asked(stores) == [RETRAIN]
    assert renew() == {"newer": False}


def test_a_newer_movielens_is_found_again_if_no_retraining_could_be_queued(
    grouplens: GroupLens, stores: Stores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(home=tmp_path)
    (sources.downloads(settings) / MOVIELENS).mkdir(parents=True)
    for name, text in (("links.csv", "movieId,imdbId,tmdbId\n1,1,862\n"), ("ratings.csv", RATED)):
        (sources.downloads(settings) / MOVIELENS / name).write_text(text, encoding="utf-8")
    grouplens.publish(archive(4))

    def renew() -> Mapping[str, Any]:
        found = refresh.movielens(
            wiring.job_context(settings, stores), Working(), parameters={}, base_url=grouplens.url, pause=0
        )
        return found.figures

    def away(*_: object, **__: object) -> None:
        raise StoreUnavailable("the database is away")

    with monkeypatch.context() as cut:
        cut.setattr(type(stores.jobs), "enqueue", away)
        with pytest.raises(StoreUnavailable):
            renew()
    assert renew()["newer"]
    assert asked(stores) == [RETRAIN]


@pytest.mark.parametrize(
    ("change", "why"),
    [({"offline": True}, "MARQUEE_OFFLINE"), ({"data_dir": Path()}, "MARQUEE_DATA_DIR"), ({}, "sample catalogue")],
)
def test_nothing_is_downloaded_if_settings_or_sample_forbid_it(
    grouplens: GroupLens, stores: Stores, tmp_path: Path, change: dict[str, Any], why: str
) -> None:
    settings = Settings(home=tmp_path, **change)
    told = refresh.movielens(wiring.job_context(settings, stores), Working(), parameters={}, base_url=grouplens.url)
    assert why in told.figures["why"]
    assert grouplens.asked == []


def test_a_retraining_is_not_queued_twice(grouplens: GroupLens, stores: Stores, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    (sources.downloads(settings) / MOVIELENS).mkdir(parents=True)
    for name, text in (("links.csv", "movieId,imdbId,tmdbId\n1,1,862\n"), ("ratings.csv", RATED)):
        (sources.downloads(settings) / MOVIELENS / name).write_text(text, encoding="utf-8")
    stores.jobs.enqueue(RETRAIN, parameters={"factors": 8}, by=None, at=now())
    grouplens.publish(archive(3))
    refresh.movielens(wiring.job_context(settings, stores), Working(), parameters={}, base_url=grouplens.url, pause=0)
    assert [dict(run.parameters) for run in stores.jobs.queued()] == [{"factors": 8}]


RATED = "userId,movieId,rating,timestamp\n1,1,4,1\n"


def test_heavy_modules_are_not_loaded_without_work() -> None:
    program = "import sys, engine.cleanup, jobs.scheduler; print([n for n in ('torch', 'pandas') if n in sys.modules])"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"
