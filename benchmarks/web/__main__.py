"""Measure the site's pages: their weight in Chromium, and their speed with 1,000 users. `python -m benchmarks.web`."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import builds, results, server, workplace
from benchmarks.users import speed, training
from benchmarks.web import browser, pages, population, report
from benchmarks.workplace import EMBEDDED
from core.config import Settings
from data.catalogues import sources


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, store the results and print them."""
    argparse.ArgumentParser(prog="python -m benchmarks.web", description=__doc__).parse_args(arguments)
    own = workplace.settings_of_caller()
    with tempfile.TemporaryDirectory(prefix="marquee-bench-") as home:
        engine = workplace.engines(own, Path(home))[EMBEDDED]
        workplace.copy_caches(own.home, Path(home))
        builds.prepare({EMBEDDED: engine})
        workplace.timed("training", workplace.in_process, training.measure, engine)
        found = run(engine)
    stored = results.save(found, results.WEB)
    print(report.headline(stored))
    for fault in report.faults(stored):
        print(f"over budget: {fault}")


def run(settings: Settings) -> dict[str, Any]:
    """Return the figures of the pages."""
    movies = sources.load(settings).movies
    popularity = np.array([1.0 + movie.vote_count for movie in movies])
    with speed.people(settings) as (own, stores):
        ids = [movie.id for movie in movies]
        visitors, watches = workplace.timed("1,000 users", population.create, stores, ids, popularity)
        with server.running(own) as serving:
            shown = workplace.timed("pages in Chromium", workplace.in_process, browser.measure, serving.port)
            timed = workplace.timed("pages of users", workplace.in_process, pages.measure, serving.port, visitors)
        totals = stores.diaries.totals()
    return {
        "users": population.USERS,
        "visitors": len(visitors),
        "ratings": totals.ratings,
        "watches": watches,
        "browser": shown,
        "pages": timed,
    }


if __name__ == "__main__":
    main()
