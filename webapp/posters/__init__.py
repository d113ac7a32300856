"""Drawn posters for movies without one: geometric designs in the style of the 1950s and 60s.

The drawing follows from the movie alone, so that the same movie always has the same poster.
"""

from __future__ import annotations

from html import escape

from core.types import Movie
from webapp.posters import emblems, palettes, scenes, shapes, typography
from webapp.posters.palettes import Palette
from webapp.posters.shapes import Chance

WIDTH, HEIGHT = 300, 450
PICTURE_HEIGHT = 310
"""Height of the motif; the lettering takes the rest."""
LETTERING_TOP = 332
MARGIN = 24
MOTIFS_PER_MOVIE = 3
"""The motif is chosen from the first genres, so that posters of one genre differ."""

MOTIFS = {
    "Action": emblems.burst,
    "Adventure": scenes.mountains,
    "Animation": emblems.bouncing_ball,
    "Comedy": emblems.confetti,
    "Crime": emblems.stranger,
    "Documentary": emblems.lens,
    "Drama": scenes.encounter,
    "Family": scenes.home,
    "Fantasy": scenes.castle,
    "Foreign": emblems.globe,
    "History": scenes.arcade,
    "Horror": scenes.dread,
    "Music": emblems.record,
    "Mystery": emblems.keyhole,
    "Romance": emblems.heart,
    "Science Fiction": emblems.planet,
    "TV Movie": emblems.screen,
    "Thriller": emblems.spiral,
    "War": scenes.searchlights,
    "Western": scenes.desert,
}


def draw(movie: Movie) -> str:
    """Return the poster of a movie as an SVG document of 300 by 450."""
    chance = Chance(f"film {movie.id}")
    palette = palettes.choose(movie.genres, chance)
    motif = MOTIFS.get(chance.pick(movie.genres[:MOTIFS_PER_MOVIE] or ("",)), emblems.reel)
    picture = shapes.picture(
        "".join(motif(palette, chance)), width=WIDTH, height=PICTURE_HEIGHT, mirrored=chance.flip()
    )
    label = f"{movie.title} ({movie.year})" if movie.year else movie.title
    parts = (
        shapes.rect(0, 0, WIDTH, HEIGHT, palette.ground),
        picture,
        *typography.block(movie, palette, top=LETTERING_TOP, width=WIDTH, margin=MARGIN),
        shapes.tag(
            "rect", x=8, y=8, width=WIDTH - 16, height=HEIGHT - 16, fill="none", stroke=palette.letters, opacity=0.35
        ),
    )
    return _document("".join(parts), width=WIDTH, height=HEIGHT, label=label)


def tile(genre: str) -> str:
    """Return the tile of a genre as an SVG document of 300 by 160."""
    chance = Chance(f"genre {genre}")
    palette: Palette = palettes.of(genre)
    motif = MOTIFS.get(genre, emblems.reel)
    inner = shapes.rect(0, 0, WIDTH, PICTURE_HEIGHT, palette.ground) + "".join(motif(palette, chance))
    cropped = shapes.tag(
        "svg", inner, width=WIDTH, height=160, viewBox="0 75 300 160", preserveAspectRatio="xMidYMid slice"
    )
    return _document(cropped, width=WIDTH, height=160, label=genre)


def _document(inner: str, *, width: int, height: int, label: str) -> str:
    name = escape(shapes.printable(label))
    attributes = f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return f'<svg {attributes} role="img" aria-label="{name}"><title>{name}</title>{inner}</svg>'
