"""The movies' vectors, which are cached until texts, weights or encoder change."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.ports import Encoder, Vectors
from core.types import Movie
from engine.search.encoders.document_texts import MOVIE_TEXTS, EncoderConfig

Progress = Callable[[int, int], None]
"""Called with the number of encoded movies and the number of all movies to encode."""
CACHE_FILE = "film-vectors.npz"
CHUNK = 32
"""Number of movies encoded between two progress reports."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MovieVectors:
    """One vector per movie, in the order of the movies.

    Attributes:
        vectors: float32, (n_movies, dimension), unit rows.
        encoded: number of movies encoded now.
        reused: number of movies from the cache.
    """

    vectors: Vectors
    encoded: int
    reused: int


def movie_vectors(
    movies: Sequence[Movie],
    *,
    encoder: Encoder,
    cache_dir: Path,
    config: EncoderConfig = MOVIE_TEXTS,
    progress: Progress = lambda _done, _total: None,
) -> MovieVectors:
    """Return the vectors of movies, encoding only those whose texts, weights or encoder have changed.

    Afterwards, the cache in `cache_dir` contains exactly these movies. A damaged cache is rebuilt with a warning.
    """
    if not movies:
        return MovieVectors(np.empty((0, encoder.dimension), np.float32), 0, 0)
    texts = [config.texts(movie) for movie in movies]
    keys = [_key(parts, config, encoder.name) for parts in texts]
    file = cache_dir / CACHE_FILE
    known = _read(file)
    fresh = {key: parts for key, parts in zip(keys, texts, strict=True) if key not in known}
    if fresh:
        known = {**known, **_encode(fresh, encoder, config, progress)}
    vectors = np.stack([known[key] for key in keys])
    if fresh or len(known) > len(set(keys)):
        _write(file, keys, vectors)
    encoded = sum(key in fresh for key in keys)
    return MovieVectors(vectors, encoded, len(keys) - encoded)


def _key(texts: tuple[str, ...], config: EncoderConfig, encoder_name: str) -> bytes:
    """Return a hash of everything that a vector depends on; U+0000 separates the texts."""
    return hashlib.sha256("\0".join((encoder_name, config.fingerprint, *texts)).encode()).hexdigest().encode()


def _encode(
    fresh: Mapping[bytes, tuple[str, ...]], encoder: Encoder, config: EncoderConfig, progress: Progress
) -> dict[bytes, Vectors]:
    """Encode movies in chunks, sorted by length so that batches need little padding."""
    keys = sorted(fresh, key=lambda key: sum(map(len, fresh[key])), reverse=True)
    vectors: dict[bytes, Vectors] = {}
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        vectors.update(zip(chunk, _combined([fresh[key] for key in chunk], encoder, config), strict=True))
        progress(len(vectors), len(keys))
    return vectors


def _combined(texts: Sequence[tuple[str, ...]], encoder: Encoder, config: EncoderConfig) -> Vectors:
    """Encode each distinct text once and combine the vectors of each movie."""
    rows = {text: row for row, text in enumerate(dict.fromkeys(text for parts in texts for text in parts if text))}
    encoded = encoder.encode(list(rows))
    present = np.array([[bool(text) for text in parts] for parts in texts])
    indices = np.array([[rows.get(text, 0) for text in parts] for parts in texts])
    return config.combine(encoded[indices], present)


def _read(file: Path) -> dict[bytes, Vectors]:
    """Read the cache; empty if it is missing or damaged."""
    if not file.exists():
        return {}
    try:
        with np.load(file, allow_pickle=False) as stored:
            keys, vectors = stored["keys"].tolist(), stored["vectors"].astype(np.float32, copy=False)
            return dict(zip(keys, vectors, strict=True))
    except (
        OSError,
        ValueError,
        KeyError,
        EOFError,
        TypeError,
        AttributeError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        log.warning("cached vectors in %s cannot be read (%s); all movies are encoded again", file, error)
        return {}


def _write(file: Path, keys: Sequence[bytes], vectors: Vectors) -> None:
    """Write to a temporary file, then replace the cache atomically."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=file.name, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as out:
            np.savez(out, keys=np.array(keys), vectors=vectors)
        Path(temporary).replace(file)
    finally:
        Path(temporary).unlink(missing_ok=True)
