"""Outlines and exact widths of texts in the fonts that are shipped, so that no font of the reader's machine matters."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path

import uharfbuzz as hb

FONTS = Path(__file__).with_name("fonts")
FEATURES = {"kern": True, "liga": True}
WIDTHS, OUTLINES = 20_000, 4_000
"""Words and glyphs that are remembered: about 2 MB each."""
GRID = 10
"""Steps of coordinates in one unit: finer than a poster is ever shown."""


class Face(StrEnum):
    """The fonts, after their files: a geometric sans serif in two weights and a high-contrast serif."""

    SANS = "Jost-Bold"
    SANS_SMALL = "Jost-Medium"
    SERIF = "PlayfairDisplay-Bold"


def covers(face: Face, text: str) -> bool:
    """Return whether the font has a glyph for every character of `text`."""
    font = _font(face)
    return all(font.get_nominal_glyph(ord(character)) is not None for character in text)


@lru_cache(maxsize=WIDTHS)
def width(face: Face, text: str) -> float:
    """Return the width of `text` in em, kerning included."""
    if not text:
        return 0
    font = _font(face)
    upem: int = font.face.upem
    advances: list[int] = [position.x_advance for position in _shaped(font, text).glyph_positions]
    return sum(advances) / upem


def outline(face: Face, text: str, *, x: float, y: float, size: float, spacing: float = 0) -> str:
    """Return the commands of an SVG path that draws `text` with its baseline at (x, y), in tenths of a unit.

    `spacing` is added after each glyph, in the same unit as `size`.
    """
    font = _font(face)
    buffer = _shaped(font, text)
    scale = size / font.face.upem
    pen, drawn = x, []
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        left, base = pen + position.x_offset * scale, y - position.y_offset * scale
        (start_x, start_y), rest = _glyph(face, info.codepoint, size)
        if rest:
            drawn.append(f"M{round(GRID * left) + start_x} {round(GRID * base) + start_y}{rest}")
        pen += position.x_advance * scale + spacing
    return "".join(drawn)


@lru_cache(maxsize=OUTLINES)
def _glyph(face: Face, glyph: int, size: float) -> tuple[tuple[int, int], str]:
    """Return where the outline of a glyph starts, relative to its origin, and the commands from there.

    The commands are relative, which takes a third of the characters. Each point is
    rounded by itself, so errors do not add up.
    """
    font = _font(face)
    scale = GRID * size / font.face.upem
    commands: list[tuple[str, list[tuple[int, int]]]] = []

    def add(command: str, *points: float) -> None:
        pairs = zip(points[::2], points[1::2], strict=True)
        commands.append((command, [(round(scale * x), round(-scale * y)) for x, y in pairs]))

    draw = hb.DrawFuncs()
    draw.set_move_to_func(lambda x, y, _: add("m", x, y))
    draw.set_line_to_func(lambda x, y, _: add("l", x, y))
    draw.set_quadratic_to_func(lambda a, b, x, y, _: add("q", a, b, x, y))
    draw.set_cubic_to_func(lambda a, b, c, d, x, y, _: add("c", a, b, c, d, x, y))
    draw.set_close_path_func(lambda _: add("z"))
    font.draw_glyph(glyph, draw, None)
    return _relative(commands) if commands else ((0, 0), "")


def _relative(commands: Sequence[tuple[str, Sequence[tuple[int, int]]]]) -> tuple[tuple[int, int], str]:
    first = pen = contour = commands[0][1][0]
    parts = []
    for command, points in commands[1:]:
        parts.append(command + " ".join(f"{x - pen[0]} {y - pen[1]}" for x, y in points).replace(" -", "-"))
        pen = points[-1] if points else contour
        contour = pen if command == "m" else contour
    return first, "".join(parts)


def _shaped(font: hb.Font, text: str) -> hb.Buffer:
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(font, buffer, FEATURES)
    return buffer


@cache
def _font(face: Face) -> hb.Font:
    return hb.Font(hb.Face(hb.Blob.from_file_path(str(FONTS / f"{face}.ttf"))))
