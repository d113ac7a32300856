"""The title on a poster: as large as it fits, in as many lines as it needs."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from html import escape
from typing import NamedTuple

from core.types import Movie
from webapp.posters import glyphs, shapes
from webapp.posters.glyphs import Face
from webapp.posters.palettes import Palette

FALLBACK = {
    Face.SANS: "Futura, 'Avenir Next', 'Century Gothic', 'Helvetica Neue', Arial, 'Noto Sans', sans-serif",
    Face.SANS_SMALL: "Futura, 'Avenir Next', 'Helvetica Neue', Arial, 'Noto Sans', sans-serif",
    Face.SERIF: "Didot, 'Bodoni MT', 'Iowan Old Style', Palatino, 'Noto Serif', Georgia, serif",
}
"""Fonts of the reader's machine for scripts that the shipped fonts lack (Greek, Arabic, Chinese and others)."""
SERIF_GENRES = {"Drama", "History", "Romance", "Mystery", "Fantasy", "Family"}
SIZES = (46, 40, 34, 30, 27, 24, 21, 18, 16, 14)
MAX_HEIGHT = 78
"""Height available for the lines of the title."""
LEADING = 1.04
CAP_HEIGHT = 0.76
"""Height of capitals in em, with some room for accents."""
CREDIT_BASELINE, CREDIT_SIZE = 427, 9.5
CREDIT_SPACING = 0.15
"""Space between the letters of the small lines, in em."""
CREDIT_DIVIDER = "  ·  "
NARROW, BROAD = set("IJ1iljtfr.,:;'’!|()-– "), set("MWmw@%&—")


class Box(NamedTuple):
    """The space of a title: its upper left corner and its size."""

    left: float
    top: float
    width: float
    height: float


def block(movie: Movie, palette: Palette, *, top: int, width: int, margin: int) -> Iterator[str]:
    """Return the title with the year and the director below it."""
    room = width - 2 * margin
    yield from title(movie, palette, box=Box(margin, top, room, MAX_HEIGHT), sizes=SIZES)
    credit = credits_of(movie, room / CREDIT_SIZE)
    yield line(Face.SANS_SMALL, credit, margin, CREDIT_BASELINE, size=CREDIT_SIZE, fill=palette.letters, room=room)


def title(movie: Movie, palette: Palette, *, box: Box, sizes: Sequence[int]) -> Iterator[str]:
    """Return the lines of a title, as large as they fit into the box."""
    serif = bool(movie.genres) and movie.genres[0] in SERIF_GENRES
    name = " ".join(shapes.printable(movie.title).split())
    face = Face.SERIF if serif else Face.SANS
    size, lines = fit(face, name if serif else name.upper(), box, sizes=sizes)
    for number, words in enumerate(lines):
        y = box.top + size * (CAP_HEIGHT + LEADING * number)
        yield line(face, words, box.left, y, size=size, fill=palette.letters, room=box.width)


def credits_of(movie: Movie, room: float) -> str:
    """Return the year and the director in capitals, cut to a width of `room` em."""
    director = shapes.printable(movie.directors[0]) if movie.directors else ""
    words = CREDIT_DIVIDER.join(part for part in (str(movie.year or ""), director) if part).upper()
    return words if _spaced(words) <= room else _cut(words, room, _spaced)


def fit(face: Face, name: str, box: Box, *, sizes: Sequence[int] = SIZES) -> tuple[int, list[str]]:
    """Return the largest size at which `name` fits the box, and its lines."""
    for size in sizes:
        lines = _wrap(face, name, box.width / size)
        tall = len(lines) * size * LEADING
        if tall <= box.height and all(measure(face, words) * size <= box.width for words in lines):
            return size, lines
    size = sizes[-1]
    most = max(1, int(box.height / (size * LEADING)))
    lines = _wrap(face, _broken(face, name, box.width / size), box.width / size)
    return size, lines if len(lines) <= most else [
        *lines[: most - 1],
        _cut(lines[most - 1], box.width / size, partial(measure, face)),
    ]


def measure(face: Face, text: str) -> float:
    """Return the width of `text` in em: exact in the shipped fonts, otherwise an estimate."""
    return glyphs.width(face, text) if glyphs.covers(face, text) else sum(_width(character) for character in text)


def line(face: Face, words: str, x: float, y: float, *, size: float, fill: str, room: float) -> str:
    """Return one line of text as outlines, or as text if the shipped fonts lack a character."""
    if not words:
        return ""
    spacing = CREDIT_SPACING * size if face is Face.SANS_SMALL else 0
    if glyphs.covers(face, words):
        drawn = glyphs.outline(face, words, x=x, y=y, size=size, spacing=spacing)
        return shapes.tag("path", d=drawn, fill=fill, transform=f"scale({1 / glyphs.GRID:g})", aria_label=words)
    squeezed: dict[str, str | float] = {}
    if measure(face, words) * size > room * 0.97:  # the estimate may be off: the renderer then condenses the text
        squeezed = {"textLength": room, "lengthAdjust": "spacingAndGlyphs"}
    return shapes.tag(
        "text",
        escape(words),
        x=x,
        y=y,
        font_size=size,
        fill=fill,
        font_family=FALLBACK[face],
        font_weight=500 if face is Face.SANS_SMALL else 700,
        **squeezed,
    )


def _wrap(face: Face, name: str, room: float) -> list[str]:
    lines = [""]
    for word in name.split():
        longer = f"{lines[-1]} {word}".strip()
        if measure(face, longer) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _cut(words: str, room: float, width: Callable[[str], float]) -> str:
    """Return as much of a line as fits before an ellipsis."""
    kept = words
    while kept and width(kept.rstrip() + "…") > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _spaced(words: str) -> float:
    return measure(Face.SANS_SMALL, words) + CREDIT_SPACING * len(words)


def _broken(face: Face, name: str, room: float) -> str:
    """Return `name` with blanks inserted into words that are too long for a line."""
    kept = []
    for word in name.split():
        piece = ""
        for character in word:
            if piece and measure(face, piece + character) > room:
                kept.append(piece)
                piece = ""
            piece += character
        kept.append(piece)
    return " ".join(kept)


def _width(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if unicodedata.combining(character):
        return 0.0
    if character in NARROW:
        return 0.34
    if character in BROAD:
        return 0.92
    return 0.72 if character.isupper() else 0.6
