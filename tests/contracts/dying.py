"""A build that stops at a given step and waits to be killed: `python -m tests.contracts.dying ENGINE WHERE STEP`.

With `stamping` for a step it stamps the published version instead, without stopping.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

from core.ports import Entry
from tests.contracts import tastes, world
from tests.contracts.places import Place

VERSION = "20260102-dying"
MODEL = "20260102-dying"
MOVIES_AT_ONCE = 8
"""So few that a stamp of the small world takes many calls, between which it can be killed."""
STEPS = ("begun", "filling", "filled", "finished")


def main(engine: str, where: str, last: str) -> None:
    """Build the world up to the step `last`; with `none`, to the end."""
    store = Place(engine, where).open()
    store.begin(world.info(VERSION))
    _reach("begun", last)
    store.fill(VERSION, _entries(last))
    _reach("filled", last)
    store.finish(VERSION)
    _reach("finished", last)
    store.publish(VERSION)


def stamp(engine: str, where: str) -> None:
    """Stamp the published version."""
    from indexer.elastic import factor_writes  # noqa: PLC0415 - needed here only

    factor_writes.CHUNK = MOVIES_AT_ONCE
    store = Place(engine, where).open()
    _reach("stamping", "none")
    store.publish_factors(tastes.factors(MODEL, seed=2))


def _entries(last: str) -> Iterator[Entry]:
    for row, entry in enumerate(world.entries()):
        if row == len(world.movies()) // 2:
            _reach("filling", last)
        yield entry


def _reach(step: str, last: str) -> None:
    sys.stdout.write(step + "\n")
    sys.stdout.flush()
    if step == last:
        time.sleep(600)


if __name__ == "__main__":
    stamp(*sys.argv[1:3]) if sys.argv[3] == "stamping" else main(*sys.argv[1:])
