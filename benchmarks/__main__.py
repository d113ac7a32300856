"""Measure search: everything, some parts (`--only speed memory`), or growth (`scale`).

`readme` writes the tables in README.md and docs/benchmarks.md from the stored results. `requests`, `intents`,
`languages`, `similar` and `workers` measure the published index, `backups` the user database; they have their own
options (`requests --help`). `vectors` compares the ways to store vectors, `words` measures the scores of words,
`changes` compares builds after small changes with whole ones.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import (
    backups,
    builds,
    changes,
    closeness,
    encoder,
    intents,
    languages,
    learned_ranking,
    names,
    quality,
    report,
    request_quality,
    results,
    scale,
    speed,
    vectors,
    words,
    workers,
    workplace,
)
from benchmarks.similar import command as similar_command
from benchmarks.workplace import ELASTIC, EMBEDDED
from core.config import Settings
from engine import wiring

PARTS = ("build", "quality", "requests", "understanding", "ranking", "speed", "memory", "encoder")
"""In this order: a cold build also creates the index and the vectors for the other parts."""
NO_ELASTIC = "Elasticsearch, because ELASTICSEARCH_URL is not set."

COMMANDS: Mapping[str, Callable[[Sequence[str]], None]] = {
    "backups": backups.main,
    "changes": changes.main,
    "requests": request_quality.main,
    "intents": intents.main,
    "languages": languages.main,
    "similar": similar_command.main,
    "vectors": vectors.main,
    "words": words.main,
    "workers": workers.main,
}
"""Measurements of the published index, by command."""

Engines = Mapping[str, Settings]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the measurements selected on the command line."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    if given and given[0] in COMMANDS:
        COMMANDS[given[0]](given[1:])
        return
    asked = _parse(given)
    if asked.what == "readme":
        results.update_documents()
        return
    own = workplace.settings_of_caller()
    with workplace.temporary_engines(own) as engines:
        measured = _grow(own, engines, asked) if asked.what == "scale" else _run(own, engines, asked.only)
    if asked.indexes is not None:  # indexes of an earlier run, perhaps searched under a limit of memory
        print(report.details(measured))
        return
    everything = results.save({**measured, "left_out": [] if ELASTIC in engines else [NO_ELASTIC]})
    print(report.headline(everything, commands=True), report.details(measured), sep="\n\n")


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("all", "scale", "readme", *COMMANDS), default="all")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="measure these parts")
    parser.add_argument(
        "--movies", type=_sizes, default=scale.MOVIES, metavar="N,N", help="sizes for `scale`, e.g. 5000,50000"
    )
    parser.add_argument(
        "--indexes",
        type=Path,
        metavar="FOLDER",
        help="`scale` keeps embedded indexes here and searches those that exist, without storing results",
    )
    return parser.parse_args(arguments)


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


def _run(own: Settings, engines: Engines, parts: Sequence[str]) -> dict[str, Any]:
    """Measure `parts`; without a build among them, existing vectors are used."""
    measured: dict[str, Any] = {}
    if "build" in parts:
        measured["build"] = builds.measure(engines)
    else:
        workplace.copy_caches(own.home, engines[EMBEDDED].home)
        builds.prepare(engines)
    info = wiring.store(engines[EMBEDDED]).open().info()
    measured["catalogue"] = {"name": info.catalogue, "films": info.count}
    for part in PARTS[1:]:
        if part in parts:
            measured |= {name: measure(engines) for name, measure in _measures(part).items()}
    return measured


def _measures(part: str) -> Mapping[str, Callable[[Engines], Any]]:
    return {
        "quality": {"quality": quality.measure, "names": names.measure, "closeness": closeness.measure},
        "requests": {"requests": request_quality.measure},
        "understanding": {"understanding": intents.measure},
        "ranking": {"ranking": learned_ranking.measure},
        "speed": {"speed": speed.measure},
        "memory": {"memory": speed.measure_memory},
        "encoder": {"encoder": _measure_encoder},
    }[part]


def _measure_encoder(engines: Engines) -> dict[str, Any]:
    return workplace.timed("encoder", workplace.in_process, encoder.measure, engines[EMBEDDED])


def _grow(own: Settings, engines: Engines, asked: argparse.Namespace) -> dict[str, Any]:
    workplace.copy_caches(own.home, engines[EMBEDDED].home)
    builds.prepare({EMBEDDED: engines[EMBEDDED]})
    return {"scale": scale.measure(engines, asked.movies, indexes=asked.indexes)}


if __name__ == "__main__":
    main()
