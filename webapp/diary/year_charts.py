"""Charts of a year in film, drawn like those of the profile."""

from __future__ import annotations

from collections.abc import Callable

from engine.accounts.diary.year_summary import Counts, YearSummary
from webapp.localization import labels, locales
from webapp.localization.translation import gettext as _
from webapp.recommendations import charts
from webapp.recommendations.charts import Picture


def pictures(year: YearSummary) -> list[Picture]:
    """Return the charts of a year that have data."""
    drawn = [
        months(year),
        _counts("genres", _("Genres"), _("Genre"), year.genres, labels.genre),
        _counts("decades", _("Decades"), _("Decade"), year.decades, labels.decade),
        _counts("countries", _("Countries"), _("Country"), year.countries, labels.country),
        _counts("people", _("People"), _("Name"), year.people, str),
    ]
    return [picture for picture in drawn if picture.rows]


def months(year: YearSummary) -> Picture:
    """Return the number of watchings of each month."""
    counts = list(zip(locales.months(), year.months, strict=True))
    most = max(counts, key=lambda pair: pair[1])[0][1]
    bars = [(short, count, locales.number(count) if count else "") for (short, _full), count in counts]
    return Picture(
        "months",
        _("Months"),
        _("Most in %(month)s.", month=most),
        charts.bars(bars, upright=True),
        (_("Month"), _("Watched")),
        tuple((full, str(count)) for (_short, full), count in counts) if year.watches else (),
        upright=True,
    )


def _counts(name: str, title: str, column: str, counts: Counts, label: Callable[[str], str]) -> Picture:
    named = [(label(value), count) for value, count in counts]
    most = max(named, key=lambda pair: pair[1], default=("", 0))
    return Picture(
        name,
        title,
        _("Most often: %(name)s.", name=most[0]),
        charts.bars([(value, count, charts.movies(count)) for value, count in named]),
        (column, _("Films")),
        tuple((value, str(count)) for value, count in named),
    )
