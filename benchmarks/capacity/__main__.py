"""Measure how costs grow, and derive what larger sites take: `python -m benchmarks.capacity`, some hours.

Everything is measured in one run on one machine, each cost at two sizes, so that their ratios mean something even where
the seconds do not. With ELASTICSEARCH_URL and POSTGRES_URL, those are measured too. Writes docs/scaling.md.
"""

from __future__ import annotations

import argparse
import contextlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from benchmarks import builds, results, scale, speed, workplace
from benchmarks.capacity import report
from benchmarks.jobs import event_counts
from benchmarks.training_scale import stages
from benchmarks.training_scale.synthetic import Size
from benchmarks.workplace import EMBEDDED
from core.config import Settings

MOVIES = (60_000, 200_000)
"""Both searched by a graph on both engines: smaller catalogues are compared exactly."""
RATINGS = (Size(3_000_000, 20_000, 50_000), Size(10_000_000, 40_000, 150_000))
"""Both with more movies than EASE learns within its memory: smaller sites cost less for each rating."""


Keep = Callable[[dict[str, Any]], object]
"""Stores parts of the results; called after each measurement, so that an interrupted run keeps them."""


def servers(keep: Keep) -> None:
    """Measure the processor time of a search in a server."""
    with _engines() as engines:
        keep({"speed": workplace.timed("searching in a server", speed.measure, engines)})


def searches(keep: Keep) -> None:
    """Measure both engines by the number of movies."""
    with _engines() as engines:
        scale.measure(engines, MOVIES, lambda found: keep({"scale": found}))


@contextlib.contextmanager
def _engines() -> Iterator[dict[str, Settings]]:
    """Yield the settings of each available engine, with an index of the real movies."""
    own = workplace.settings_of_caller()
    with workplace.temporary_engines(own) as engines:
        workplace.copy_caches(own.home, engines[EMBEDDED].home)
        builds.prepare(engines)
        yield engines


def training(keep: Keep) -> None:
    """Measure trainings on this machine by the number of ratings."""
    found = {}
    for size in RATINGS:
        found[size.words] = workplace.timed(size.words, workplace.in_process, stages.run, size, {"search_share": 0})
        keep({"training": found})


def events(keep: Keep) -> None:
    """Measure counting by the number of events; the same figures belong to the jobs."""
    found = workplace.timed("counting events", event_counts.measure, os.environ.get("POSTGRES_URL", ""))
    results.save({"events": found}, results.JOBS)
    keep({"events": found})


PARTS: Mapping[str, Callable[[Keep], None]] = {
    "servers": servers,
    "searches": searches,
    "training": training,
    "events": events,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the selected parts, store the results, and print the tables."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.capacity", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS), help="measure these parts")
    asked = parser.parse_args(arguments)
    for part in asked.only:
        PARTS[part](lambda found: results.save(found, results.CAPACITY))
        print(report.headline(results.load(results.CAPACITY)), flush=True)
    results.update_documents()


if __name__ == "__main__":
    main()
