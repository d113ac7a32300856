"""The job `retrain` end to end: the real sample, its index, made-up users, a real database."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.config import Settings
from core.errors import Cancelled, InvalidRequest
from core.types import MovieId
from core.users import Preferences
from data import database
from data.database import Stores
from engine import wiring
from engine.training import retrain
from tests import databases, sample
from tests.engine.training.worlds import Watched

NOW = datetime(2026, 1, 1, tzinfo=UTC)
QUICK = {"factors": 16, "iterations": 3}
STAR_WARS = MovieId(11)


@pytest.fixture
def settings(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A copy of the sample with a published model."""
    home = sample.shared(tmp_path_factory.getbasetemp()) / "trained"
    sample.trained(home)
    shutil.copytree(home, tmp_path / "home")
    return Settings(home=tmp_path / "home", offline=True)


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    opened = databases.open_new(f"sqlite:///{tmp_path / 'people.sqlite'}")
    yield opened
    database.close(opened)


def test_a_retraining_publishes_model_and_factors(settings: Settings, stores: Stores) -> None:
    user = stores.accounts.create("Ada", password_hash="x", preferences=Preferences(), at=NOW)
    stores.diaries.rate(user.id, {STAR_WARS: 5.0}, at=NOW)
    registry = wiring.models(settings)
    before, work = registry.current(), Watched()
    result = retrain.run(wiring.job_context(settings, stores), work, parameters={})
    assert json.loads(json.dumps(result.figures)) == result.figures
    assert result.figures["before"] == dict(registry.describe(str(before)).metrics)
    assert result.figures["after"] == result.figures["metrics"]
    if result.rejected:
        assert registry.current() == before
        assert result.rejected in work.said[-1]
    else:
        assert registry.current() == result.figures["version"] != before
        assert sample.model_stale(settings) == ""
        assert result.figures["stamped"] > 0
    assert result.figures["data_hash"] != registry.manifest(str(before))["data_hash"], "Ada's rating is in it"
    assert any(str(before) in reason for reason in result.figures["reasons"])
    assert {"als", "stars"} <= set(work.figures["loss"])


def test_a_worse_model_is_refused_and_the_published_one_keeps_serving(settings: Settings, stores: Stores) -> None:
    registry = wiring.models(settings)
    before = registry.current()
    ignorant = settings.model_copy(update={"min_movie_ratings": 1_000})
    result = retrain.run(wiring.job_context(ignorant, stores), Watched(), parameters=QUICK)
    assert "NDCG@10" in result.rejected
    assert result.figures["published"] is False
    assert registry.current() == before
    assert registry.load().model.version == before
    assert sample.model_stale(settings) == "", "the index still holds the factors of the published model"


def test_cancelling_changes_nothing(settings: Settings, stores: Stores) -> None:
    registry = wiring.models(settings)
    before = registry.versions()
    with pytest.raises(Cancelled):
        retrain.run(wiring.job_context(settings, stores), Watched(stop_when=("stars", 3)), parameters=QUICK)
    assert registry.versions() == before
    assert sample.model_stale(settings) == ""


def test_invalid_parameters_are_named_before_anything_runs(settings: Settings, stores: Stores) -> None:
    work = Watched()
    with pytest.raises(InvalidRequest, match="factors: expected 4 to 256, got 9000"):
        retrain.run(wiring.job_context(settings, stores), work, parameters={"factors": 9_000})
    assert not work.said
