"""The backups in a folder or a bucket: one folder each, named by its time, with a manifest that is written last."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from core.config import Settings, variable
from core.errors import BackupUnusable, ModelMissing
from engine.backups import manifest as manifests
from engine.backups.encryption import SUFFIX, Encryption
from engine.backups.manifest import Manifest, Part, StoredFile
from engine.registry import artifacts, version_ids
from engine.registry.storage.client import StorageClient

ABANDONED = 24 * 3600.0
"""Seconds after which files without a manifest count as those of a backup that was killed."""
PRIVATE, OWN = 0o700, 0o600


@dataclass(frozen=True, slots=True)
class StoredBackup:
    """A complete backup in an archive."""

    archive: Archive
    name: str
    manifest: Manifest

    def __str__(self) -> str:
        """Return its place."""
        return f"{self.archive}/{self.name}"

    def of(self, part: Part) -> Sequence[StoredFile]:
        """Return the files of a part."""
        return self.manifest.of(part)

    def fetched(self, file: StoredFile, scratch: Path) -> AbstractContextManager[Path]:
        """Yield a verified, decrypted copy of a file in the folder `scratch`. Raises `BackupUnusable`."""
        return self.archive.fetched(self.name, file, scratch)


@dataclass(frozen=True, slots=True)
class BackupDraft:
    """A backup that is being made."""

    archive: Archive
    name: str
    scratch: Path
    """A private folder for temporary files: those to be stored may be in a folder that must not be written to."""

    def put(self, path: Path, file: str, part: Part, *, rows: int = 0) -> StoredFile:
        """Store a local file as `file`, encrypted if there is a key. Raises `BackupUnusable`."""
        if not self.archive.encryption.encrypts:
            return self.archive.send(self.name, path, StoredFile(file, part, 0, "", rows))
        encrypted = self.scratch / "encrypted"
        try:
            self.archive.encryption.encrypt(path, encrypted)
            return self.archive.send(self.name, encrypted, StoredFile(f"{file}{SUFFIX}", part, 0, "", rows))
        finally:
            encrypted.unlink(missing_ok=True)


class Archive:
    """All backups of a site. Files are encrypted on their way in, verified and decrypted on their way out."""

    def __init__(self, settings: Settings, url: str = "") -> None:
        """Name the place; nothing is contacted yet.

        Args:
            settings: of the site.
            url: a folder or any fsspec URL, instead of `MARQUEE_BACKUP_URL`.

        Raises:
            BackupUnusable: neither is given.
            InvalidSettings: a key is malformed.
        """
        place = url or settings.backup_url.get_secret_value()
        if not place:
            raise BackupUnusable(
                f"no place for backups: set {variable('backup_url')} to a folder or a bucket (s3://bucket/backups)"
            )
        self._folder = None if "://" in place else Path(place).expanduser().absolute()
        self._client = StorageClient(place if self._folder is None else self._folder.as_uri())
        self.encryption = Encryption(settings)

    def __str__(self) -> str:
        """Return the place."""
        return str(self._folder or self._client.url)

    def names(self) -> list[str]:
        """Return the complete backups, oldest first. Raises `BackupUnusable` if the place is unreachable."""
        return sorted(name for name, files in self._listed().items() if manifests.NAME in files)

    def latest(self) -> str:
        """Return the newest complete backup. Raises `BackupUnusable` if there is none."""
        if not (names := self.names()):
            raise BackupUnusable(f"{self} contains no complete backup; `marquee backup` makes one")
        return names[-1]

    def new_name(self) -> str:
        """Return a name after those of all backups here."""
        return version_ids.new(self._listed())

    def open(self, name: str) -> StoredBackup:
        """Return a complete backup. Raises `BackupUnusable` if it is missing or its manifest is damaged."""
        if not version_ids.safe(name):
            raise BackupUnusable(f"{name!r} is not the name of a backup; `marquee backup --list` shows them")
        with self._reached(f"{name}/{manifests.NAME}"):
            content = self._client.read_or_none(f"{name}/{manifests.NAME}")
        if content is None:
            raise BackupUnusable(f"{self} has no complete backup {name}; `marquee backup --list` shows those there are")
        return StoredBackup(self, name, manifests.parse(content, where=f"{self}/{name}"))

    def send(self, name: str, path: Path, file: StoredFile) -> StoredFile:
        """Store a local file as it is; return its entry with size and checksum. Raises `BackupUnusable`."""
        if self._folder is not None:
            with self._reached(name):
                (self._folder / name).mkdir(parents=True, exist_ok=True, mode=PRIVATE)
        with self._reached(f"{name}/{file.name}"):
            self._client.send(path, f"{name}/{file.name}")
        self._settle(f"{name}/{file.name}")
        return replace(file, size=path.stat().st_size, sha256=artifacts.checksum(path))

    def finish(self, name: str, manifest: Manifest) -> None:
        """Complete a backup: from now on it is listed. Raises `BackupUnusable`."""
        with self._reached(name):
            self._client.write(f"{name}/{manifests.NAME}", manifest.content())
        self._settle(f"{name}/{manifests.NAME}")

    @contextlib.contextmanager
    def fetched(self, name: str, file: StoredFile, scratch: Path) -> Iterator[Path]:
        """Yield a verified, decrypted copy of a file; it is deleted afterwards.

        Raises:
            BackupUnusable: the file is missing, damaged, or cannot be decrypted.
        """
        stored, plain = scratch / "fetched", scratch / Path(file.name).name.removesuffix(SUFFIX)
        try:
            with self._reached(f"{name}/{file.name}"):
                self._client.fetch(f"{name}/{file.name}", stored)
            if artifacts.checksum(stored) != file.sha256:
                raise BackupUnusable(f"{self}/{name}/{file.name} is damaged (wrong checksum); use another backup")
            if file.name.endswith(SUFFIX):
                self.encryption.decrypt(stored, plain)
            else:
                stored.replace(plain)
            yield plain
        finally:
            stored.unlink(missing_ok=True)
            plain.unlink(missing_ok=True)

    def remove(self, name: str) -> None:
        """Delete a backup, its manifest first, so that a partial one is never listed. Raises `BackupUnusable`."""
        with self._reached(name):
            if self._client.read_or_none(f"{name}/{manifests.NAME}") is not None:
                self._client.remove(f"{name}/{manifests.NAME}")
            self._client.remove_folder(name)

    def remove_draft(self, name: str) -> None:
        """Delete what was stored of a backup that failed, as far as the place can be reached."""
        with contextlib.suppress(BackupUnusable):
            self.remove(name)

    def prune(self, keep: int) -> list[str]:
        """Delete all but the newest backups, and what killed ones left; return the names of deleted backups."""
        listed = self._listed()
        complete = sorted(name for name, files in listed.items() if manifests.NAME in files)
        for name in (gone := complete[:-keep]):
            self.remove(name)
        for name, files in listed.items():
            if name not in complete and all(time.time() - at > ABANDONED for at in files.values()):
                self.remove(name)
        return gone

    def _settle(self, file: str) -> None:
        """Make a local file private, and survive a power cut; buckets do both themselves."""
        if self._folder is not None:
            with self._reached(file):
                (self._folder / file).chmod(OWN)
                artifacts.settle(self._folder / file)

    def _listed(self) -> dict[str, dict[str, float]]:
        """Return the time of each file by backup and name."""
        with self._reached(""):
            stored = self._client.listed()
        found: dict[str, dict[str, float]] = {}
        for path, about in stored.items():
            name, separator, file = path.partition("/")
            if separator and version_ids.moment(name):
                found.setdefault(name, {})[file] = about.at
        return found

    @contextlib.contextmanager
    def _reached(self, file: str) -> Iterator[None]:
        try:
            yield
        except (ModelMissing, OSError) as error:
            reason = f"{os.strerror(error.errno)}" if isinstance(error, OSError) and error.errno else str(error)
            raise BackupUnusable(f"{self}/{file}: {reason}".replace("/:", ":")) from None
