"""The title on a poster: as large as it fits, in as many lines as it needs."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from html import escape

from core.types import Movie
from webapp.posters import shapes
from webapp.posters.palettes import Palette

SANS = "Futura, 'Avenir Next', 'Century Gothic', 'Helvetica Neue', Arial, 'Noto Sans', sans-serif"
SERIF = "Didot, 'Bodoni MT', 'Iowan Old Style', Palatino, 'Palatino Linotype', 'Noto Serif', Georgia, serif"
SERIF_GENRES = {"Drama", "History", "Romance", "Mystery", "Fantasy", "Family"}
SIZES = (46, 40, 34, 30, 27, 24, 21, 18, 16, 14)
MAX_HEIGHT = 78
"""Height available for the lines of the title."""
LEADING = 1.04
MAX_DIRECTOR = 30
NARROW, BROAD = set("IJ1iljtfr.,:;'’!|()-– "), set("MWmw@%&—")


def block(movie: Movie, palette: Palette, *, top: int, width: int, margin: int) -> Iterator[str]:
    """Return the title with the year and the director below it."""
    serif = bool(movie.genres) and movie.genres[0] in SERIF_GENRES
    name = shapes.printable(movie.title).strip()
    size, lines = fit(name if serif else name.upper(), width - 2 * margin)
    family = SERIF if serif else SANS
    for number, words in enumerate(lines):
        y = top + size * (0.76 + LEADING * number)
        yield _line(words, margin, y, size=size, fill=palette.letters, family=family, room=width - 2 * margin)
    credit = "  ·  ".join(part for part in (str(movie.year or ""), _director(movie)) if part)
    if credit:
        yield _text(credit.upper(), margin, 427, size=9.5, fill=palette.letters, family=SANS, letter_spacing=1.4)


def fit(name: str, room: float) -> tuple[int, list[str]]:
    """Return the largest size at which `name` fits, and its lines."""
    for size in SIZES:
        lines = _wrap(name, room / size)
        tall = len(lines) * size * LEADING
        if tall <= MAX_HEIGHT and all(measure(line) * size <= room for line in lines):
            return size, lines
    size = SIZES[-1]
    kept = _wrap(_broken(name, room / size), room / size)
    most = int(MAX_HEIGHT / (size * LEADING))
    return size, kept if len(kept) <= most else [*kept[: most - 1], kept[most - 1].rstrip() + "…"]


def measure(text: str) -> float:
    """Return the approximate width of `text` in em."""
    return sum(_width(character) for character in text)


def _wrap(name: str, room: float) -> list[str]:
    lines = [""]
    for word in name.split():
        longer = f"{lines[-1]} {word}".strip()
        if measure(longer) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _broken(name: str, room: float) -> str:
    """Return `name` with blanks inserted into words that are too long for a line."""
    kept = []
    for word in name.split():
        piece = ""
        for character in word:
            if measure(piece + character) > room:
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


def _director(movie: Movie) -> str:
    name = shapes.printable(movie.directors[0]) if movie.directors else ""
    return name if len(name) <= MAX_DIRECTOR else name[: MAX_DIRECTOR - 1] + "…"


def _line(words: str, x: float, y: float, *, size: float, fill: str, family: str, room: float) -> str:
    squeezed: dict[str, str | float] = {}
    if measure(words) * size > room * 0.97:  # the estimate may be slightly off: the renderer then condenses the text
        squeezed = {"textLength": room, "lengthAdjust": "spacingAndGlyphs"}
    return _text(words, x, y, size=size, fill=fill, family=family, font_weight=700, **squeezed)


def _text(words: str, x: float, y: float, *, size: float, fill: str, family: str, **more: str | float) -> str:
    return shapes.tag("text", escape(words), x=x, y=y, font_size=size, fill=fill, font_family=family, **more)
