"""Colour palettes of the genres: flat inks that work side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from webapp.posters.shapes import Chance

LINEAR_BELOW = 0.04045
"""Threshold between the linear and the power part of sRGB."""
DARK, LIGHT = "#17161a", "#f7efdc"


class Palette(NamedTuple):
    """A background colour and three inks that are visible on it."""

    ground: str
    first: str
    second: str
    third: str

    @property
    def letters(self) -> str:
        """Near-black or cream, whichever has more contrast with the background."""
        return max((DARK, LIGHT), key=lambda ink: contrast(ink, self.ground))


GENRES = {
    "Action": Palette("#cf3a22", "#f4c04a", "#1b1a1c", "#f4ead5"),
    "Adventure": Palette("#1f6f78", "#f2b134", "#e8d9b5", "#12343b"),
    "Animation": Palette("#2f8fbf", "#fac05e", "#ee6352", "#f6f1de"),
    "Comedy": Palette("#f3b02f", "#e4572e", "#1d2a36", "#fff4dc"),
    "Crime": Palette("#23262d", "#d9c7a0", "#b3202c", "#5b6572"),
    "Documentary": Palette("#dad3c3", "#2b2d2f", "#d9532c", "#84938f"),
    "Drama": Palette("#8f3336", "#e9b872", "#1c1a1d", "#f0e2c8"),
    "Family": Palette("#f1e0bd", "#e76f51", "#2a9d8f", "#264653"),
    "Fantasy": Palette("#2d2260", "#f3d36b", "#8c74d1", "#ece6ff"),
    "Foreign": Palette("#2f4858", "#f6ae2d", "#e8632b", "#e8e6df"),
    "History": Palette("#c49c63", "#5b2e1f", "#f1e3c6", "#8f5733"),
    "Horror": Palette("#131214", "#c1121f", "#efe4ca", "#4d1116"),
    "Music": Palette("#1c3d5a", "#f25f5c", "#ffdb66", "#f7f4ea"),
    "Mystery": Palette("#16392f", "#e6c34a", "#f1ede0", "#3b7262"),
    "Romance": Palette("#efb3b3", "#bd2a34", "#fbeee0", "#6b1d3a"),
    "Science Fiction": Palette("#0e1f40", "#f0703c", "#7fd1d8", "#f4e9cd"),
    "TV Movie": Palette("#cdd6c4", "#34403a", "#de7759", "#7fae97"),
    "Thriller": Palette("#dd622b", "#17161a", "#f4ead5", "#a93714"),
    "War": Palette("#5c6043", "#d8cba0", "#26281d", "#b5482a"),
    "Western": Palette("#e6a03c", "#b0401f", "#5a1f13", "#f6e3bd"),
}
OTHER = Palette("#3c4a4f", "#e9c46a", "#e76f51", "#efe8d8")


def of(genre: str) -> Palette:
    """Return the palette of a genre."""
    return GENRES.get(genre, OTHER)


def choose(genres: Sequence[str], chance: Chance) -> Palette:
    """Return the palette of a movie: that of its first genre, sometimes inverted."""
    palette = of(genres[0] if genres else "")
    ground, first, second, third = palette
    turned = Palette(
        third, second if contrast(second, third) > contrast(first, third) else first, ground, _other(palette)
    )
    return chance.pick((palette, palette, turned))


def contrast(one: str, other: str) -> float:
    """Return the WCAG contrast ratio of two colours, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _other(palette: Palette) -> str:
    return min((palette.first, palette.second), key=lambda ink: contrast(ink, palette.third))


def _luminance(colour: str) -> float:
    shares = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = [s / 12.92 if s <= LINEAR_BELOW else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
