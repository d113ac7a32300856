"""Making a backup: the rows as they were at one moment, the published model, the key, and the operator's catalogue."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from core.config import Settings
from core.jobs.runs import Watch
from data.catalogues import sources
from data.database.backup import dump
from engine.accounts.credentials import signing_keys
from engine.backups import manifest as manifests
from engine.backups.archive import Archive, BackupDraft
from engine.backups.manifest import Manifest, Part, StoredFile
from engine.registry import artifacts
from engine.registry.artifacts import HOLDOUT, MANIFEST
from engine.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class BackupReport:
    """A backup that was made."""

    name: str
    place: str
    manifest: Manifest
    deleted: tuple[str, ...]
    """Older backups that were deleted, because only some are kept."""


def create(settings: Settings, archive: Archive, registry: Registry, watch: Watch, *, at: datetime) -> BackupReport:
    """Make a backup while the site serves, then delete those beyond `MARQUEE_BACKUPS_KEPT`.

    Args:
        settings: of the site.
        archive: where to store it.
        registry: the trained models.
        watch: told about the progress.
        at: the current time.

    Raises:
        StoreUnavailable: the database cannot be read.
        BackupUnusable: the place cannot be written to. An incomplete backup is never listed, and removed.
        ModelMissing, DataError: the published model or the catalogue cannot be read.
    """
    name, model = archive.new_name(), registry.current() or ""
    with ExitStack() as failed:
        failed.callback(archive.remove_draft, name)
        with scratch_folder(settings) as scratch, dump.snapshot(settings.database_direct) as snapshot:
            draft = BackupDraft(archive, name, scratch)
            files = [
                *_tables(snapshot, draft, watch),
                *_model(registry, model, draft),
                *_key(settings, draft),
                *_catalogue(settings, draft, watch),
            ]
            made = Manifest(
                format=manifests.FORMAT,
                made_at=at,
                version=version("marquee"),
                database=snapshot.connection.dialect.name,
                revision=snapshot.revision,
                last_numbers=snapshot.counters,
                model=model,
                encrypted=archive.encryption.encrypts,
                files=tuple(files),
            )
        archive.finish(name, made)
        failed.pop_all()
    return BackupReport(name, str(archive), made, tuple(archive.prune(settings.backups_kept)))


@contextmanager
def scratch_folder(settings: Settings) -> Iterator[Path]:
    """Yield an empty folder below the home folder, readable only by this user; it is deleted afterwards."""
    settings.home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.home, prefix=".backup-") as folder:
        yield Path(folder)


def _tables(snapshot: dump.Snapshot, draft: BackupDraft, watch: Watch) -> Iterator[StoredFile]:
    for done, table in enumerate(snapshot.tables):
        watch.step("backing up", done, len(snapshot.tables))
        path = draft.scratch / f"{table}.jsonl.gz"
        rows = snapshot.write(table, path)
        yield draft.put(path, f"tables/{path.name}", Part.TABLE, rows=rows)
        path.unlink()
    watch.step("backing up", len(snapshot.tables), len(snapshot.tables))


def _model(registry: Registry, version: str, draft: BackupDraft) -> Iterator[StoredFile]:
    if not version:
        return
    manifest = registry.manifest(version)
    for part in ("", HOLDOUT):
        names = artifacts.names(manifest, part)
        if not names:
            continue
        folder = registry.storage.folder(version, part, names)
        artifacts.check(folder, manifest, part)
        files = [folder / file.rpartition("/")[2] for file in names]
        for path in (*files, *([folder / MANIFEST] if not part else [])):
            yield draft.put(path, f"models/{version}/{part}/{path.name}".replace("//", "/"), Part.MODEL)


def _key(settings: Settings, draft: BackupDraft) -> Iterator[StoredFile]:
    """Store the key that signs sessions and encrypts second factors, unless it is a setting."""
    path = settings.state / signing_keys.FILE
    if settings.secret_key is None and path.is_file():
        yield draft.put(path, path.name, Part.KEY)


def _catalogue(settings: Settings, draft: BackupDraft, watch: Watch) -> Iterator[StoredFile]:
    """Store the operator's own catalogue. What was downloaded can be downloaded again."""
    if settings.data_dir is None or not settings.backup_catalogue:
        return
    watch.say(f"copying the catalogue in {settings.data_dir}")
    for path in sources.own_files(settings.data_dir):
        yield draft.put(path, f"catalogue/{path.relative_to(settings.data_dir).as_posix()}", Part.CATALOGUE)
