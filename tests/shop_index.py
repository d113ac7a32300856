"""The video shop as a real index on either engine, with vectors that count words."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from core import texts
from core.ports import IndexStore, Vectors
from core.types import Movie, MovieId
from core.users import User
from engine.search.search import Search
from engine.search.understanding import moods, tables
from indexer import build
from indexer.names import gazetteer, gazetteer_builder
from tests import video_shop


@dataclass(frozen=True)
class WordEncoder:
    """A predictable encoder: texts are near each other if they share words."""

    name: str = "words@1"
    dimension: int = 128

    def encode(self, texts_of: Sequence[str]) -> Vectors:
        """Encode texts: float32, (n_texts, dimension), unit rows."""
        rows = np.zeros((len(texts_of), self.dimension), np.float32)
        for row, text in zip(rows, texts_of, strict=True):
            row[0] = 0.1
            for word in set(texts.words(text)):
                row[1 + zlib.crc32(word.encode()) % (self.dimension - 1)] += 1.0 if len(word) > 3 else 0.1
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


@dataclass(frozen=True)
class Liked:
    """A taste that knows which movies are liked together but nothing about users."""

    likest: Mapping[int, float]

    def affinity(self, user: User, ids: np.ndarray) -> None:  # type: ignore[type-arg]
        """Return None: nothing is known about any user."""

    def band(self, user: User, usual: float) -> float:  # noqa: ARG002 - the port's signature
        """Return the usual band."""
        return usual

    def alike(self, movies: Sequence[MovieId]) -> Mapping[int, float]:  # noqa: ARG002
        """Return the same movies for any movies."""
        return self.likest


ENCODER = WordEncoder()


@cache
def vectors(movies: tuple[Movie, ...] = video_shop.MOVIES) -> Vectors:
    """Return the vectors of the movies' plots and keywords."""
    return ENCODER.encode([f"{movie.overview} {' '.join(movie.keywords)}" for movie in movies])


@cache
def mood_rows(movies: tuple[Movie, ...] = video_shop.MOVIES) -> tuple[Mapping[str, float], ...]:
    """Return the mood scores of the movies by the packaged table."""
    packaged = tables.load().moods
    scores = moods.score(movies, vectors(movies), packaged, [ENCODER.encode(mood.prototypes) for mood in packaged])
    return tuple(moods.as_mapping(row, packaged) for row in scores)


def publish(store: IndexStore, movies: Sequence[Movie] = video_shop.MOVIES) -> None:
    """Build the index of the shop, or of other movies, as `marquee index` does."""
    origin = build.Origin(
        encoder=ENCODER.name, recipe="plots-1", catalogue="A video shop", catalogue_hash="abc", notice="Invented.",
        moods=tables.load().mood_names, moods_hash=tables.load().moods_hash,
    )  # fmt: skip
    names = gazetteer.dump(gazetteer_builder.build(movies))
    build.build(
        store, movies, vectors=vectors(tuple(movies)), moods=mood_rows(tuple(movies)),
        attachments={gazetteer.NAME: names}, origin=origin,
    )  # fmt: skip


def search(store: IndexStore, *, taste: Liked | None = None) -> Search:
    """Return a search of the published index."""
    return Search(store.open(), ENCODER, taste=taste)
