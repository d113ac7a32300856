"""A film as a document: what both engines index of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from core import texts
from core.types import CastMember, Movie, MovieId


def word_fields(movie: Movie) -> dict[str, str]:
    """The text of each of `schema.WORD_FIELDS`."""
    title = movie.title if movie.original_title in ("", movie.title) else f"{movie.title}\n{movie.original_title}"
    people = "\n".join(movie.people)
    plot = "\n".join(part for part in (movie.overview, movie.tagline, *(c.character for c in movie.cast)) if part)
    tags = "\n".join((*movie.keywords, *movie.genres))
    year = str(movie.year) if movie.year else ""
    whole = "\n".join(part for part in (title, year, plot, tags, people) if part)
    return {"text": whole, "title": title, "people": people, "plot": plot, "tags": tags}


def title_names(movie: Movie) -> list[str]:
    """The folded titles that name this film outright."""
    return list(dict.fromkeys(texts.fold(t) for t in (movie.title, movie.original_title) if texts.fold(t)))


def person_names(movie: Movie) -> list[str]:
    """The folded names of the film's people."""
    return list(dict.fromkeys(texts.fold(name) for name in movie.people))


def to_plain(movie: Movie) -> dict[str, Any]:
    """The film as plain JSON values; `from_plain` reads it back."""
    return {**asdict(movie), "release_date": movie.release_date.isoformat() if movie.release_date else None}


def from_plain(plain: Mapping[str, Any]) -> Movie:
    """The film that `to_plain` wrote."""
    lists = ("genres", "keywords", "directors", "writers", "spoken_languages", "countries")
    released = plain["release_date"]
    return Movie(
        **{
            **plain,
            "id": MovieId(plain["id"]),
            "release_date": date.fromisoformat(released) if released else None,
            "cast": tuple(CastMember(**member) for member in plain["cast"]),
            **{name: tuple(plain[name]) for name in lists},
        }
    )
