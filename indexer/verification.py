"""Verification of a drafted index before it is published: count, vectors, and queries with known answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from core import texts
from core.errors import NotFound
from core.ports import IndexInfo, Match, MovieIndex, Question, Vectors
from core.types import Filters, Movie, Sort
from indexer import documents, schema

KNOWN_QUERIES = 10
FIRST = 10
"""A movie must be among the first results for its own title."""
EVERY = Filters(adult=True)
OWN_COSINE = 0.999
"""Minimum cosine of a movie to its own vector; engines may round stored vectors."""
_ROUNDING = 1e-3
"""Tolerance for the length of a unit vector."""
_NAMED_FAULTS = 5


def check_input(
    movies: Sequence[Movie],
    vectors: Vectors,
    moods: Sequence[Mapping[str, float]] | None = None,
    multilingual: Vectors | None = None,
) -> list[str]:
    """Return what is wrong with the movies and vectors of a build, before anything is written."""
    if not movies:
        return ["the catalogue has no movies"]
    spaces = [vectors] if multilingual is None else [vectors, multilingual]
    for rows in spaces:
        if rows.shape != (len(movies), *rows.shape[-1:]):
            return [f"expected one vector per movie, got {len(movies)} movies and vectors of the shape {rows.shape}"]
    if moods is not None and len(moods) != len(movies):
        return [f"expected moods for each movie, got {len(movies)} movies and moods for {len(moods)}"]
    twice = [movie for movie, count in Counter(movie.id for movie in movies).items() if count > 1]
    right = np.all([np.abs(np.linalg.norm(rows, axis=1) - 1) < _ROUNDING for rows in spaces], axis=0)
    odd = [movies[row].id for row in np.flatnonzero(~right).tolist()]
    faults = (("duplicate ids", twice), ("vectors that are not finite or not of unit length: movies", odd))
    return [f"{fault} {_listed(ids)}" for fault, ids in faults if ids]


def verify(
    index: MovieIndex,
    movies: Sequence[Movie],
    *,
    vectors: Vectors,
    info: IndexInfo,
    multilingual: Vectors | None = None,
) -> tuple[int, list[str]]:
    """Query a drafted index for known answers.

    Returns:
        The number of known queries that found their movie, and a list of faults.
    """
    total = index.listing(EVERY, sort=Sort.POPULARITY, offset=0, size=1).total
    faults = [f"it has {total} movies, expected {info.count}"] if total != info.count else []
    if replace(index.info(), storage="") != info:
        faults.append("its metadata differs from what was written")
    known = _known_rows(movies)
    wrong = [fault for row in known if (fault := _query(index, movies[row], vectors[row]))]
    if multilingual is not None:
        faults += [fault for row in known if (fault := _query_multilingual(index, movies[row], multilingual[row]))]
    return len(known) - len(wrong), faults + wrong


def verify_attachments(index: MovieIndex, attachments: Mapping[str, bytes]) -> list[str]:
    """Read back every attachment of a drafted index; return a list of faults."""
    faults = []
    for name, content in attachments.items():
        try:
            kept = index.attachment(name)
        except NotFound:
            kept = None
        if kept != content:
            faults.append(f"the attachment {name!r} differs from what was written")
    return faults


def _query(index: MovieIndex, movie: Movie, vector: Vectors) -> str:
    """Return what is wrong with the results for a movie's own title and vector, or an empty string."""
    fields = (("title", 1.0),)
    asked = Question(words=movie.title, fields=fields, vector=vector, depth=FIRST * 5, name=movie.title, filters=EVERY)
    found = index.candidates(asked)
    place = np.flatnonzero(found.ids == movie.id)
    label = f"movie {movie.id} ({movie.title})"
    if not len(place):
        return f"{label} is found neither by its title nor by its vector"
    own = int(place[0])
    if not found.cosine[own] >= max(OWN_COSINE, float(np.nanmax(found.cosine)) - _ROUNDING):
        return f"{label} is not the nearest to its own vector: cosine {found.cosine[own]:.4f}"
    stored = index.vectors([movie.id])[0]
    if not float(stored @ vector) >= OWN_COSINE:
        return f"{label} has a vector other than the one written"
    better = [
        other for other in index.movies(found.ids[found.words > found.words[own]].tolist()) if _differs(other, movie)
    ]
    named = bool(found.match[own] & Match.TITLE)  # a long original title can lower the rank of a short title
    if _distinctiveness(movie) and (found.words[own] <= 0 or (len(better) >= FIRST and not named)):
        return f"{label} is not among the first {FIRST} results for its own title"
    return ""


def _query_multilingual(index: MovieIndex, movie: Movie, vector: Vectors) -> str:
    """Return what is wrong with the results for a movie's own vector in the second space, or an empty string."""
    found = index.candidates(Question(vector=vector, multilingual=True, depth=FIRST, filters=EVERY))
    best = float(np.nanmax(found.cosine)) if len(found) else 0.0
    own = found.cosine[found.ids == movie.id]
    if not (len(own) and own[0] >= max(OWN_COSINE, best - _ROUNDING)):
        return f"movie {movie.id} ({movie.title}) is not the nearest to its own multilingual vector"
    return ""


def _known_rows(movies: Sequence[Movie]) -> list[int]:
    """Return rows spread over the catalogue; from each section the movie with the most distinctive title."""
    stretches = np.array_split(np.arange(len(movies)), min(KNOWN_QUERIES, len(movies)))
    return [int(max(stretch, key=lambda row: _distinctiveness(movies[row]))) for stretch in stretches]


def _distinctiveness(movie: Movie) -> int:
    return len(set(documents.title_words(movie)) - set(schema.STOP_WORDS)) if texts.fold(movie.title) else 0


def _differs(other: Movie, movie: Movie) -> bool:
    return texts.fold(other.title) != texts.fold(movie.title)


def _listed(ids: Sequence[int]) -> str:
    more = f" and {len(ids) - _NAMED_FAULTS} more" if len(ids) > _NAMED_FAULTS else ""
    return ", ".join(map(str, ids[:_NAMED_FAULTS])) + more
