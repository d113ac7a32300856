"""A small site with rows in nearly every table, a model, a key and a catalogue of its own, for tests of backups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyrage
import sqlalchemy as sa
from pydantic import SecretStr

from core.config import Settings
from core.jobs.work import SilentWatch
from core.types import MovieId
from core.users import Event, EventKind, MarkKind
from data import database
from data.catalogues import marquee_format
from data.database import Stores
from data.database.schema import metadata
from engine import wiring
from engine.accounts.credentials import signing_keys
from engine.backups import creation, restoration
from engine.backups.archive import Archive
from engine.backups.creation import BackupReport
from engine.backups.restoration import RestoreReport
from tests.data.database import servers
from tests.engine.training import tiny

NOW = datetime(2026, 11, 21, 0, 40, tzinfo=UTC)
WATCH = SilentWatch()
CATALOGUE = '{"id": 1, "title": "Alpha"}\n'
IDENTITY = pyrage.x25519.Identity.generate()
SECRET = SecretStr(str(IDENTITY))
PUBLIC = str(IDENTITY.to_public())


def settings(home: Path, url: str, **given: Any) -> Settings:
    """Return the settings of a site below a folder, whose backups are kept beside it."""
    values = {"home": home / "home", "database_url": SecretStr(url), "backup_url": SecretStr(str(home / "backups"))}
    return Settings(**(values | given))


def fill(made: Settings) -> Stores:
    """Write rows into the tables of a site, publish a model, make a key and a catalogue; return the open stores."""
    stores = database.open(made.database)
    ann = servers.sign_up(stores)
    stores.diaries.rate(ann.id, {MovieId(movie): movie % 10 / 2 + 0.5 for movie in range(1, 301)}, at=servers.NOW)
    stores.diaries.mark(ann.id, MarkKind.WATCHLIST, [MovieId(3)], on=True, at=servers.NOW)
    stores.diaries.review(ann.id, MovieId(949), "a line\nand “another” – 永", at=servers.NOW)
    stores.events.add([Event(at=servers.NOW, user=ann.id, kind=EventKind.CLICK, movie=MovieId(603), list="search")])
    servers.say_what_runs_by_the_clock(stores, ann)
    servers.fill_credentials(stores, ann)
    servers.fill_watches(stores, ann)
    servers.fill_social(stores, ann)
    servers.fill_sync(stores, ann)
    wiring.models(made).publish(replace(tiny.model("v0"), version="v1"), {}, holdout_model=tiny.model("v0", seed=2))
    signing_keys.secret_key(made)
    if made.data_dir is not None:
        made.data_dir.mkdir()
        (made.data_dir / marquee_format.JSON_LINES).write_text(CATALOGUE, encoding="utf-8")
    return stores


def back_up(made: Settings) -> BackupReport:
    """Make a backup."""
    return creation.create(made, Archive(made), wiring.models(made), WATCH, at=NOW)


def restore(made: Settings, name: str) -> RestoreReport:
    """Restore a backup."""
    return restoration.restore(made, Archive(made).open(name), wiring.models(made), WATCH)


def content(url: str, leaving_out: Iterable[str] = ()) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all tables."""
    with servers.raw(url) as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
            for table in metadata.sorted_tables
            if table.name not in leaving_out
        }
