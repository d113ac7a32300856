"""Measure how costs grow, and derive what larger sites take: `python -m benchmarks.capacity`, some hours.

Everything is measured in one run on one machine, each cost at two sizes, so that their ratios mean something even where
the seconds do not. With ELASTICSEARCH_URL and POSTGRES_URL, those are measured too. Writes docs/scaling.md.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import builds, results, scale, speed, workplace
from benchmarks.capacity import report
from benchmarks.jobs import event_counts
from benchmarks.training_scale import stages
from benchmarks.training_scale.synthetic import Size
from benchmarks.workplace import ELASTIC, EMBEDDED

MOVIES = (50_000, 200_000)
RATINGS = (Size(3_000_000, 20_000, 50_000), Size(10_000_000, 40_000, 150_000))
"""Both with more movies than EASE learns within its memory: smaller sites cost less for each rating."""


def searches() -> dict[str, Any]:
    """Measure both engines by the number of movies, and the processor time of a search in a server."""
    own = workplace.settings_of_caller()
    with tempfile.TemporaryDirectory(prefix="marquee-bench-") as home:
        engines = workplace.engines(own, Path(home))
        workplace.copy_caches(own.home, engines[EMBEDDED].home)
        try:
            builds.prepare(engines)
            served = workplace.timed("searching in a server", speed.measure, engines)
            return {"speed": served, "scale": scale.measure(engines, MOVIES)}
        finally:
            if ELASTIC in engines:
                workplace.remove_indices(engines[ELASTIC])


def training() -> dict[str, Any]:
    """Measure trainings on this machine by the number of ratings."""
    options = {"search_share": 0}
    return {
        "training": {
            size.words: workplace.timed(size.words, workplace.in_process, stages.run, size, options) for size in RATINGS
        }
    }


def events() -> dict[str, Any]:
    """Measure counting by the number of events; the same figures belong to the jobs."""
    found = workplace.timed("counting events", event_counts.measure, os.environ.get("POSTGRES_URL", ""))
    results.save({"events": found}, results.JOBS)
    return {"events": found}


PARTS: Mapping[str, Callable[[], dict[str, Any]]] = {"searches": searches, "training": training, "events": events}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the selected parts, store the results, and print the tables."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.capacity", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS), help="measure these parts")
    asked = parser.parse_args(arguments)
    for part in asked.only:  # saved after each, so that an interrupted run keeps what it has measured
        print(report.headline(results.save(PARTS[part](), results.CAPACITY)), flush=True)
    results.update_documents()


if __name__ == "__main__":
    main()
