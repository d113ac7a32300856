"""Preview cards for links in messengers and social networks, with the design of the poster."""

from __future__ import annotations

from functools import lru_cache

import resvg_py

from core.types import Movie
from webapp import posters
from webapp.posters import shapes, typography
from webapp.posters.glyphs import Face
from webapp.posters.typography import Box

WIDTH, HEIGHT = 1200, 630
"""The shape of Open Graph and Twitter cards."""
PICTURE_WIDTH = 610
TITLE = Box(left=660, top=170, width=490, height=290)
SIZES = (96, 84, 74, 64, 56, 48, 42, 36, 30)
CREDIT_BASELINE, CREDIT_SIZE = 560, 24
NAME_BASELINE, NAME_SIZE = 96, 30
PIXELS = 800
"""Width of the rendered card: services show it at 500 or so, and 1,200 takes twice the time."""
CARDS = 256
"""Rendered cards that are remembered, 15 to 30 KB each."""


@lru_cache(maxsize=CARDS)
def render(movie: Movie) -> bytes:
    """Return the card of a movie as a PNG of 800 by 420."""
    drawn = draw(movie)
    return bytes(resvg_py.svg_to_bytes(svg_string=drawn, width=PIXELS, skip_system_fonts="<text" not in drawn))


def draw(movie: Movie) -> str:
    """Return the card of a movie as an SVG document of 1200 by 630."""
    palette = posters.design(movie).palette
    motif = posters.motif(movie)
    parts = (
        shapes.rect(0, 0, WIDTH, HEIGHT, palette.ground),
        shapes.tag("svg", motif, width=PICTURE_WIDTH, height=HEIGHT, viewBox="0 0 300 310"),
        typography.line(
            Face.SANS_SMALL,
            "Marquee",
            TITLE.left,
            NAME_BASELINE,
            size=NAME_SIZE,
            fill=palette.letters,
            room=TITLE.width,
        ),
        *typography.title(movie, palette, box=TITLE, sizes=SIZES),
        typography.line(
            Face.SANS_SMALL,
            typography.credits_of(movie, TITLE.width / CREDIT_SIZE),
            TITLE.left,
            CREDIT_BASELINE,
            size=CREDIT_SIZE,
            fill=palette.letters,
            room=TITLE.width,
        ),
    )
    return posters.document("".join(parts), width=WIDTH, height=HEIGHT, label=movie.title)
