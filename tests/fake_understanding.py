"""A fake reader of search texts that knows a handful of words, with moods derived from genres."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from core import texts
from core.types import Filters, Movie, Page, SearchRequest
from core.understanding import OtherReading, Piece, PieceKind, QueryType, Understanding
from tests.made_up import meets

MOODS_OF = {"Horror": "scary", "Comedy": "feel-good", "Romance": "date-night"}
"""The mood of movies by genre."""
GENRES = ("Drama", "Comedy", "Horror", "Western", "Romance", "Crime")
MOODS = {"scary": "Scary", "feel-good": "Feel-good", "date-night": "Date night"}
DECADE = re.compile(r"\b(?:19|20)?(\d)0s\b")
LIKE = re.compile(r"\blike (?P<title>The Lighthouse Keeper \d+)", re.IGNORECASE)
CORRECTIONS = {"lighthose": "lighthouse", "stormm": "storm"}
FILLERS = frozenset("a an the something movie movies film films from but not no with for".split())
NOT = r"(?P<no>\b(?:not|no)\s+(?:an?\s+)?)?"


def moods(movie: Movie) -> Mapping[str, float]:
    """Return the moods of a movie, strongest first."""
    names = [MOODS_OF[genre] for genre in movie.genres if genre in MOODS_OF]
    return {name: 0.8 - 0.2 * rank for rank, name in enumerate(dict.fromkeys(names))}


def read(query: str, movies: Iterable[Movie], *, drop: Sequence[str] = (), literal: bool = False) -> Understanding:
    """Return what a text asks for."""
    if literal:
        return Understanding(query, remainder=query, dropped=tuple(drop))
    found = sorted(_pieces(query, movies), key=lambda piece: piece.start)
    kept = tuple(piece for piece in found if piece.key not in drop)
    dates = [piece.key for piece in kept if piece.value == "date-night"]
    return Understanding(
        query,
        query_type=QueryType.WISH if kept else QueryType.DESCRIPTION,
        pieces=kept,
        remainder=_remainder(query, found),
        other=OtherReading("Looking for movies about a date?", tuple(dates)) if dates else None,
        dropped=tuple(key for key in drop if any(piece.key == key for piece in found)),
    )


def correct(query: str) -> str:
    """Return the query with corrected spelling; empty if there is nothing to correct."""
    corrected = " ".join(CORRECTIONS.get(word, word) for word in query.split())
    return corrected if corrected != query else ""


def allows(movie: Movie, pieces: Sequence[Piece]) -> bool:
    """Return whether a movie matches all pieces."""
    return all(_has(movie, piece) == piece.wanted for piece in pieces)


def relax(request: SearchRequest, reading: Understanding, movies: Sequence[Movie]) -> Understanding:
    """Remove the last pieces until some movie matches the others."""
    pieces = reading.pieces
    while pieces and not any(allows(movie, pieces) and meets(movie, request.filters) for movie in movies):
        pieces = pieces[:-1]
    return replace(reading, pieces=pieces)


def annotate(page: Page, reading: Understanding, relaxed: Sequence[Piece], corrected: str) -> Page:
    """Add what was understood, left out and corrected to a page."""
    names = ", ".join(f"“{piece.label}”" for piece in relaxed)
    notice = f"No movie meets all of that; these do without {names}." if relaxed else page.notice
    return replace(
        page,
        understood=reading if page.request.query else None,
        relaxed=tuple(piece.key for piece in relaxed),
        notice=notice,
        corrected_to=corrected if page.hits else "",
    )


def _pieces(query: str, movies: Iterable[Movie]) -> Iterable[Piece]:
    for name in GENRES:
        for match in re.finditer(rf"{NOT}\b{name}\b", query, re.IGNORECASE):
            yield _piece(PieceKind.GENRE, name, name, match, wanted=not match["no"])
    for name, label in MOODS.items():
        for match in re.finditer(rf"{NOT}\b{name.replace('-', '.')}\b", query, re.IGNORECASE):
            yield _piece(PieceKind.MOOD, name, label, match, wanted=not match["no"])
    for match in DECADE.finditer(query):
        decade = f"19{match[1]}0"
        yield _piece(PieceKind.YEARS, f"{decade}-{decade[:3]}9", f"{decade}s", match)
    for match in LIKE.finditer(query):
        named = next((movie for movie in movies if texts.fold(movie.title) == texts.fold(match["title"])), None)
        if named:
            like = _piece(PieceKind.LIKE, str(named.id), f"like {named.title}", match)
            yield replace(like, movies=(named.id,))


def _piece(kind: PieceKind, value: str, label: str, match: re.Match[str], *, wanted: bool = True) -> Piece:
    return Piece(kind, value, label, match.start(), match.end(), wanted=wanted, confidence=0.9)


def _has(movie: Movie, piece: Piece) -> bool:
    if piece.kind is PieceKind.GENRE:
        return piece.value in movie.genres
    if piece.kind is PieceKind.MOOD:
        return piece.value in moods(movie)
    if piece.kind is PieceKind.YEARS:
        first, last = map(int, piece.value.split("-"))
        return meets(movie, Filters(year_from=first, year_to=last))
    return movie.id not in piece.movies


def _remainder(query: str, pieces: Iterable[Piece]) -> str:
    rest = list(query)
    for piece in pieces:
        rest[piece.start : piece.end] = " " * (piece.end - piece.start)
    return " ".join(word for word in "".join(rest).split() if texts.fold(word) not in FILLERS)
