"""The matrix of word scores by itself: writing it, its size, and the time of scoring every movie by a text.

    python -m benchmarks words --movies 120000 1000000

Movies are copies of those of the catalogue (`benchmarks/synthetic_catalogue.py`), texts those of growth. Times are
processor time in this process; writing excludes making the copies.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from benchmarks import markdown, metrics, scale, synthetic_catalogue, workplace
from core.types import Movie
from data.catalogues import sources
from indexer.embedded import words
from indexer.embedded.words import Words, WordsWriter

MOVIES = (30_000, 120_000)
DEPTH = 300
"""Movies that a search requests by words, as many as the website's."""
FIELDS = (("text", 1.0),)
HEAD = ("movies", "entries", "disk MB", "writing s", "all scores ms", f"best {DEPTH} ms", "both, p95 ms")

T = TypeVar("T")


def main(arguments: Sequence[str]) -> None:
    """Print a row for each number of movies."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks words", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--movies", type=int, nargs="+", default=list(MOVIES), metavar="N", help="numbers of movies")
    given = parser.parse_args(arguments)
    own = workplace.settings_of_caller()
    assert own.data_dir is not None
    originals, texts = sources.load(own).movies, scale.texts(own.data_dir)
    rows = [workplace.timed(f"{count:,} movies", measure, originals, count, texts) for count in given.movies]
    print(markdown.table(HEAD, rows))


def measure(originals: Sequence[Movie], count: int, texts: Sequence[str]) -> Sequence[str]:
    """Return the cells of the row of `count` movies."""
    with tempfile.TemporaryDirectory(prefix="marquee-bench-") as home:
        folder = Path(home) / "words"
        writer, spent = WordsWriter(folder), 0.0
        for movie in synthetic_catalogue.Copies(originals, count):
            spent += _timed(writer.add, movie)[1]
        spent += _timed(writer.finish)[1]
        found = Words(folder, count)
        scoring, choosing = zip(*(_search(found, text) for text in texts), strict=True)
        both = [sum(pair) for pair in zip(scoring, choosing, strict=True)][scale.WARM_UP :]
        size = sum(path.stat().st_size for path in folder.iterdir())
        entries = (folder / words.ROWS).stat().st_size // 4
        figures = (metrics.percentiles(some[scale.WARM_UP :])["p50"] for some in (scoring, choosing))
        times = (*figures, metrics.percentiles(both)["p95"])
        return [f"{count:,}", f"{entries:,}", f"{size / 1e6:,.0f}", f"{spent:,.0f}", *(f"{one:.2f}" for one in times)]


def _search(found: Words, text: str) -> tuple[float, float]:
    """Return milliseconds of processor time for the scores of all movies, and for the best of them."""
    scores, scoring = _timed(found.scores, text, FIELDS)
    if scores is None:
        return 1000 * scoring, 0.0
    return 1000 * scoring, 1000 * _timed(words.best, scores, None, DEPTH)[1]


def _timed(function: Callable[..., T], *arguments: object) -> tuple[T, float]:
    started = time.process_time()
    result = function(*arguments)
    return result, time.process_time() - started
