"""`marquee models`: versions are listed, shown, compared, activated, deleted and pruned."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from core.config import Settings
from data.database import Stores
from engine import wiring
from engine.registry.lifecycle import Lifecycle
from engine.registry.mlflow_export import ExportReport
from marquee import cli
from marquee.context import Parts
from tests import databases
from tests.engine.training import tiny

FIRST, SECOND, THIRD = (f"2026010{day}-000000-000000-aaaa" for day in (1, 2, 3))
Command = Callable[..., Result]


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return databases.open_new(f"sqlite:///{tmp_path / 'people.sqlite'}")


@pytest.fixture
def lifecycle(stores: Stores, tmp_path: Path) -> Lifecycle:
    """Three versions: a published one, a better but rejected one, and a newer good one."""
    settings = Settings(home=tmp_path)
    registry = wiring.models(settings)
    for version, ndcg, status in ((FIRST, 0.3, "ready"), (SECOND, 0.4, "rejected"), (THIRD, 0.35, "ready")):
        manifest = {"metrics": {"ndcg@10": ndcg}, "parameters": {"als": {"factors": int(100 * ndcg)}}, "status": status}
        registry.add(
            tiny.model(version), {**manifest, "reasons": ["covers too few films"] if status == "rejected" else []}
        )
    registry.activate(FIRST)
    return Lifecycle(registry, stores.audit_log, wiring.store(settings))


@pytest.fixture
def models(lifecycle: Lifecycle) -> Command:
    parts = Parts(settings=Settings, lifecycle=lambda _settings: lifecycle)
    return lambda *arguments, **more: CliRunner().invoke(cli.main, ("models", *arguments), obj=parts, **more)


def test_versions_are_listed_newest_first_with_a_star_for_the_published_one(models: Command) -> None:
    lines = models("list").stdout.splitlines()
    assert [line.split()[-5] for line in lines] == ["ready", "rejected", "published"]
    assert [line[:2] for line in lines] == ["  ", "  ", "* "]
    assert "ndcg@10 0.3000" in lines[2]
    report = json.loads(models("list", "--json").stdout)
    assert [one["version"] for one in report] == [THIRD, SECOND, FIRST]
    assert report[2]["made_at"] == "2026-01-01T00:00:00+00:00"


def test_the_best_version_is_one_that_may_be_published(models: Command) -> None:
    assert models("list", "--best", "ndcg@10").stdout.split()[0] == THIRD
    refused = models("list", "--best", "smell")
    assert (refused.exit_code, "smell" in refused.stderr) == (2, True)


def test_a_version_is_shown_with_the_reasons_of_the_promotion_gate(models: Command) -> None:
    shown = models("show", SECOND).stdout
    assert "covers too few films" in shown
    assert "factors 40" in shown
    assert json.loads(models("show", SECOND, "--json").stdout)["status"] == "rejected"


def test_versions_are_compared_side_by_side(models: Command) -> None:
    lines = models("compare", FIRST, THIRD).stdout.splitlines()
    assert lines[0].split() == ["ndcg@10", "0.3000", "0.3500", "+0.0500"]
    assert lines[1].split() == ["als.factors", "30", "->", "35"]
    report = json.loads(models("compare", FIRST, THIRD, "--json").stdout)
    assert report["metrics"][0]["difference"] == pytest.approx(0.05)


def test_a_rollback_names_both_versions(models: Command, lifecycle: Lifecycle) -> None:
    assert models("activate", THIRD).stdout == f"published {THIRD} in place of {FIRST}\n"
    assert lifecycle.registry.current() == THIRD
    assert lifecycle.audit_log.latest()[0].by is None


def test_delete_asks_for_confirmation_and_refuses_the_published_version(models: Command, lifecycle: Lifecycle) -> None:
    assert models("delete", THIRD, input="n\n").exit_code == 1
    assert models("delete", THIRD, input="y\n").exit_code == 0
    refused = models("delete", FIRST, "--yes")
    assert (refused.exit_code, "is published" in refused.stderr) == (1, True)
    assert lifecycle.registry.versions() == [FIRST, SECOND]


def test_pruning_deletes_rejected_versions_first(models: Command) -> None:
    assert models("prune", "--keep", "2").stdout == f"deleted {SECOND}\n"
    assert models("prune").stdout == "nothing to delete\n"


@pytest.mark.parametrize("arguments", [("show",), ("activate",), ("delete", "--yes"), ("compare", FIRST)])
def test_an_unknown_version_exits_with_1_and_a_message(models: Command, arguments: tuple[str, ...]) -> None:
    ended = models(*arguments, "20990101-000000-000000-zzzz")
    assert (ended.exit_code, "Traceback" in ended.stderr) == (1, False)
    assert "there is no version" in ended.stderr


@pytest.mark.parametrize("command", ["list", "show", "compare", "activate", "delete", "prune"])
def test_the_help_of_every_command_has_an_example(models: Command, command: str) -> None:
    assert f"marquee models {command}" in models(command, "--help").stdout


def test_an_export_to_mlflow_names_the_versions_that_were_sent() -> None:
    parts = Parts(settings=Settings, export_models=lambda _settings, _watch: ExportReport((FIRST, SECOND), 3))
    told = CliRunner().invoke(cli.main, ("models", "export"), obj=parts)
    assert told.exit_code == 0
    assert told.stdout == f"exported {FIRST}\nexported {SECOND}\n"
    assert "2 exported, 3 known to MLflow before" in told.stderr
    plain = CliRunner().invoke(cli.main, ("models", "export", "--json"), obj=parts)
    assert json.loads(plain.stdout) == {"exported": [FIRST, SECOND], "known": 3}


def test_an_export_without_a_server_says_which_setting_is_missing(tmp_path: Path) -> None:
    parts = Parts(settings=lambda: Settings(home=tmp_path))
    ended = CliRunner().invoke(cli.main, ("models", "export"), obj=parts)
    assert ended.exit_code == 1
    assert "MARQUEE_MLFLOW_URL is not set" in ended.output
