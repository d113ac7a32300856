"""The people that a search names, with what they did in each result. Pure."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from core import texts
from core.types import Credit, Job, Movie, Page, QueryKind
from core.understanding import PieceKind

MAX_CREDITS = 3
"""Credits shown of a movie: "the guys from Ocean's Eleven" names a dozen people."""
KINDS = (PieceKind.PERSON, PieceKind.ROLE)
"""Pieces that stand for people."""
MAX_CHARACTER = 120
"""Characters shown of the names of somebody's roles: narrators and comedians may have a dozen."""


def credited(page: Page) -> Page:
    """Return the page with the credits of the people that its search names, by text or by filter."""
    wanted = named(page)
    return (
        replace(page, hits=tuple(replace(hit, credits=of(wanted, hit.movie)) for hit in page.hits)) if wanted else page
    )


def named(page: Page) -> frozenset[str]:
    """Return the folded names of the people that a search names."""
    pieces = page.understood.pieces if page.understood else ()
    names = {name for piece in pieces if piece.wanted and piece.kind in KINDS for name in piece.names}
    typed = {texts.fold(page.request.filters.person)}
    if page.kind is QueryKind.PERSON:
        typed.add(texts.fold(page.corrected_to or page.request.query))
    return frozenset(names | typed) - {""}


def of(names: Set[str], movie: Movie) -> tuple[Credit, ...]:
    """Return the credits of these people in a movie, the cast in its order first."""
    people = dict.fromkeys((*(member.name for member in movie.cast), *movie.people))
    return tuple(_credit(name, movie) for name in people if texts.fold(name) in names)[:MAX_CREDITS]


def _credit(name: str, movie: Movie) -> Credit:
    roles = [member.character for member in movie.cast if member.name == name]
    jobs = [
        *([Job.ACTOR] if roles else []),
        *([Job.DIRECTOR] if name in movie.directors else []),
        *([Job.WRITER] if name in movie.writers else []),
        *([Job.COMPOSER] if name in movie.composers else []),
    ]
    played = ", ".join(filter(None, dict.fromkeys(roles)))
    character = played if len(played) <= MAX_CHARACTER else f"{played[: MAX_CHARACTER - 1].rstrip(', ')}…"
    return Credit(name, tuple(jobs), character)
