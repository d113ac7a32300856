"""The jobs `backup` and `restore-drill`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from core.config import Settings
from core.errors import BackupUnusable
from core.jobs.job_catalogue import find
from data import database
from engine import wiring
from engine.backups import jobs
from engine.backups.archive import Archive
from engine.backups.manifest import Part
from jobs.timetable import trigger
from tests.engine.backups import site
from tests.engine.catalogue.test_refresh import Working


@pytest.fixture
def filled(tmp_path: Path) -> Settings:
    settings = site.settings(tmp_path, f"sqlite:///{tmp_path / 'people.sqlite'}", data_dir=tmp_path / "films")
    database.close(site.fill(settings))
    return settings


def run(job: Any, settings: Settings, *, later: timedelta = timedelta()) -> Mapping[str, Any]:
    stores = database.open(settings.database)
    try:
        context = wiring.job_context(settings, stores, lambda: site.NOW + later)
        figures: Mapping[str, Any] = job(context, Working(), parameters={}).figures
    finally:
        database.close(stores)
    return figures


def test_without_a_place_nothing_is_backed_up(filled: Settings) -> None:
    settings = filled.model_copy(update={"backup_url": SecretStr("")})
    assert run(jobs.back_up, settings) == {}
    assert run(jobs.drill, settings) == {}


def test_a_backup_passes_the_drill_and_the_site_is_untouched(filled: Settings) -> None:
    before = site.content(filled.database)
    made = run(jobs.back_up, filled)
    assert made["backup"] == Archive(filled).latest()
    assert made["rows"] == sum(map(len, before.values()))
    drilled = run(jobs.drill, filled, later=timedelta(days=1))
    assert (drilled["backup"], drilled["rows"]) == (made["backup"], made["rows"])
    assert site.content(filled.database) == before
    assert not list(filled.home.glob(".backup-*"))


def test_encrypted_backups_pass_the_drill(filled: Settings) -> None:
    settings = filled.model_copy(update={"backup_identity": site.SECRET})
    assert run(jobs.back_up, settings)["encrypted"] is True
    assert run(jobs.drill, settings)["rows"] > 600


def test_a_drill_without_a_backup_fails(filled: Settings) -> None:
    with pytest.raises(BackupUnusable, match="contains no complete backup"):
        run(jobs.drill, filled)


def test_a_drill_with_an_old_backup_fails(filled: Settings) -> None:
    run(jobs.back_up, filled)
    with pytest.raises(BackupUnusable, match="is 3 days old; see `marquee jobs history backup`"):
        run(jobs.drill, filled, later=timedelta(days=3, hours=1))


@pytest.mark.parametrize("part", [Part.TABLE, Part.MODEL, Part.KEY, Part.CATALOGUE])
def test_a_drill_finds_damage_in_any_part(filled: Settings, part: Part) -> None:
    run(jobs.back_up, filled)
    backup = Archive(filled).open(Archive(filled).latest())
    (*_, file) = backup.of(part)
    path = Path(str(backup)) / file.name
    path.write_bytes(path.read_bytes() + b"?")
    with pytest.raises(BackupUnusable, match=f"{file.name} is damaged"):
        run(jobs.drill, filled)


def test_the_drill_runs_once_a_month() -> None:
    job = find("restore-drill")
    assert job is not None
    first = trigger(job.schedule).get_next_fire_time(None, site.NOW)
    assert (first.month, first.day) == (12, 1)
    second = trigger(job.schedule).get_next_fire_time(first, first + timedelta(days=1))
    assert (second.month, second.day) == (1, 1)
