"""A whole build that begins when it is told to: `python -m tests.contracts.racing ENGINE WHERE DAY`.

It prints `ready`, waits for a line, builds, and prints `published` with the version, or `refused` with the reason.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from core.errors import BuildRejected
from indexer import build
from tests.contracts import world
from tests.contracts.places import Place


def main(engine: str, where: str, day: str) -> None:
    """Build the world as a version of a day of January."""
    store = Place(engine, where).open()
    store.versions()  # the connection is open before the race begins
    _say("ready")
    sys.stdin.readline()
    try:
        report = build.build(
            store,
            world.movies(),
            vectors=world.vectors(),
            origin=world.ORIGIN,
            now=lambda: datetime(2026, 1, int(day), tzinfo=UTC),
        )
        _say(f"published {report.version}")
    except BuildRejected as refusal:
        _say(f"refused {refusal}".replace("\n", " "))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
