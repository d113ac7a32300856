"""A day of events as Parquet: written in portions, with users under numbers of that day only."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.config import variable
from core.errors import EventArchiveUnusable
from core.trends import EventColumns
from data.database.stores.events import EventStore

if TYPE_CHECKING:
    import pyarrow as pa

DAY, PORTION = timedelta(days=1), timedelta(hours=1)
"""A portion is in memory at once."""
KEY_BYTES, DIGEST_BYTES = 32, 8
COMPRESSION = "zstd"
_POSITIVE = 2**63 - 1


def start_of(day: date) -> datetime:
    """Return midnight in UTC."""
    return datetime.combine(day, time(), UTC)


def write(events: EventStore, day: date, path: Path) -> int:
    """Write a day's events into a Parquet file; return their number.

    Users get numbers derived with a key that is used for this file only and stored nowhere. So the same user has the
    same number within the day, and nothing connects it to other days or to the account. Texts of searches are left out.

    Raises:
        EventArchiveUnusable: pyarrow is missing, or the file cannot be written.
        StoreUnavailable: the database cannot be read.
    """
    parquet, schema = _parquet(), _schema()
    numbers, rows = _Numbers(), 0
    try:
        with parquet.ParquetWriter(path, schema, compression=COMPRESSION) as writer:
            for portion in _portions(events, day):
                writer.write_table(_table(portion, schema, numbers))
                rows += len(portion)
    except OSError as error:
        raise EventArchiveUnusable(f"the events of {day} cannot be written to {path.parent}: {error}") from None
    return rows


def _portions(events: EventStore, day: date) -> Iterator[EventColumns]:
    start = start_of(day)
    for number in range(DAY // PORTION):
        portion = events.columns(since=start + number * PORTION, until=start + (number + 1) * PORTION)
        if len(portion):
            yield portion


def _table(events: EventColumns, schema: pa.Schema, numbers: _Numbers) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415 - optional

    columns = (
        (np.floor(events.seconds) * 1000).astype("datetime64[ms]"),
        events.kinds.astype(object),
        np.ma.MaskedArray(numbers.of(events.users), events.users < 0),
        np.ma.MaskedArray(events.movies, events.movies < 0),
        events.lists,
        np.ma.MaskedArray(events.positions, events.positions < 0),
        events.models,
        (events.queries != "").astype(np.bool_),
    )
    return pa.table([pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema)


class _Numbers:
    """The numbers of users in a file."""

    def __init__(self) -> None:
        self._key, self._known = secrets.token_bytes(KEY_BYTES), dict[int, int]()

    def of(self, users: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the number of each user."""
        distinct, places = np.unique(users, return_inverse=True)
        return np.array([self._number(user) for user in distinct.tolist()], np.int64)[places]

    def _number(self, user: int) -> int:
        if user not in self._known:
            digest = hashlib.blake2b(str(user).encode("ascii"), key=self._key, digest_size=DIGEST_BYTES).digest()
            self._known[user] = int.from_bytes(digest, "big") & _POSITIVE
        return self._known[user]


def _schema() -> pa.Schema:
    import pyarrow as pa  # noqa: PLC0415 - optional

    return pa.schema(
        [
            pa.field("at", pa.timestamp("ms", tz="UTC"), nullable=False),
            pa.field("kind", pa.string(), nullable=False),
            pa.field("user", pa.int64()),
            pa.field("movie", pa.int64()),
            pa.field("list", pa.string(), nullable=False),
            pa.field("position", pa.int64()),
            pa.field("model", pa.string(), nullable=False),
            pa.field("searched", pa.bool_(), nullable=False),
        ]
    )


def _parquet() -> Any:  # noqa: ANN401 - pyarrow has no types
    try:
        from pyarrow import parquet  # noqa: PLC0415 - optional
    except ModuleNotFoundError:
        raise EventArchiveUnusable(
            "the archive of events requires pyarrow: `pip install 'marquee[parquet]'`, "
            f"or unset {variable('events_archive_url')}"
        ) from None
    return parquet
