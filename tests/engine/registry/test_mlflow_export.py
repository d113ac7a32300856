"""The export of versions to a real MLflow server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from mlflow import MlflowClient
from pydantic import SecretStr

from core.config import Settings
from core.errors import InvalidSettings, ServiceUnavailable
from core.jobs.work import SilentWatch
from engine.registry import mlflow_export
from engine.registry.mlflow_export import NAME, PUBLISHED, VERSION
from engine.registry.registry import Registry
from tests import mlflow_servers
from tests.engine.training import tiny
from tests.marquee.processes import free_port

pytestmark = pytest.mark.slow

TOLD = {
    "metrics": {"ndcg@10": 0.3, "rmse": 0.9},
    "baselines": {"popularity": {"ndcg@10": 0.1}},
    "parameters": {"als": {"factors": 96}, "seed": 7},
    "parents": ["v0"],
    "data_hash": "d" * 64,
    "learned_from": {"users": 12, "ratings": 345},
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with mlflow_servers.running(tmp_path_factory.mktemp("mlflow")) as url:
        yield url


@pytest.fixture
def settings(server: str, tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, mlflow_url=SecretStr(server), mlflow_experiment=tmp_path.name)


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """Two versions, the first of them published; named like the test, because the server is shared."""
    registry = Registry(tmp_path / "models")
    for number in (1, 2):
        registry.add(tiny.model(f"{tmp_path.name}-{number}"), TOLD)
    registry.activate(f"{tmp_path.name}-1")
    return registry


def test_versions_metrics_parameters_and_lineage_are_visible_in_mlflow(
    server: str, settings: Settings, registry: Registry
) -> None:
    first, second = registry.versions()
    assert mlflow_export.export(settings, registry, SilentWatch()).exported == (first, second)
    client = MlflowClient(server, server)
    published = client.get_model_version_by_alias(NAME, PUBLISHED)
    assert published.tags[VERSION] == first
    assert published.tags["marquee.parents"] == "v0"
    assert "Trained on 12 users, 345 ratings." in published.description
    run = client.get_run(published.run_id)
    assert run.data.metrics == {"ndcg_at_10": 0.3, "rmse": 0.9, "popularity.ndcg_at_10": 0.1}
    assert run.data.params == {"als.factors": "96", "seed": "7"}
    assert run.info.status == "FINISHED"
    assert run.info.run_name == first
    (data,) = run.inputs.dataset_inputs
    assert (data.dataset.name, data.dataset.digest) == ("ratings", "d" * 36)
    described = Path(client.download_artifacts(run.info.run_id, "manifest.json", str(settings.home)))
    assert json.loads(described.read_text(encoding="utf-8"))["parameters"] == {"als": {"factors": 96}, "seed": 7}


def test_a_second_export_sends_only_new_versions_and_moves_the_alias(
    server: str, settings: Settings, registry: Registry
) -> None:
    mlflow_export.export(settings, registry, SilentWatch())
    known = mlflow_export.export(settings, registry, SilentWatch())
    assert known.exported == ()
    assert known.known >= 2
    added = f"{settings.home.name}-3"
    registry.add(tiny.model(added), TOLD)
    registry.activate(added)
    assert mlflow_export.export(settings, registry, SilentWatch()).exported == (added,)
    assert MlflowClient(server, server).get_model_version_by_alias(NAME, PUBLISHED).tags[VERSION] == added


def test_nothing_is_printed(settings: Settings, registry: Registry, capfd: pytest.CaptureFixture[str]) -> None:
    mlflow_export.export(settings, registry, SilentWatch())
    assert capfd.readouterr() == ("", "")


def test_damaged_versions_are_not_exported(settings: Settings, registry: Registry) -> None:
    first, second = registry.versions()
    (settings.home / "models" / second / "manifest.json").write_bytes(b"{")
    assert mlflow_export.export(settings, registry, SilentWatch()).exported == (first,)


def test_without_a_server_the_export_says_what_to_set(registry: Registry, tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="MARQUEE_MLFLOW_URL is not set"):
        mlflow_export.export(Settings(home=tmp_path), registry, SilentWatch())


def test_a_training_goes_on_without_the_server_and_says_so(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    url = f"http://ann:a-secret-word@127.0.0.1:{free_port()}"
    away = Settings(home=tmp_path, mlflow_url=SecretStr(url))
    with pytest.raises(ServiceUnavailable, match="MLflow does not accept the export") as caught:
        mlflow_export.export(away, registry, SilentWatch())
    assert "a-secret-word" not in str(caught.value)
    said: list[str] = []
    watch = SilentWatch()
    watch.say = said.append  # type: ignore[method-assign]
    mlflow_export.export_if_set(away, registry, watch)
    assert said[0].startswith("the model was not exported to MLflow")
