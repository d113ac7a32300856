"""Fuzz a served site: `python -m benchmarks.fuzzing`; `--count` and `--seed` choose the requests."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pydantic import SecretStr

from benchmarks import results, workplace
from benchmarks.fuzzing import measure, report, site
from core.config import Settings
from core.jobs.work import SilentWatch
from engine import wiring
from engine.catalogue import index_build

COUNT, SEED = 20_000, 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz the sample catalogue with a new database; return 1 if a request failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzzing", description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT, help="number of requests")
    parser.add_argument("--seed", type=int, default=SEED, help="the same seed makes the same requests")
    parser.add_argument("--home", type=Path, help="keep the index in this folder, to start sooner the next time")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        people = SecretStr(f"sqlite:///{folder}/people.sqlite")
        settings = Settings(home=asked.home or Path(folder), offline=True, demo=False, database_url=people)
        store = wiring.store(settings)
        workplace.timed(
            "index",
            lambda: index_build.run(settings, SilentWatch(), index_store=store, registry=wiring.models(settings)),
        )
        with site.running(settings) as target:
            found = workplace.timed("requests", lambda: measure.fuzz(target, seed=asked.seed, count=asked.count))
    saved = results.save({"fuzz": found}, results.FUZZ)
    print(report.headline(saved))
    for failure in found["failures"]:
        print(failure, file=sys.stderr)
    results.update_documents()
    return 1 if found["failures"] else 0


if __name__ == "__main__":
    sys.exit(main())
