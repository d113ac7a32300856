"""The manifest of a backup: what it contains, written last, so that a backup without one is incomplete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError

from core.errors import BackupUnusable

NAME = "manifest.json"
FORMAT = 1


class Part(StrEnum):
    """What a file belongs to."""

    TABLE = "table"
    MODEL = "model"
    KEY = "key"
    CATALOGUE = "catalogue"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a backup, as it is stored: encrypted, if the backup is."""

    name: str
    part: Part
    size: int
    """In bytes."""
    sha256: str
    rows: int = 0
    """Rows of a table."""

    @property
    def table(self) -> str:
        """The table whose rows it contains."""
        return self.name.removeprefix("tables/").partition(".")[0]


@dataclass(frozen=True, slots=True)
class Manifest:
    """The content of a backup."""

    format: int
    made_at: datetime
    version: str
    """Of Marquee."""
    database: str
    """Kind of the database: `sqlite` or `postgresql`. A backup of either is restored into either."""
    revision: str
    """Revision of its tables."""
    last_numbers: dict[str, int]
    """The last number given to a row of each table, so that no id is given again."""
    model: str
    """The published version of the model; empty if there is none."""
    encrypted: bool
    files: tuple[StoredFile, ...]
    """Tables come in an order in which none refers to a later one."""

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(file.rows for file in self.files)

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    def of(self, part: Part) -> Sequence[StoredFile]:
        """Return the files of a part."""
        return [file for file in self.files if file.part is part]

    def content(self) -> bytes:
        """Return the file `manifest.json`."""
        return orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2)


_ADAPTER: TypeAdapter[Manifest] = TypeAdapter(Manifest)


def parse(content: bytes, *, where: str) -> Manifest:
    """Parse a manifest.

    Raises:
        BackupUnusable: it is damaged, or a newer Marquee wrote it.
    """
    try:
        found: Any = orjson.loads(content)
        written = found.get("format") if isinstance(found, dict) else None
        if isinstance(written, int) and written > FORMAT:
            raise BackupUnusable(f"{where}: made by a newer Marquee (format {written}); restore it with that version")
        return _ADAPTER.validate_json(content)
    except (orjson.JSONDecodeError, ValidationError):
        raise BackupUnusable(f"{where}: {NAME} is damaged; use an earlier backup") from None
