"""The interactions of a training as Parquet files beside the models, which all workers of Spark read.

    models/.snapshot-<key>/
      bucket=00/part.parquet … bucket=31/part.parquet     by the first bits of the hash of the user's name
      …                                                   results of Spark that are larger than its driver's memory

A snapshot is deleted when its training ends. What a killed training left is deleted by the next one: of the same key at
once, since it has the same checkpoint, whose lock only one process holds; of other keys after a day.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.config import Settings
from core.errors import DataError
from engine.recommender.models.interactions import Interactions
from engine.registry.storage import factory
from engine.registry.storage.client import OPTIONS
from engine.spark import session
from engine.training.evaluation import splits

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem
    from pyspark.sql import DataFrame, SparkSession

PREFIX = ".snapshot-"
"""Of the folders' names; model storages ignore what begins with a full stop."""
BUCKETS = 32
BUCKET_BITS = 5
ROWS = 1_000_000
"""Rows of a group in a file: what is in memory at once besides the interactions."""
OLD = 86_400.0
"""Seconds after which a snapshot counts as abandoned: no training takes a day."""


@dataclass(frozen=True)
class SnapshotFolder:
    """A folder that this process reaches with fsspec and Spark with its own file systems."""

    files: AbstractFileSystem
    root: str
    """The folder in `files`."""
    url: str
    """The folder for Spark."""

    def write(self, rated: Interactions) -> None:
        """Write interactions by users."""
        hashes = splits.name_hashes(rated.names).view(np.int64)
        buckets = _buckets(hashes)[rated.users]
        for bucket in range(BUCKETS):
            rows = np.flatnonzero(buckets == bucket)
            if len(rows):
                self._write_bucket(bucket, rated.select(rows), hashes)

    def read(self, running: SparkSession) -> DataFrame:
        """Return the interactions: user, hash, movie, weight, stars and time."""
        return running.read.parquet(*(f"{self.url}/{name}" for name in self._written()))

    def table(self, name: str) -> Iterator[Any]:
        """Yield the batches (pyarrow) of a table that Spark wrote with `DataFrame.write.parquet(f"{url}/{name}")`."""
        from pyarrow import parquet  # noqa: PLC0415 - an extra

        for path in sorted(self.files.glob(f"{self.root}/{name}/*.parquet")):
            with self.files.open(path, "rb") as file:
                yield from parquet.ParquetFile(file).iter_batches(batch_size=ROWS)

    def remove(self) -> None:
        """Delete the folder."""
        with contextlib.suppress(FileNotFoundError):
            self.files.rm(self.root, recursive=True)

    def _write_bucket(self, bucket: int, rated: Interactions, hashes: NDArray[np.int64]) -> None:
        import pyarrow  # noqa: PLC0415 - an extra
        from pyarrow import parquet  # noqa: PLC0415

        bucket_folder = f"{self.root}/bucket={bucket:02}"
        self.files.makedirs(bucket_folder, exist_ok=True)
        table = pyarrow.table(
            {
                "user": rated.users.astype(np.int32),
                "hash": hashes[rated.users],
                "movie": rated.movies,
                "weight": rated.weights,
                "stars": rated.stars,
                "time": rated.times,
            }
        )
        with self.files.open(f"{bucket_folder}/part.parquet", "wb") as file:
            parquet.write_table(table, file, row_group_size=ROWS)

    def _written(self) -> list[str]:
        found = sorted(path.rpartition("/")[2] for path in self.files.glob(f"{self.root}/bucket=*"))
        if not found:
            raise DataError("the snapshot contains no interactions", file=self.root)
        return found


@contextlib.contextmanager
def kept(settings: Settings, key: str, rated: Interactions) -> Iterator[SnapshotFolder]:
    """Write a snapshot; delete it at the end, and abandoned ones before."""
    folder = at(settings, key)
    _remove_abandoned(folder)
    folder.remove()
    try:
        folder.write(rated)
        yield folder
    finally:
        folder.remove()


def at(settings: Settings, key: str) -> SnapshotFolder:
    """Return the folder of a snapshot, below the model storage."""
    from fsspec.core import url_to_fs  # noqa: PLC0415 - slow to import

    url = f"{location(settings)}/{PREFIX}{key}"
    protocol, separator, _ = url.partition("://")
    files, root = url_to_fs(url, **(OPTIONS.get(protocol, {}) if separator else {"auto_mkdir": True}))
    return SnapshotFolder(files, root, session.spark_url(url))


def location(settings: Settings) -> str:
    """Return the model storage as a URL, or as a path if it is local."""
    storage = factory.storage(settings.models_url.get_secret_value(), home=settings.home)
    return str(storage)


def _remove_abandoned(folder: SnapshotFolder) -> None:
    """Delete snapshots of killed trainings. Their time is that of their oldest file: a folder has none in a bucket."""
    parent = folder.root.rpartition("/")[0]
    for other in folder.files.glob(f"{parent}/{PREFIX}*"):
        written = [_written_at(about) for about in folder.files.find(other, detail=True).values()]
        if not written or time.time() - min(written) > OLD:
            with contextlib.suppress(FileNotFoundError):
                folder.files.rm(other, recursive=True)


def _written_at(about: dict[str, Any]) -> float:
    at = about.get("LastModified") or about.get("mtime") or time.time()
    return at.timestamp() if hasattr(at, "timestamp") else float(at)


def _buckets(hashes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return int64, like `hashes`: the bucket of each user, 0 to `BUCKETS` - 1."""
    return np.asarray(hashes.view(np.uint64) >> np.uint64(splits.HASH_BITS - BUCKET_BITS), np.int64)
