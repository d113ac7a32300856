"""The example searches of the home page, the README, the tutorial and `marquee run`.

Tests check that each search finds its movie first, in the sample catalogue and in TMDB 5000. The home page shows
translations of its examples, which may be worded differently but find the same movie first.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """A search text and the movie that it finds."""

    text: str
    movie: int
    """TMDB id."""
    title: str


FIRST = Example("a man relives the same day", 137, "Groundhog Day")
"""The example in the search field and in the last line of `marquee run`."""
LIKE = Example("movies like Toy Story but about monsters", 585, "Monsters, Inc.")
HOME: tuple[Example, ...] = (
    Example("the same day over and over", 137, "Groundhog Day"),
    Example("something scary from the 80s in a hotel", 694, "The Shining"),
    Example("a robot alone on an empty earth", 10681, "WALL·E"),
    LIKE,
    Example("a jury that cannot agree", 389, "12 Angry Men"),
    Example(
        "a short comedy in black and white",
        935,
        "Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb",
    ),
)
"""Examples on the home page."""
README: tuple[Example, ...] = (
    FIRST,
    Example("something scary from the 80s in a hotel, but not a comedy", 694, "The Shining"),
    LIKE,
)
"""Examples in the README and the tutorial."""
EXAMPLES: tuple[Example, ...] = tuple(dict.fromkeys((*HOME, *README)))
