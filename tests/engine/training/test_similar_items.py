"""The job `item-to-item` with the sample's index and a trained model: new lists, all else unchanged."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from core.config import Settings
from core.errors import Busy, Cancelled, InvalidRequest, ModelMissing
from core.jobs.runs import Result
from core.jobs.work import SilentWatch
from core.types import MovieId
from core.users import Preferences
from data.database import Stores
from engine import wiring
from engine.registry.registry import Registry
from engine.training.derived import similar_items
from tests import sample

AT = datetime(2026, 3, 4, tzinfo=UTC)
FANS = 30


class Watching(SilentWatch):
    """Records messages; cancels at the next check if told to stop."""

    def __init__(self, *, stop: bool = False) -> None:
        self.said: list[str] = []
        self._stop = stop

    def say(self, sentence: str) -> None:
        self.said.append(sentence)

    def note(self, figures: Any) -> None:
        """Nothing."""

    def check(self) -> None:
        if self._stop:
            raise Cancelled("somebody asked to stop")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return sample.trained(sample.shared(tmp_path_factory.getbasetemp()) / "trained")


def run(settings: Settings, stores: Stores, watching: Watching | None = None) -> Result:
    return similar_items.run(wiring.job_context(settings, stores), watching or Watching(), parameters={})


def rate(stores: Stores, movies: list[int]) -> None:
    """Add users who love only these movies, which makes the movies similar."""
    for number in range(FANS):
        fan = stores.accounts.create(f"Fan {number}", password_hash="-", preferences=Preferences(), at=AT)
        stores.diaries.rate(fan.id, {MovieId(movie): 5.0 for movie in movies}, at=AT)


def test_lists_are_recomputed_if_ratings_changed_and_published_as_a_derived_version(
    settings: Settings, stores: Stores, registry: Registry
) -> None:
    parent = registry.load()
    rated = parent.model.movies[parent.model.rated]
    pair = [int(movie) for movie in rated[[0, -1]]]
    far = [int(i) for i in parent.model.neighbours(MovieId(pair[0]))[0]]
    rate(stores, [*pair, *(int(movie) for movie in rated[2:6])])
    told = run(settings, stores)
    child = registry.load()
    assert told.figures["changed"] > 0
    assert (told.rejected, told.figures["version"]) == ("", child.model.version)
    assert child.model.version > parent.model.version
    assert registry.describe(child.model.version).parents == (parent.model.version,)
    near = [int(i) for i in child.model.neighbours(MovieId(pair[0]))[0]]
    assert near.index(pair[1]) < (far.index(pair[1]) if pair[1] in far else len(far))
    for name in ("factors", "popularity", "movies"):
        np.testing.assert_array_equal(getattr(child.model, name), getattr(parent.model, name))
    assert registry.describe(child.model.version).metrics == registry.describe(parent.model.version).metrics
    assert wiring.store(settings).open().factors_version() == child.model.version, (
        "the search engine knows the child by name"
    )


def test_movies_rated_since_the_training_get_content_based_lists(
    settings: Settings, stores: Stores, registry: Registry
) -> None:
    before = registry.load().model
    learned = before.rated.copy()
    learned[:2] = False
    version = registry.new_version()
    model = replace(before, version=version, als=replace(before.als, learned=learned))
    registry.publish(model, {})
    fresh = [int(movie) for movie in model.movies[:2]]
    rate(stores, [int(movie) for movie in model.movies[:7]])
    assert run(settings, stores).figures["changed"] > 0
    child = registry.load().model
    assert not child.rated[np.isin(child.movies, fresh)].any(), "learned by the next training"
    assert len(child.neighbours(MovieId(fresh[0]))[0]) == len(model.neighbours(MovieId(fresh[0]))[0])


def test_lists_are_always_exported_and_recomputed_only_if_ratings_changed(
    settings: Settings, stores: Stores, registry: Registry
) -> None:
    first, watching = run(settings, stores), Watching()
    again = run(settings, stores, watching)
    assert again.figures["version"] == first.figures["version"] == registry.current()
    assert again.figures["changed"] == 0
    assert "no new ratings" in watching.said[-1]
    told = json.loads((settings.home / "exports" / "similar.json").read_bytes())
    assert told["model"] == registry.current()
    assert len(told["neighbours"]) == again.figures["movies"]


def test_a_model_published_meanwhile_stays(
    settings: Settings, stores: Stores, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = registry.load().model
    rate(stores, [int(movie) for movie in parent.movies[parent.rated][:6]])
    newer = replace(parent, version=registry.new_version())
    differing = similar_items.differing

    def published_meanwhile(*models: Any) -> int:
        registry.publish(newer, {})
        return differing(*models)

    monkeypatch.setattr(similar_items, "differing", published_meanwhile)
    with pytest.raises(Busy, match="published meanwhile"):
        run(settings, stores)
    assert registry.current() == newer.version


def test_cancelling_leaves_the_published_version_unchanged(
    settings: Settings, stores: Stores, registry: Registry
) -> None:
    before = registry.current()
    with pytest.raises(Cancelled):
        run(settings, stores, Watching(stop=True))
    assert registry.current() == before


def test_without_a_model_the_job_names_the_command_that_trains_one(settings: Settings, stores: Stores) -> None:
    shutil.rmtree(settings.home / "models")
    with pytest.raises(ModelMissing, match="marquee train"):
        run(settings, stores)


def test_unknown_parameters_are_refused(settings: Settings, stores: Stores) -> None:
    with pytest.raises(InvalidRequest, match="speed"):
        similar_items.run(wiring.job_context(settings, stores), Watching(), parameters={"speed": 3})
