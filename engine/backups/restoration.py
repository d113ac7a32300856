"""Restoring a backup: into an empty database and beside whatever else is there, never over it."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.config import Settings, variable
from core.errors import BackupUnusable, Busy
from core.jobs.runs import Watch
from data.database.backup import load
from engine.accounts.credentials import signing_keys
from engine.backups.archive import StoredBackup
from engine.backups.creation import scratch_folder
from engine.backups.manifest import Manifest, Part, StoredFile
from engine.registry.registry import Registry

OWN = 0o600


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What a backup was restored to."""

    name: str
    manifest: Manifest
    tables: Mapping[str, int]
    """Rows of each table, counted in the restored database."""
    remarks: tuple[str, ...]
    """What was there already and therefore not restored."""


def restore(settings: Settings, backup: StoredBackup, registry: Registry, watch: Watch) -> RestoreReport:
    """Restore a backup into the database, the model storage and the folders that the settings name.

    Every file is verified before its use. The database is filled in one transaction, so that a failure leaves it empty
    and the restore can be repeated.

    Args:
        settings: of the restored site; its database must be empty.
        backup: what to restore.
        registry: the trained models of the restored site.
        watch: told about the progress.

    Raises:
        BackupUnusable: a file is missing, damaged or encrypted for another key, or another key is in place.
        StoreUnavailable: the database is unreachable or not empty.
        DataError: rows are missing.
    """
    remarks: list[str] = []
    with scratch_folder(settings) as scratch:
        remarks += _key(settings, backup, scratch)
        _database(settings, backup, scratch, watch)
        remarks += _model(backup, registry, scratch)
        remarks += _catalogue(settings, backup, scratch)
    found = load.count(settings.database_direct)
    expected = {file.table: file.rows for file in backup.of(Part.TABLE)}
    missing = [
        f"{table}: {found.get(table, 0):,} of {rows:,}" for table, rows in expected.items() if found.get(table) != rows
    ]
    if missing:
        raise BackupUnusable(f"{backup}: rows are missing after restoring ({', '.join(missing)})")
    return RestoreReport(backup.name, backup.manifest, found, tuple(remarks))


def _database(settings: Settings, backup: StoredBackup, scratch: Path, watch: Watch) -> None:
    files = {file.table: file for file in backup.of(Part.TABLE)}
    total, before = backup.manifest.rows, 0

    @contextlib.contextmanager
    def opened(table: str) -> Iterator[Path]:
        nonlocal before
        with backup.fetched(files[table], scratch) as path:
            yield path
        before += files[table].rows

    load.load(
        settings.database_direct,
        {table: file.rows for table, file in files.items()},
        opened,
        revision=backup.manifest.revision,
        last_numbers=backup.manifest.last_numbers,
        told=lambda rows: watch.step("restoring", before + rows, total),
    )


def _key(settings: Settings, backup: StoredBackup, scratch: Path) -> Iterator[str]:
    """Put the key into its place. With another key, nobody could use a second factor any more."""
    for file in backup.of(Part.KEY):
        with backup.fetched(file, scratch) as path:
            key, place = path.read_bytes(), settings.state / signing_keys.FILE
        if settings.secret_key is not None:
            if settings.secret_key.get_secret_value().encode() != key.strip():
                raise BackupUnusable(
                    f"{variable('secret_key')} is another key than that of the backup, with which second factors are "
                    f"encrypted: unset it, so that {place} is restored"
                )
            continue
        if place.exists() and place.read_bytes().strip() != key.strip():
            raise BackupUnusable(
                f"{place} is another key than that of the backup, with which second factors are encrypted: move it away"
            )
        if place.exists():
            yield f"{place} is the key of the backup already"
            continue
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWN), "wb") as out:
            out.write(key)


def _model(backup: StoredBackup, registry: Registry, scratch: Path) -> Iterator[str]:
    files = backup.of(Part.MODEL)
    if not files:
        return
    with registry.storage.drafting() as draft:
        for file in files:
            with backup.fetched(file, scratch) as path:
                _move(path, draft / Path(file.name).relative_to(f"models/{backup.manifest.model}").with_name(path.name))
        try:
            with registry.storage.alone():
                registry.storage.commit(draft, backup.manifest.model)
        except Busy:
            yield f"the model {backup.manifest.model} is there already"
    registry.activate(backup.manifest.model)


def _catalogue(settings: Settings, backup: StoredBackup, scratch: Path) -> Iterator[str]:
    files = backup.of(Part.CATALOGUE)
    if files and settings.data_dir is None:
        yield f"the catalogue ({len(files)} files) was not restored: set {variable('data_dir')} to the folder for it"
        return
    for file in files:
        with backup.fetched(file, scratch) as path:
            yield from _placed(file, path, settings.data_dir or Path())


def _placed(file: StoredFile, path: Path, folder: Path) -> Iterator[str]:
    place = folder / Path(file.name).relative_to("catalogue").with_name(path.name)
    if not place.resolve().is_relative_to(folder.resolve()):
        raise BackupUnusable(f"{file.name}: not a file of the catalogue")
    if place.exists():
        yield f"{place} exists already, and was kept"
    else:
        _move(path, place)


def _move(path: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(path, place)
