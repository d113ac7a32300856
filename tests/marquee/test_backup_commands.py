"""`marquee backup` and `marquee restore`, run as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pydantic import SecretStr

from core.config import Settings
from data import database
from marquee import cli
from marquee.context import Parts
from tests.engine.backups import site


@pytest.fixture
def filled(tmp_path: Path) -> Settings:
    settings = site.settings(tmp_path, f"sqlite:///{tmp_path / 'people.sqlite'}")
    database.close(site.fill(settings))
    return settings


def run(settings: Settings, *arguments: str) -> Result:
    return CliRunner().invoke(cli.main, arguments, obj=Parts(settings=lambda: settings))


def test_a_backup_is_made_listed_drilled_and_restored(filled: Settings, tmp_path: Path) -> None:
    made = run(filled, "backup")
    assert made.exit_code == 0, made.output
    name = made.stdout.split(":")[0].rpartition("/")[2]
    assert "rows of sqlite, model v1" in made.stdout

    assert run(filled, "backup", "--list").stdout.startswith(f"{name}  ")
    (listed,) = json.loads(run(filled, "backup", "--list", "--json").stdout)
    assert (listed["name"], listed["encrypted"], listed["model"]) == (name, False, "v1")

    drilled = run(filled, "restore", "--drill")
    assert drilled.exit_code == 0, drilled.output
    assert drilled.stdout.startswith(f"{name} can be restored: {listed['rows']:,} rows")

    refused = run(filled, "restore")
    assert refused.exit_code == 1
    assert "is not empty" in refused.stderr
    after = site.settings(tmp_path / "after", f"sqlite:///{tmp_path / 'after.sqlite'}", backup_url=filled.backup_url)
    restored = run(after, "restore", name)
    assert restored.exit_code == 0, restored.output
    assert restored.stdout.startswith(f"restored {name}: ")
    assert "now run `marquee index`" in restored.stderr
    assert site.content(after.database) == site.content(filled.database)


def test_another_place_can_be_named(filled: Settings, tmp_path: Path) -> None:
    place = str(tmp_path / "elsewhere")
    made = json.loads(run(filled, "backup", "--at", place, "--json").stdout)
    assert made["place"] == place
    assert run(filled, "backup", "--list").stdout == ""
    restored = run(filled, "restore", made["name"], "--at", place, "--drill", "--json")
    assert restored.exit_code == 0, restored.output
    report = json.loads(restored.stdout)
    assert sum(report["restored"].values()) == made["rows"]


def test_old_backups_are_deleted_and_counted(filled: Settings) -> None:
    settings = filled.model_copy(update={"backups_kept": 1})
    run(settings, "backup")
    assert "deleted older backups: 1" in run(settings, "backup").stderr


def test_without_a_place_the_setting_is_named(filled: Settings) -> None:
    settings = filled.model_copy(update={"backup_url": SecretStr("")})
    failed = run(settings, "backup")
    assert failed.exit_code == 1
    assert "set MARQUEE_BACKUP_URL" in failed.stderr
