"""Catalogues in Marquee's own format, written for tests."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import orjson

from core.types import Movie
from data.catalogues import marquee_format


def write(movies: Iterable[Movie], path: Path) -> None:
    """Write movies as JSON Lines, one per line, with all fields."""
    with path.open("wb") as file:
        file.writelines(orjson.dumps(_plain(movie), option=orjson.OPT_APPEND_NEWLINE) for movie in movies)


def _plain(movie: Movie) -> dict[str, object]:
    told = {one.language: {"title": one.title, "overview": one.overview} for one in movie.translations}
    named = {field: getattr(movie, field) for field in marquee_format.FIELDS if field != "translations"}
    return {**named, "translations": told} if told else named
