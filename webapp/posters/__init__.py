"""Drawn posters for movies without one: geometric designs in the style of the 1950s and 60s.

The drawing follows from the movie alone, so that the same movie always has the same poster.
"""

from __future__ import annotations

from html import escape
from typing import NamedTuple

from core.types import Movie
from webapp.posters import emblems, palettes, scenes, shapes, subjects, typography
from webapp.posters.palettes import Palette
from webapp.posters.shapes import Chance

WIDTH, HEIGHT = 300, 450
PICTURE_HEIGHT = 310
"""Height of the motif; the lettering takes the rest."""
LETTERING_TOP = 332
MARGIN = 24
MOTIFS_PER_MOVIE, SUBJECTS_PER_MOVIE = 3, 2
"""The motif is chosen from the first genres and from the keywords, so that posters of one genre differ."""
SUBJECT_WEIGHT = 2
"""A motif that a keyword names is so many times as likely as that of a genre."""

MOTIFS: dict[str, subjects.Motif] = {
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


class Design(NamedTuple):
    """What a poster shows and in which colours."""

    motif: subjects.Motif
    palette: Palette


def design(movie: Movie) -> Design:
    """Return the design of a movie's poster."""
    return _design(movie, _chance(movie))


def draw(movie: Movie) -> str:
    """Return the poster of a movie as an SVG document of 300 by 450."""
    label = f"{movie.title} ({movie.year})" if movie.year else movie.title
    return document(inside(movie), width=WIDTH, height=HEIGHT, label=label)


def inside(movie: Movie) -> str:
    """Return the shapes of a poster, for a frame of 300 by 450."""
    palette = design(movie).palette
    parts = (
        shapes.rect(0, 0, WIDTH, HEIGHT, palette.ground),
        motif(movie),
        *typography.block(movie, palette, top=LETTERING_TOP, width=WIDTH, margin=MARGIN),
        shapes.tag(
            "rect", x=8, y=8, width=WIDTH - 16, height=HEIGHT - 16, fill="none", stroke=palette.letters, opacity=0.35
        ),
    )
    return "".join(parts)


def motif(movie: Movie) -> str:
    """Return the picture of a poster, for a frame of 300 by 310."""
    chance = _chance(movie)
    drawing, palette = _design(movie, chance)
    return shapes.picture("".join(drawing(palette, chance)), width=WIDTH, height=PICTURE_HEIGHT, mirrored=chance.flip())


def tile(genre: str) -> str:
    """Return the tile of a genre as an SVG document of 300 by 160."""
    chance = Chance(f"genre {genre}")
    palette: Palette = palettes.of(genre)
    drawing = MOTIFS.get(genre, emblems.reel)
    inner = shapes.rect(0, 0, WIDTH, PICTURE_HEIGHT, palette.ground) + "".join(drawing(palette, chance))
    cropped = shapes.tag(
        "svg", inner, width=WIDTH, height=160, viewBox="0 75 300 160", preserveAspectRatio="xMidYMid slice"
    )
    return document(cropped, width=WIDTH, height=160, label=genre)


def document(inner: str, *, width: int, height: int, label: str) -> str:
    """Return shapes as an SVG document with an accessible name."""
    name = escape(shapes.printable(label))
    attributes = f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return f'<svg {attributes} role="img" aria-label="{name}"><title>{name}</title>{inner}</svg>'


def _chance(movie: Movie) -> Chance:
    return Chance(f"film {movie.id}")


def _design(movie: Movie, chance: Chance) -> Design:
    genres = [MOTIFS[genre] for genre in movie.genres[:MOTIFS_PER_MOVIE] if genre in MOTIFS]
    named = subjects.motifs(movie.keywords)[:SUBJECTS_PER_MOVIE]
    palette = palettes.choose(movie.genres, chance)
    return Design(chance.pick([*named * SUBJECT_WEIGHT, *genres] or [emblems.reel]), palette)
