"""Time of a build after some movies changed, beside that of the build of everything before it.

    python -m benchmarks changes --movies 20000 --share 0.01

Movies are copies of those of the published index (`benchmarks/synthetic_catalogue.py`); nothing is encoded.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks import builds, markdown, synthetic_catalogue, workplace
from benchmarks.workplace import ELASTIC, EMBEDDED
from core.config import Settings
from core.ports import Vectors
from core.types import Movie
from data.catalogues import sources
from engine import wiring
from indexer import build


def main(arguments: Sequence[str]) -> None:
    """Print a table: seconds and movies written of both builds, and their ratio, per engine."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks changes", description=__doc__)
    parser.add_argument("--movies", type=int, default=5_000, metavar="N", help="movies of the catalogue (5000)")
    parser.add_argument("--share", type=float, default=0.01, metavar="S", help="share of movies that change (0.01)")
    given = parser.parse_args(arguments)
    own = workplace.settings_of_caller()
    rows = []
    with tempfile.TemporaryDirectory(prefix="marquee-bench-") as home:
        engines = workplace.engines(own, Path(home))
        workplace.copy_caches(own.home, Path(home))
        builds.prepare({EMBEDDED: engines[EMBEDDED]})
        for name, settings in engines.items():
            target = settings.model_copy(update={"home": Path(home) / "changes"})
            try:
                whole, part, seconds, cpu = workplace.in_process(measure, engines[EMBEDDED], target, given)
            finally:
                if name == ELASTIC:
                    workplace.remove_indices(target)
            written = [f"{report.written:,}" for report in (whole, part)]
            shown = [f"{value:.1f}" for pair in zip(seconds, cpu, strict=True) for value in pair]
            rows.append([name, *written, *shown, f"{seconds[1] / seconds[0]:.2f}", f"{cpu[1] / cpu[0]:.2f}"])
    head = ["engine", "written", "then", "s", "processor s", "then s", "processor s", "ratio of s", "of processor s"]
    print(f"{given.movies:,} movies, {given.share:.1%} changed\n", markdown.table(head, rows), sep="\n")


def measure(
    real: Settings, target: Settings, given: argparse.Namespace
) -> tuple[build.BuildReport, build.BuildReport, list[float], list[float]]:
    """Build everything, then again with changes; return the reports and the seconds on the clock and of this process.

    The processor time of Elasticsearch is not included.
    """
    originals = sources.load(real).movies
    vectors = wiring.store(real).open().vectors([movie.id for movie in originals])
    movies: list[Movie] = list(synthetic_catalogue.Copies(originals, given.movies))
    rows = synthetic_catalogue.jitter(vectors, given.movies)
    reports: list[build.BuildReport] = []
    seconds: list[float] = []
    cpu: list[float] = []
    for _ in range(2):
        started, used = time.perf_counter(), time.process_time()
        origin = build.Origin("benchmark", "benchmark", "changes", catalogue_hash=str(len(reports)))
        reports.append(build.build(wiring.store(target), movies, vectors=rows, origin=origin))
        seconds.append(time.perf_counter() - started)
        cpu.append(time.process_time() - used)
        movies, rows = change(movies, rows, given.share)
    return reports[0], reports[1], seconds, cpu


def change(movies: Sequence[Movie], vectors: Vectors, share: float) -> tuple[list[Movie], Vectors]:
    """Return the catalogue with new texts and vectors for some movies, spread over it."""
    changed, rows = list(movies), vectors.copy()
    for row in range(0, len(movies), max(1, round(1 / share))):
        other = movies[row - 1]
        changed[row] = replace(movies[row], overview=other.overview, vote_count=movies[row].vote_count + 1)
        mixed = vectors[row] + vectors[row - 1]
        rows[row] = mixed / np.linalg.norm(mixed)
    return changed, rows
