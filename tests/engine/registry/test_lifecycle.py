"""Administration of versions, with real files, a real index and a real database."""

from __future__ import annotations

import logging
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.config import Settings
from core.errors import Busy, InvalidRequest, ModelMissing, NotFound
from core.ports import Factors
from core.recommendations.models import Status
from core.users import Preferences, User
from data.database import Stores
from engine import wiring
from engine.registry.lifecycle import Lifecycle
from engine.registry.registry import Registry
from engine.training import factor_publication
from tests import databases, sample
from tests.engine.training import tiny

AT = datetime(2026, 3, 4, tzinfo=UTC)
NDCG = {"v1": 0.30, "v2": 0.32, "v3": 0.35}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return sample.embedded(sample.shared(tmp_path_factory.getbasetemp()) / "embedded")


@pytest.fixture
def settings(built: Settings, tmp_path: Path) -> Settings:
    shutil.copytree(built.home / "index", tmp_path / "index")
    return built.model_copy(update={"home": tmp_path})


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return databases.open_new(f"sqlite:///{tmp_path / 'people.sqlite'}")


@pytest.fixture
def ada(stores: Stores) -> User:
    return stores.accounts.create("Ada", password_hash="-", preferences=Preferences(), at=AT)


@pytest.fixture
def lifecycle(settings: Settings, stores: Stores) -> Lifecycle:
    """Three versions, the second of them published, the third rejected."""
    registry = wiring.models(settings)
    for version, status in (("v1", "ready"), ("v2", "ready"), ("v3", "rejected")):
        metrics = {"ndcg@10": NDCG[version], "rmse": 1 - NDCG[version]}
        told = {"metrics": metrics, "parameters": {"factors": len(registry.versions()), "seed": 7}, "status": status}
        registry.add(tiny.model(version), told)
    registry.activate("v2")
    return Lifecycle(registry, stores.audit_log, wiring.store(settings), now=lambda: AT)


def test_versions_are_described_the_newest_first(lifecycle: Lifecycle) -> None:
    assert [one.version for one in lifecycle.versions()] == ["v3", "v2", "v1"]
    assert [one.status for one in lifecycle.versions()] == [Status.REJECTED, Status.PUBLISHED, Status.READY]
    current = lifecycle.current()
    assert current is not None
    assert current.version == "v2"


def test_the_best_version_is_a_usable_one(lifecycle: Lifecycle) -> None:
    assert lifecycle.best("ndcg@10").version == "v2", "v3 is better and was rejected"
    assert lifecycle.best("rmse").version == "v2", "of errors the least is the best"
    with pytest.raises(InvalidRequest) as refused:
        lifecycle.best("smell")
    assert list(refused.value.fields) == ["metric"]


def test_versions_are_compared_metric_by_metric(lifecycle: Lifecycle) -> None:
    found = lifecycle.compare("v1", "v2")
    assert [(one.name, round(one.difference or 0, 3)) for one in found.metrics] == [("ndcg@10", 0.02), ("rmse", -0.02)]
    assert found.parameters == (("factors", 0, 1),), "what is the same is left out"
    with pytest.raises(NotFound):
        lifecycle.compare("v1", "v9")


def test_a_rollback_publishes_version_and_factors_and_is_audited(lifecycle: Lifecycle, ada: User) -> None:
    assert lifecycle.activate("v1", by=ada).status is Status.PUBLISHED
    assert lifecycle.registry.current() == "v1"
    assert lifecycle.index.open().factors_version() == "v1"
    (act,) = lifecycle.audit_log.latest()
    assert (act.by, act.action, act.subject, dict(act.details)) == (ada.id, "activate", "v1", {"before": "v2"})


def test_a_damaged_or_unknown_version_changes_nothing(lifecycle: Lifecycle, ada: User, settings: Settings) -> None:
    (settings.home / "models" / "v1" / "ease.npy").write_bytes(b"!")
    with pytest.raises(ModelMissing):
        lifecycle.activate("v1", by=ada)
    for unknown in ("v9", "../index"):
        with pytest.raises(NotFound):
            lifecycle.activate(unknown, by=ada)
    assert lifecycle.registry.current() == "v2"
    assert list(lifecycle.audit_log.latest()) == []


def test_a_version_is_published_even_if_the_search_engine_is_read_only(
    lifecycle: Lifecycle, ada: User, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.rmtree(settings.home / "index")
    with caplog.at_level(logging.ERROR):
        assert lifecycle.activate("v1", by=ada).version == "v1"
    assert "but not its factors" in caplog.text


def test_the_version_in_service_is_never_deleted(lifecycle: Lifecycle, ada: User) -> None:
    with pytest.raises(Busy, match="v2 is published"):
        lifecycle.delete("v2", by=ada)
    lifecycle.delete("v1", by=ada)
    with pytest.raises(NotFound):
        lifecycle.delete("v1", by=ada)
    assert [one.version for one in lifecycle.versions()] == ["v3", "v2"]
    assert [(act.action, act.subject) for act in lifecycle.audit_log.latest()] == [("delete", "v1")]


def test_pruning_is_audited(lifecycle: Lifecycle) -> None:
    lifecycle.registry.add(tiny.model("v4"), {})
    assert lifecycle.prune(3) == ["v3"]
    assert [(act.action, act.subject, act.by) for act in lifecycle.audit_log.latest()] == [("delete", "v3", None)]


def test_without_models_there_are_no_versions(stores: Stores, settings: Settings) -> None:
    empty = Lifecycle(Registry(settings.home / "nothing"), stores.audit_log, wiring.store(settings))
    assert (list(empty.versions()), empty.current()) == ([], None)


def test_a_pointer_to_a_missing_version_is_no_current_version(lifecycle: Lifecycle, settings: Settings) -> None:
    shutil.rmtree(settings.home / "models" / "v2")
    assert lifecycle.current() is None


def test_the_services_of_a_site_include_the_lifecycle(settings: Settings, built: Settings) -> None:
    shutil.copytree(built.home / "encoders", settings.home / "encoders")
    services = sample.services(settings)
    assert list(services.lifecycle.versions()) == []


def test_factors_are_published_once_if_another_model_serves_for_a_damaged_one(
    lifecycle: Lifecycle, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (settings.home / "models" / "v2" / "ease.npy").write_bytes(b"!")
    written: list[str] = []
    publish_factors = lifecycle.index.publish_factors

    def counted(factors: Factors) -> int:
        written.append(factors.model)
        return publish_factors(factors)

    monkeypatch.setattr(lifecycle.index, "publish_factors", counted)
    factor_publication.publish_factors(lifecycle.index, lifecycle.registry)
    assert written == ["v1"]
