"""Measure scheduled jobs: `python -m benchmarks.jobs`; `--only trending` measures parts."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from benchmarks import results, workplace
from benchmarks.jobs import event_counts, kills, publishing, report, retraining, trending

PARTS: Mapping[str, Callable[[], dict[str, Any]]] = {
    "trending": lambda: trending.measure(os.environ.get("POSTGRES_URL", "")),
    "events": lambda: event_counts.measure(os.environ.get("POSTGRES_URL", "")),
    "publishing": publishing.measure,
    "retraining": retraining.measure,
    "kills": kills.measure,
}
"""The parts of `results/jobs.json` with their measurements."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the selected parts; results of other parts are kept."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.jobs", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS), help="measure these parts")
    asked = parser.parse_args(arguments)
    found = {part: workplace.timed(part, PARTS[part]) for part in asked.only}
    merged = results.save(json.loads(json.dumps(found)), results.JOBS)
    print(report.headline(merged))


if __name__ == "__main__":
    main()
