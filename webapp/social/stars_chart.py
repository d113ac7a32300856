"""The chart of how often a user gave each number of stars."""

from __future__ import annotations

from collections.abc import Mapping

from core.users import MAX_STARS, MIN_STARS, STAR_STEP
from webapp.localization.locales import number
from webapp.localization.translation import gettext as _
from webapp.recommendations import charts
from webapp.recommendations.charts import Picture


def picture(stars: Mapping[float, int]) -> Picture | None:
    """Return the chart; None without ratings."""
    if not stars:
        return None
    steps = [MIN_STARS + STAR_STEP * n for n in range(round((MAX_STARS - MIN_STARS) / STAR_STEP) + 1)]
    counts = [(step, stars.get(step, 0)) for step in steps]
    most = max(counts, key=lambda pair: pair[1])[0]
    return Picture(
        "stars",
        _("Ratings"),
        _("Most often: %(name)s.", name=number(most)),
        charts.bars([(f"{step:g}", count, str(count) if count else "") for step, count in counts], upright=True),
        (_("Stars"), _("Films")),
        tuple((f"{step:g}", str(count)) for step, count in counts),
        upright=True,
    )
