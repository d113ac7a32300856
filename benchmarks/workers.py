"""Searches per second and memory of `marquee serve` with one and several workers, on the published index.

Memory is PSS, in which a shared page counts in parts that add up to one, and USS, what only this process uses: the
memory that one more worker takes.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import load, machine, queries, report, results, server, workplace
from core.config import Settings

NUMBERS = (1, 2, 4)
CLIENTS = 8
TEXTS = 600
"""Searches of each measurement."""
PATIENCE = 60.0
"""Seconds until all workers must run."""


def main(arguments: Sequence[str] = ()) -> None:
    """Measure, store the results and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks workers", description=__doc__)
    parser.add_argument("--workers", type=int, nargs="+", default=list(NUMBERS), help="numbers of workers")
    parser.add_argument("--texts", type=int, default=TEXTS, help="searches of each measurement")
    asked = parser.parse_args(arguments)
    own = workplace.settings_of_caller()
    found = {str(number): measure(own, number, texts=asked.texts) for number in asked.workers}
    results.save({"workers": found})
    print(report.details({"workers": found}))


def measure(settings: Settings, number: int, *, texts: int) -> dict[str, Any]:
    """Return the figures of a server with `number` workers; each text is searched once."""
    assert settings.data_dir is not None
    chosen = queries.short_texts(settings.data_dir)[:texts]
    quiet = machine.wait_until_quiet()
    # As many threads as clients, so that none is refused.
    own = settings.model_copy(update={"workers": number, "threads": CLIENTS})
    with server.running(own) as serving:
        workers = _all_workers(serving.pid, number)
        for _ in range(2 * number):  # each connection reaches another worker
            load.warm_up(serving.port, times=2)
        figures = workplace.in_process(load.all_at_once, serving.port, chosen, clients=CLIENTS)
        private = [unshared_mb(worker) for worker in workers]
        memory = server.memory_mb(serving.pid)
    return {**figures, **memory, "uss_mb": round(sum(private) / len(private), 1), "load": quiet}


def unshared_mb(pid: int) -> float:
    """Return the memory that only this process uses (USS), in MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return round(sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1000, 1)


def _all_workers(pid: int, number: int) -> list[int]:
    """Wait until all workers run; return their processes."""
    limit = time.monotonic() + PATIENCE
    while len(workers := server.family(pid)[1:]) < number:
        if time.monotonic() > limit:
            raise SystemExit(f"only {len(workers)} of {number} workers run")
        time.sleep(server.PAUSE)
    return workers
