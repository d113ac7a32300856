"""The movies' vectors, which are cached until texts, weights or encoder change."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.ports import Encoder, Vectors
from core.types import Movie
from engine.search.encoders.document_texts import MOVIE_TEXTS, EncoderConfig

Progress = Callable[[int, int], None]
"""Called with the number of encoded movies and the number of all movies to encode."""
CACHE_FILE = "film-vectors.npz"
PARTS = "parts"
"""Folder of what was encoded since the cache was written, in its folder. The files may come from several machines."""
CHUNK = 32
"""Number of movies encoded between two progress reports."""
SAVED = 512
"""Number of movies encoded until they are saved: what a killed build loses at most."""

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

    What is encoded is saved in parts, so that a build that was killed encodes only the rest. Afterwards, the cache in
    `cache_dir` contains exactly these movies. A damaged cache is rebuilt with a warning. Each text is encoded by
    itself, so vectors are the same bit for bit, however often a build was interrupted and however it was divided.
    """
    if not movies:
        return MovieVectors(np.empty((0, encoder.dimension), np.float32), 0, 0)
    texts = _texts(movies, encoder, config)
    found = _Known.read(cache_dir)
    fresh = {key: parts for key, parts in texts if key not in found.vectors}
    found.encode(fresh, encoder, config, progress)
    keys = [key for key, _ in texts]
    vectors = np.stack([found.vectors[key] for key in keys])
    if found.parts or len(found.vectors) > len(set(keys)):
        _write_cache(cache_dir, keys, vectors)
    _remove(found.parts)
    encoded = sum(key in fresh for key in keys)
    return MovieVectors(vectors, encoded, len(keys) - encoded)


def encode_shard(
    movies: Sequence[Movie],
    shard: tuple[int, int],
    *,
    encoder: Encoder,
    cache_dir: Path,
    config: EncoderConfig = MOVIE_TEXTS,
    progress: Progress = lambda _done, _total: None,
    chunk: int | None = None,
) -> tuple[int, int]:
    """Encode a part of the movies and save their vectors for `movie_vectors`; skip those that are there already.

    Args:
        shard: the number of the part, from 1, and of all parts. A movie's part depends on its texts alone.
        chunk: number of movies that the encoder gets at once; None: `CHUNK`.

    Returns:
        The number of different movies of this part that were encoded, and of those that were there.
    """
    number, count = shard
    own = {key: parts for key, parts in _texts(movies, encoder, config) if int(key[:15], 16) % count == number - 1}
    found = _Known.read(cache_dir)
    fresh = {key: parts for key, parts in own.items() if key not in found.vectors}
    found.encode(fresh, encoder, config, progress, chunk)
    return len(fresh), len(own) - len(fresh)


@dataclass
class _Known:
    """The vectors that there are, and the parts that were read or saved."""

    folder: Path
    vectors: dict[bytes, Vectors]
    parts: list[Path]

    @classmethod
    def read(cls, folder: Path) -> _Known:
        parts = saved_parts(folder)
        return cls(folder, {**_read_cache(folder), **_read_parts(parts)}, parts)

    def encode(
        self,
        fresh: Mapping[bytes, tuple[str, ...]],
        encoder: Encoder,
        config: EncoderConfig,
        progress: Progress,
        chunk: int | None = None,
    ) -> None:
        """Encode movies in chunks, the longest first, and save them in parts."""
        keys = sorted(fresh, key=lambda key: sum(map(len, fresh[key])), reverse=True)
        size = chunk or CHUNK
        unsaved: dict[bytes, Vectors] = {}
        for start in range(0, len(keys), size):
            part = keys[start : start + size]
            unsaved.update(zip(part, _combined([fresh[key] for key in part], encoder, config), strict=True))
            done = start + len(part)
            progress(done, len(keys))
            if len(unsaved) >= SAVED or done == len(keys):
                self.parts.append(_write_part(self.folder, unsaved))
                self.vectors.update(unsaved)
                unsaved = {}


def _texts(movies: Sequence[Movie], encoder: Encoder, config: EncoderConfig) -> list[tuple[bytes, tuple[str, ...]]]:
    """Return the key and the texts of each movie."""
    texts = [config.texts(movie) for movie in movies]
    return [(_key(parts, config, encoder.name), parts) for parts in texts]


def _key(texts: tuple[str, ...], config: EncoderConfig, encoder_name: str) -> bytes:
    """Return a hash of everything that a vector depends on; U+0000 separates the texts."""
    return hashlib.sha256("\0".join((encoder_name, config.fingerprint, *texts)).encode()).hexdigest().encode()


def _combined(texts: Sequence[tuple[str, ...]], encoder: Encoder, config: EncoderConfig) -> Vectors:
    """Encode each distinct text once and combine the vectors of each movie."""
    rows = {text: row for row, text in enumerate(dict.fromkeys(text for parts in texts for text in parts if text))}
    encoded = encoder.encode(list(rows))
    present = np.array([[bool(text) for text in parts] for parts in texts])
    indices = np.array([[rows.get(text, 0) for text in parts] for parts in texts])
    return config.combine(encoded[indices], present)


def _read_cache(folder: Path) -> dict[bytes, Vectors]:
    """Return the vectors of the cache by key; none if it is missing or, with a warning, damaged."""
    return _read(folder / CACHE_FILE)


def saved_parts(folder: Path) -> list[Path]:
    """Return the files of the saved parts."""
    return sorted((folder / PARTS).glob("*.npz"))


def _read_parts(files: Collection[Path]) -> dict[bytes, Vectors]:
    """Return the vectors of saved parts by key. Damaged ones are left out with a warning."""
    return {key: vector for file in files for key, vector in _read(file).items()}


def _write_cache(folder: Path, keys: Sequence[bytes], vectors: Vectors) -> None:
    """Replace the cache atomically."""
    _write(folder / CACHE_FILE, keys, vectors)


def _write_part(folder: Path, vectors: Mapping[bytes, Vectors]) -> Path:
    """Save vectors as a part, whose name is a digest of its keys; return the file."""
    keys = sorted(vectors)
    file = folder / PARTS / f"{hashlib.sha256(b''.join(keys)).hexdigest()[:32]}.npz"
    _write(file, keys, np.stack([vectors[key] for key in keys]))
    return file


def _remove(files: Collection[Path]) -> None:
    """Delete parts, whose vectors are in the cache now, and their folder if it is empty."""
    for file in files:
        file.unlink(missing_ok=True)
    for folder in {file.parent for file in files}:
        if not any(folder.iterdir()):
            folder.rmdir()


def _read(file: Path) -> dict[bytes, Vectors]:
    """Return the vectors of a file; none if it is missing or damaged."""
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
        log.warning("cached vectors in %s cannot be read (%s); their movies are encoded again", file, error)
        return {}


def _write(file: Path, keys: Sequence[bytes], vectors: Vectors) -> None:
    """Write to a temporary file, then replace the file atomically."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=file.name, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as out:
            np.savez(out, keys=np.array(keys), vectors=vectors)
        Path(temporary).replace(file)
    finally:
        Path(temporary).unlink(missing_ok=True)
