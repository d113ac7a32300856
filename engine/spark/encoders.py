"""An encoder of movies' texts that shares the texts among Spark's workers; each worker process loads the model once.

Each text is encoded by itself and unpadded, so the vectors are those of one machine, bit for bit, if its processors are
of the same kind (`docs/training.md`). The folder of the exported encoder must exist on every worker under the same
path.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.config import Settings
from core.ports import Encoder, Vectors
from engine.search.encoders.encoder import OnnxEncoder
from engine.search.encoders.multilingual import Prefixed
from engine.spark import session

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import SparkSession

TEXTS = 64
"""Texts that a worker encodes between two batches of vectors: half a minute of work at most."""
MOVIES = 128
"""Movies for each core between two saved parts."""
SCHEMA = "place int, vector binary"


class SparkEncoder:
    """Encodes like an `OnnxEncoder`, on the workers of a session."""

    def __init__(self, running: SparkSession, encoder: OnnxEncoder, *, name: str = "") -> None:
        self._session, self._encoder, self._name = running, encoder, name or encoder.name
        self._cores = running.sparkContext.defaultParallelism

    @property
    def name(self) -> str:
        """The identity of the vector space."""
        return self._name

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return self._encoder.dimension

    @property
    def chunk(self) -> int:
        """How many movies should be encoded at once."""
        return self._cores * MOVIES

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return float32, (n_texts, dimension), unit rows. Raises `ServiceUnavailable` if Spark fails."""
        import pyarrow  # noqa: PLC0415 - an extra

        if not texts:
            return np.empty((0, self.dimension), np.float32)
        given = pyarrow.table({"place": np.arange(len(texts), dtype=np.int32), "text": list(texts)})
        task = partial(_encode, folder=self._encoder.folder, prompt=self._encoder.prompt)
        with session.failures("encode the movies"):
            # By turns, since callers sort texts by length: parts of neighbours would take unequal times.
            spread = self._session.createDataFrame(given).repartition(self._cores)
            found = spread.mapInArrow(task, SCHEMA).toArrow()
        vectors = np.empty((len(texts), self.dimension), np.float32)
        vectors[found["place"].to_numpy()] = [np.frombuffer(row, "<f4") for row in found["vector"].to_pylist()]
        return vectors


@contextlib.contextmanager
def sharing(settings: Settings) -> Iterator[Callable[[Encoder], tuple[Encoder, int]]]:
    """Yield a function that returns an encoder on Spark's workers, and the number of movies that it should get at once.

    Raises:
        InvalidSettings, ServiceUnavailable: Spark cannot be used.
    """
    with session.opened(settings, name="encoding") as running:

        def shared(encoder: Encoder) -> tuple[Encoder, int]:
            opened = encoder.encoder if isinstance(encoder, Prefixed) else encoder
            if not isinstance(opened, OnnxEncoder):
                raise TypeError(f"expected an exported encoder, not {type(opened).__name__}")
            found = SparkEncoder(running, opened, name=encoder.name)
            return found, found.chunk

        yield shared


def _encode(batches: Iterator[pyarrow.RecordBatch], *, folder: Path, prompt: str) -> Iterator[pyarrow.RecordBatch]:
    """Encode texts on a worker."""
    import pyarrow  # noqa: PLC0415

    encoder = _opened(folder, prompt)
    for batch in batches:
        for start in range(0, len(batch), TEXTS):
            part = batch.slice(start, TEXTS)
            vectors = encoder.encode(part["text"].to_pylist())
            rows = [vector.astype("<f4").tobytes() for vector in vectors]
            yield pyarrow.RecordBatch.from_arrays(
                [part["place"], pyarrow.array(rows, pyarrow.binary())], names=["place", "vector"]
            )


@cache
def _opened(folder: Path, prompt: str) -> OnnxEncoder:
    """Load the model once in each process of a worker, which Spark uses for one part of the data after another."""
    return OnnxEncoder(folder, documents=True, prompt=prompt)
