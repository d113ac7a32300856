"""Charts of a user's taste as inline SVG, without scripts or style attributes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.recommendations.records import TasteProfile
from core.users import MAX_STARS, MIN_STARS, STAR_STEP
from webapp.localization import labels
from webapp.localization.locales import decimal, number
from webapp.localization.translation import gettext as _
from webapp.localization.translation import ngettext

BAR_WIDTH, BAR_PITCH = 400, 30
"""Length of the longest bar, and distance between bars, in SVG units."""
COLUMN_HEIGHT, COLUMN_PITCH = 120, 40
SHOWN_BARS = 10
"""Maximum number of genres and people in a chart; the table below it lists all of them."""
LEAST = 2
"""Minimum length of a bar in SVG units, so that one movie is visible next to a thousand."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with its offset, length and labels."""

    label: str
    figure: str
    offset: int
    length: float


@dataclass(frozen=True, slots=True)
class Picture:
    """A bar chart with its title, its summary and the rows of its table."""

    name: str
    title: str
    summary: str
    bars: tuple[Bar, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    upright: bool = False

    @property
    def extent(self) -> int:
        """The size of the chart across its bars."""
        return len(self.bars) * (COLUMN_PITCH if self.upright else BAR_PITCH)


def pictures(profile: TasteProfile) -> list[Picture]:
    """Return the charts of a profile that have data."""
    drawn = [histogram(profile), genres(profile), decades(profile), people(profile)]
    return [picture for picture in drawn if picture.rows]


def histogram(profile: TasteProfile) -> Picture:
    """Return the histogram of the user's ratings."""
    steps = [MIN_STARS + STAR_STEP * n for n in range(round((MAX_STARS - MIN_STARS) / STAR_STEP) + 1)]
    counts = [profile.histogram.get(step, 0) for step in steps]
    most = steps[counts.index(max(counts))]
    return Picture(
        "histogram",
        _("How you rate"),
        _("Most often, you give %(stars)s stars.", stars=number(most)) if any(counts) else "",
        bars(
            [(f"{step:g}", count, str(count) if count else "") for step, count in zip(steps, counts, strict=True)],
            upright=True,
        ),
        (_("Stars"), _("Films")),
        tuple((f"{step:g}", str(count)) for step, count in zip(steps, counts, strict=True)) if any(counts) else (),
        upright=True,
    )


def genres(profile: TasteProfile) -> Picture:
    """Return the average rating of each genre."""
    first = profile.genres[0][0] if profile.genres else ""
    return _means(
        "genres",
        _("Genres"),
        _("You rate %(genre)s highest.", genre=labels.genre(first)),
        (_("Genre"), _("Average rating"), _("Films")),
        [(labels.genre(name), mean, count) for name, mean, count in profile.genres],
    )


def people(profile: TasteProfile) -> Picture:
    """Return the average rating of the most watched people."""
    first = profile.people[0][0] if profile.people else ""
    return _means(
        "people",
        _("People"),
        _("You rate films with %(name)s highest.", name=first),
        (_("Name"), _("Average rating"), _("Films")),
        profile.people,
    )


def decades(profile: TasteProfile) -> Picture:
    """Return the number of movies of each decade."""
    most = max(profile.decades, key=lambda row: row[1], default=("", 0))[0]
    return Picture(
        "decades",
        _("Decades"),
        _("Most of your films are from the %(decade)s.", decade=_decade(most)),
        bars([(_decade(name), count, movies(count)) for name, count in profile.decades]),
        (_("Decade"), _("Films")),
        tuple((_decade(name), str(count)) for name, count in profile.decades),
    )


def _means(
    name: str, title: str, summary: str, columns: tuple[str, ...], rows: Sequence[tuple[str, float, int]]
) -> Picture:
    shown = [(label, mean, f"{decimal(mean)} ★ · {movies(count)}") for label, mean, count in rows[:SHOWN_BARS]]
    table = tuple((label, decimal(mean, 2), str(count)) for label, mean, count in rows)
    return Picture(name, title, summary, bars(shown, full=MAX_STARS), columns, table)


def bars(values: Sequence[tuple[str, float, str]], *, full: float = 0, upright: bool = False) -> tuple[Bar, ...]:
    """Return bars in proportion to `full`, or to the greatest value."""
    whole = full or max((value for _, value, _ in values), default=0) or 1
    length, pitch = (COLUMN_HEIGHT, COLUMN_PITCH) if upright else (BAR_WIDTH, BAR_PITCH)
    return tuple(
        Bar(label, figure, number * pitch, round(max(LEAST, value / whole * length), 1) if value > 0 else 0)
        for number, (label, value, figure) in enumerate(values)
    )


def movies(count: int) -> str:
    return ngettext("%(n)s film", "%(n)s films", count, n=number(count))


def _decade(name: str) -> str:
    return labels.decade(name.removesuffix("s"))
