"""Kill a process that publishes models at random moments, and check that what it published is there.

`python -m benchmarks.jobs.kills FOLDER KILLS [SEED]` prints the counts as JSON. It runs as a separate process with one
thread, so that it can fork: a new publisher takes a millisecond instead of starting an interpreter.
"""

from __future__ import annotations

import json
import logging
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from benchmarks.jobs import made_up
from core.errors import ModelMissing
from engine.registry.registry import Registry
from engine.training import demo_users

ROOT = Path(__file__).parents[2]
KILLS = 1_000
MOVIES = 6
KEPT = 3
DURING = {".draft-": "writing a version", ".current-": "pointing to it", ".gone-": "pruning"}
"""What a publisher was doing, by the files that it left behind."""
LIMIT = 1_800.0
MEASURE_EVERY = 50
"""The number of kills after which the time of a publication is measured again, as the load of the machine varies."""
LONGEST_LIFE = 5.0
"""The longest life of a publisher, in publications: the first publication of a process takes longer than the others."""


def measure(kills: int = KILLS) -> dict[str, Any]:
    """Kill publishers; return the figures as plain values."""
    with tempfile.TemporaryDirectory(prefix="marquee-kills-") as folder:
        return in_process(Path(folder), kills)


def in_process(folder: Path, kills: int, *, seed: int = 1) -> dict[str, Any]:
    """Do the same in a folder, in a separate process."""
    command = [sys.executable, "-m", "benchmarks.jobs.kills", str(folder), str(kills), str(seed)]
    own = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    ended = subprocess.run(command, cwd=ROOT, env=own, stdout=subprocess.PIPE, check=True, timeout=LIMIT)
    return dict(json.loads(ended.stdout))


def run(folder: Path, kills: int, *, seed: int) -> dict[str, Any]:
    """Publish and kill; count losses, of which none is expected."""
    chance, registry = random.Random(seed), Registry(folder / "models", kept=KEPT)  # noqa: S311 - no secret
    usual, acknowledged = 0.0, ""
    counted: Counter[str] = Counter(kills=0, publications=0, lost=0, damaged=0)
    for number in range(kills):
        if number % MEASURE_EVERY == 0:
            usual = _seconds_of_one(registry)
            acknowledged = registry.current() or ""
        published, in_flight = _kill_one(folder, after=chance.uniform(0, LONGEST_LIFE * usual))
        counted["kills"] += 1
        counted["publications"] += len(published)
        acknowledged = max([acknowledged, *published])
        counted["killed while " + in_flight] += 1
        counted.update(_judge(registry, acknowledged))
        _clear(folder / "models")
    return {"ms_per_publication": round(usual * 1000, 1), **counted}


def _judge(registry: Registry, acknowledged: str) -> Counter[str]:
    """Count what a process that starts now finds."""
    try:
        found = registry.load()
    except ModelMissing:
        return Counter(lost=1)
    whole = found.model.version == found.manifest["version"] == registry.current()
    return Counter(lost=int(found.model.version < acknowledged), damaged=int(not whole))


def _kill_one(folder: Path, *, after: float) -> tuple[list[str], str]:
    """Return the versions that a publisher reported as published, and what it was doing when it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _publish_for_ever(folder, writing)
    os.close(writing)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as pipe:
        lines = pipe.read().decode().splitlines(keepends=True)
    left = {path.name for path in (folder / "models").glob(".*-*")}
    doing = next((what for begin, what in DURING.items() if any(name.startswith(begin) for name in left)), "between")
    return [line.strip() for line in lines if line.endswith("\n")], doing


def _publish_for_ever(folder: Path, writing: int) -> NoReturn:
    registry = Registry(folder / "models", kept=KEPT)
    while True:
        version = _publish(registry)
        os.write(writing, f"{version}\n".encode())


def _publish(registry: Registry) -> str:
    movies = np.arange(1, MOVIES + 1, dtype=np.int64)
    return registry.publish(made_up.model(registry.new_version(), movies, seed=1), {}, known=demo_users.NOBODY)


def _seconds_of_one(registry: Registry) -> float:
    """Return the median time of several publications in seconds."""
    taken = []
    for _ in range(7):
        started = time.perf_counter()
        _publish(registry)
        taken.append(time.perf_counter() - started)
    return sorted(taken)[len(taken) // 2]


def _clear(root: Path) -> None:
    """Delete what the kill left behind, like the cleanup an hour later, to distinguish it from that of the next."""
    for path in root.glob(".*-*"):
        for file in sorted(path.rglob("*"), reverse=True) if path.is_dir() else ():
            file.rmdir() if file.is_dir() else file.unlink()
        path.rmdir() if path.is_dir() else path.unlink()


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    print(json.dumps(run(Path(sys.argv[1]), int(sys.argv[2]), seed=int(sys.argv[3]))))
