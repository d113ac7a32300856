"""`python -m benchmarks.users` measures what users feel; `--only speed crowd lists searching` measures parts."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from benchmarks import builds, results, workplace
from benchmarks.taste import datasets
from benchmarks.users import crowd, lists, report, searching, speed, training
from benchmarks.workplace import ELASTIC, EMBEDDED
from core.config import Settings

PARTS = ("speed", "crowd", "lists", "searching")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.users", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="measure these parts")
    asked = parser.parse_args(arguments)
    own = workplace.settings_of_caller()
    with tempfile.TemporaryDirectory(prefix="marquee-bench-") as home:
        engines = workplace.engines(own, Path(home))
        try:
            workplace.take_vectors(own.home, Path(home))
            builds.prepare(engines)
            learned = workplace.told("training", workplace.apart, training.measure, engines[EMBEDDED])
            if ELASTIC in engines:
                stamped = workplace.told("stamping Elasticsearch", workplace.apart, training.stamp, engines[ELASTIC])
                learned["stamping_elasticsearch_s"] = stamped["seconds"]
            found = {"training": learned, **run(engines, asked.only)}
        finally:
            if ELASTIC in engines:
                workplace.remove_indices(engines[ELASTIC])
    print(report.headline(results.save(found, results.USERS)))


def run(engines: dict[str, Settings], parts: Sequence[str]) -> dict[str, Any]:
    """The figures of the parts."""
    found: dict[str, Any] = {}
    if "speed" in parts:
        found["speed"] = {name: workplace.told(f"speed, {name}", speed.measure, own) for name, own in engines.items()}
    if "crowd" in parts:
        found["crowd"] = crowd.measure(engines[EMBEDDED])
    with threadpool_limits(1, "blas"):
        data = datasets.small(engines[EMBEDDED]) if {"lists", "searching"} & set(parts) else None
        if data is not None and "lists" in parts:
            found["lists"] = workplace.told("lists", lists.measure, engines[EMBEDDED], data)
        if data is not None and "searching" in parts:
            found["searching"] = workplace.told("searching", searching.measure, engines[EMBEDDED], data)
    return json.loads(json.dumps(found))  # type: ignore[no-any-return]  # as it will be read back


if __name__ == "__main__":
    main()
