"""Measure a retraining by the number of ratings, and reading them.

Each size is trained in a process of its own, from the rows of the user database to a published version: the code of the
job `retrain` without the search engine, which `python -m benchmarks scale` measures.

    python -m benchmarks.training_scale                                          # 200 k and 1 M ratings
    python -m benchmarks.training_scale --sizes 10000000x40000x150000            # ratings x movies x users
    python -m benchmarks.training_scale --sizes 1000000x12000x20000 --search     # with the search of options
    python -m benchmarks.training_scale --read 25000000                          # SQLite, and with POSTGRES_URL, both
    python -m benchmarks.training_scale --read 25000000 --databases postgresql
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from typing import Any

from benchmarks import results, workplace
from benchmarks.training_scale import bulk_reads, report, stages
from benchmarks.training_scale.synthetic import Size

SIZES = (Size(200_000, 5_000, 5_000), Size(1_000_000, 12_000, 20_000))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the command line asks for; results of other sizes are kept."""
    asked = _parse(arguments)
    stored = results.load(results.TRAINING)
    kept = stored if stored.get("machine") == results.describe_machine() else {}
    fresh: dict[str, Any] = {}
    if asked.read:
        postgres_url = os.environ.get("POSTGRES_URL", "") if "postgresql" in asked.databases else ""
        found = workplace.timed(
            f"reading {asked.read:,} ratings",
            bulk_reads.measure,
            asked.read,
            sqlite="sqlite" in asked.databases,
            postgres_url=postgres_url,
        )
        fresh["reading"] = {**kept.get("reading", {}), **found}
    else:
        settings = {} if asked.search else {"search_share": 0}
        fresh["training"] = dict(kept.get("training", {}))
        for size in asked.sizes:
            found = workplace.timed(size.words, workplace.in_process, stages.run, size, settings)
            fresh["training"][size.words + (", with search" if asked.search else "")] = found
    print(report.headline(results.save(fresh, results.TRAINING)))


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.training_scale",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--sizes", nargs="+", type=_size, default=SIZES, metavar="RxMxU", help="ratings x movies x users"
    )
    parser.add_argument("--search", action="store_true", help="search options, as the first training of a site does")
    parser.add_argument("--read", type=int, default=0, metavar="N", help="measure reading N ratings instead")
    parser.add_argument("--databases", nargs="+", choices=report.DATABASES, default=list(report.DATABASES))
    return parser.parse_args(arguments)


def _size(text: str) -> Size:
    try:
        ratings, movies, users = map(int, text.split("x"))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text}: expected ratings x movies x users, as in 1000000x12000x20000"
        ) from None
    return Size(ratings, movies, users)


if __name__ == "__main__":
    main()
