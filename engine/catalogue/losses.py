"""Catalogues that lost too much to be published unseen: a truncated file, a failed export, another folder. Pure."""

from __future__ import annotations

from core.ports import IndexInfo
from data.catalogues.report import Catalogue

MOST_LOST = 0.2
"""Share of movies or rows that may get lost: more is a fault of the source in nearly all cases."""
FEWEST_BAD = 3
"""Bad rows that are never too many: in a file of five rows, two are a mistake in writing it."""
CONFIRM = "if this is right, run `marquee index --accept-shrink`"


def faults(catalogue: Catalogue, published: IndexInfo | None, *, sample: str) -> list[str]:
    """Return why a catalogue should not replace the published one, as sentences; empty if nothing is wrong.

    Args:
        published: the published index, if any.
        sample: name of the sample catalogue, which any other may replace.
    """
    found = []
    movies = len(catalogue.movies)
    if published is not None and published.catalogue != sample and movies < (1 - MOST_LOST) * published.count:
        found.append(
            f"the catalogue ({catalogue.source.name} in {catalogue.source.folder}) has {movies:,} movies, "
            f"the published index {published.count:,}: more than a fifth would disappear; {CONFIRM}"
        )
    bad = catalogue.lost or sum(row.file == catalogue.skipped[0].file for row in catalogue.skipped)
    if bad >= FEWEST_BAD and bad > MOST_LOST * (bad + movies):
        found.append(
            f"{bad:,} of {bad + movies:,} rows of {catalogue.skipped[0].file} are bad, more than a fifth; "
            f"the first: {catalogue.skipped[0]}; {CONFIRM}"
        )
    return found
