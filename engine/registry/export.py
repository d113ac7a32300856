"""Export of a model's data as JSON."""

from __future__ import annotations

import os
from pathlib import Path

import orjson

from core.types import MovieId
from engine.recommender.model import Recommender


def export_neighbours(model: Recommender, path: Path) -> None:
    """Write each movie's neighbours, atomically.

    As JSON: `{"model": …, "neighbours": {"<TMDB id>": [[<TMDB id>, <score>], …], …}}`.
    """
    lists = {str(movie): _list(model, MovieId(movie)) for movie in model.movies.tolist()}
    temporary = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        temporary.write_bytes(orjson.dumps({"model": model.version, "neighbours": lists}))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _list(model: Recommender, movie: MovieId) -> list[list[float]]:
    ids, scores = model.neighbours(movie)
    return [[movie, round(score, 4)] for movie, score in zip(ids.tolist(), scores.tolist(), strict=True)]
