"""Measure what users experience: `python -m benchmarks.users`; `--only speed crowd lists searching`: parts."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any

from threadpoolctl import threadpool_limits

from benchmarks import builds, results, workplace
from benchmarks.taste import datasets
from benchmarks.users import crowd, lists, report, searching, speed, training
from benchmarks.workplace import ELASTIC, EMBEDDED
from core.config import Settings

PARTS = ("speed", "crowd", "lists", "searching")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the measurements selected on the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.users", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="measure these parts")
    asked = parser.parse_args(arguments)
    own = workplace.settings_of_caller()
    with workplace.temporary_engines(own) as engines:
        workplace.copy_caches(own.home, engines[EMBEDDED].home)
        builds.prepare(engines)
        learned = workplace.timed("training", workplace.in_process, training.measure, engines[EMBEDDED])
        if ELASTIC in engines:
            stamped = workplace.timed(
                "writing factors to Elasticsearch", workplace.in_process, training.stamp, engines[ELASTIC]
            )
            learned["stamping_elasticsearch_s"] = stamped["seconds"]
        found = {"training": learned, **run(engines, asked.only)}
    print(report.headline(results.save(found, results.USERS)))


def run(engines: dict[str, Settings], parts: Sequence[str]) -> dict[str, Any]:
    """Return the figures of the parts."""
    found: dict[str, Any] = {}
    if "speed" in parts:
        found["speed"] = {name: workplace.timed(f"speed, {name}", speed.measure, own) for name, own in engines.items()}
    if "crowd" in parts:
        found["crowd"] = crowd.measure(engines[EMBEDDED])
    with threadpool_limits(1, "blas"):
        data = datasets.small(engines[EMBEDDED]) if {"lists", "searching"} & set(parts) else None
        if data is not None and "lists" in parts:
            found["lists"] = workplace.timed("lists", lists.measure, engines[EMBEDDED], data)
        if data is not None and "searching" in parts:
            found["searching"] = workplace.timed("searching", searching.measure, engines[EMBEDDED], data)
    return json.loads(json.dumps(found))  # type: ignore[no-any-return]  # as it is read back later


if __name__ == "__main__":
    main()
