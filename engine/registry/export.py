"""Export of the lists of similar movies as JSON."""

from __future__ import annotations

import os
from pathlib import Path

import orjson

from core.types import Hit, MovieId
from engine.recommender.model import Recommender
from engine.recommender.similarity.similar_movies import Similar

LENGTH = 20
"""Length of an exported list."""


def export_similar(similar: Similar, path: Path, *, model: Recommender | None) -> None:
    """Write each movie's similar movies, as on its page, atomically.

    As JSON: `{"model": …, "neighbours": {"<TMDB id>": [[<TMDB id>, <score>, {"kind": …, "values": […]}], …], …}}`.
    """
    movies = sorted(similar.related.movies())
    lists = {str(movie): [_entry(hit) for hit in _of(similar, MovieId(movie), model)] for movie in movies}
    temporary = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        temporary.write_bytes(orjson.dumps({"model": model.version if model else "", "neighbours": lists}))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _of(similar: Similar, movie: MovieId, model: Recommender | None) -> list[Hit]:
    return list(similar.to(movie, model=model, by="both", size=LENGTH).hits)


def _entry(hit: Hit) -> list[object]:
    relation = hit.reason.relation
    why = {"kind": relation.kind.value, "values": relation.values} if relation is not None else None
    return [hit.movie.id, hit.score, why]
