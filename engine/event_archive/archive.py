"""The place of the archive: a folder for each day, and a list of what was written, which is replaced last."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import orjson

from core.config import Settings
from core.errors import EventArchiveUnusable, ModelMissing
from core.trends import DayState
from engine.registry import artifacts
from engine.registry.storage.client import StorageClient

LISTED = "_days.json"
"""The list of the days; readers of Parquet ignore names with an underscore."""
PREFIX, FILE = "day=", "part-0.parquet"
PRIVATE, OWN = 0o700, 0o600


@dataclass(frozen=True, slots=True)
class EventArchive:
    """The days in a folder or a bucket. Every call raises `EventArchiveUnusable` if it cannot be reached."""

    folder: Path | None
    client: StorageClient

    @classmethod
    def of(cls, settings: Settings) -> EventArchive | None:
        """Return the archive of these settings; None if there is none."""
        place = settings.events_archive_url.get_secret_value()
        if not place:
            return None
        folder = None if "://" in place else Path(place).expanduser().absolute()
        return cls(folder, StorageClient(place if folder is None else folder.as_uri()))

    def __str__(self) -> str:
        """Return the place."""
        return str(self.folder or self.client.url)

    def days(self) -> dict[date, DayState]:
        """Return the days that are completely written, with the state of the database's day at that time."""
        with self._reached(LISTED):
            content = self.client.read_or_none(LISTED)
        if content is None:
            return {}
        try:
            return {date.fromisoformat(day): DayState(**state) for day, state in orjson.loads(content).items()}
        except (ValueError, TypeError, AttributeError) as error:
            raise EventArchiveUnusable(
                f"{self}/{LISTED} is damaged ({error}): delete it, so that the days in the database are written again"
            ) from None

    def put(self, day: date, path: Path) -> None:
        """Store the file of a day in one step; readers see the previous file or this one."""
        name = f"{PREFIX}{day}/{FILE}"
        with self._reached(name):
            if self.folder is None:
                self.client.send(path, name)
                return
            self._replace(self.folder / name, path)

    def write(self, days: Mapping[date, DayState]) -> None:
        """Replace the list of the days."""
        content = orjson.dumps({str(day): asdict(state) for day, state in sorted(days.items())})
        with self._reached(LISTED):
            if self.folder is None:
                self.client.write(LISTED, content)
                return
            self._replace(self.folder / LISTED, content)

    def remove(self, day: date) -> None:
        """Delete the file of a day, if it is there."""
        name = f"{PREFIX}{day}"
        with self._reached(name):
            if self.client.listed(name):
                self.client.remove_folder(name)

    def _replace(self, target: Path, source: Path | bytes) -> None:
        """Put a file into a folder, complete and durable, under its name."""
        target.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
        draft = target.with_name(f".{target.name}.draft")
        try:
            if isinstance(source, Path):
                shutil.copyfile(source, draft)
            else:
                draft.write_bytes(source)
            draft.chmod(OWN)
            artifacts.settle(draft)
            draft.replace(target)
            artifacts.settle(target)
        finally:
            draft.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _reached(self, name: str) -> Iterator[None]:
        try:
            yield
        except (ModelMissing, OSError) as error:
            reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
            raise EventArchiveUnusable(f"{self}/{name}: {reason}") from None
