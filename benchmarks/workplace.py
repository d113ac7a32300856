"""Where the measurements happen: a folder of their own, engines to ask, processes apart."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from core import config
from core.config import Settings
from indexer.elastic import client

EMBEDDED, ELASTIC = "embedded", "elasticsearch"
ALIAS = "marquee-bench"
"""Indices that the measurements build are named after it and the process; they are deleted at the end."""
TEST_DATA = "MARQUEE_TEST_DATA"
"""Names the folder with the real data; it belongs to tests and measurements, so it is no setting of Marquee."""
PATIENCE = 30.0
"""Seconds that a search may take here: a slow one is measured, not cut off."""

P = ParamSpec("P")
T = TypeVar("T")


class Silent:
    """Watches a build, a training or a job, and says nothing."""

    def say(self, sentence: str) -> None:
        """Nothing."""

    def step(self, name: str, done: int, total: int) -> None:
        """Nothing."""

    def note(self, figures: Mapping[str, Any]) -> None:
        """Nothing."""

    def check(self) -> None:
        """Goes on."""


def settings_of_caller() -> Settings:
    """The caller's own settings, with the test data as catalogue where no other is named."""
    settings = config.load({name: value for name, value in os.environ.items() if name != TEST_DATA})
    data = settings.data_dir or os.environ.get(TEST_DATA)
    if not data:
        raise SystemExit("set MARQUEE_DATA_DIR to the folder with tmdb5000/ and queries/ that is to be measured on")
    return settings.model_copy(update={"data_dir": Path(data).resolve()})


def engines(settings: Settings, home: Path) -> dict[str, Settings]:
    """The settings of each engine that can be measured here; Elasticsearch where an address is known."""
    addresses = settings.elasticsearch_url or tuple(filter(None, [os.environ.get("ELASTICSEARCH_URL")]))
    own = settings.model_copy(
        update={"home": home, "elasticsearch_url": (), "elasticsearch_index": f"{ALIAS}-{os.getpid()}"}
    )
    found = {EMBEDDED: own}
    if addresses:
        waiting = {"elasticsearch_url": addresses, "elasticsearch_timeout": PATIENCE}
        found[ELASTIC] = own.model_copy(update=waiting)
    return found


def take_vectors(source: Path, home: Path) -> None:
    """Copy what was encoded, exported and remembered before into a new home, as far as it is there."""
    for part in ("vectors", "encoders", "tuning"):
        if (source / part).is_dir():
            shutil.copytree(source / part, home / part, dirs_exist_ok=True)


def told(what: str, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call `function` and say on the error output what is going on and how long it took."""
    print(f"  {what} …", end="", file=sys.stderr, flush=True)
    started = time.perf_counter()
    result = function(*args, **kwargs)
    print(f" {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    return result


def apart(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call `function` in a fresh process, so that memory and imports of one measurement never touch another."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *args, **kwargs).result()


def side_by_side(function: Callable[..., T], calls: Sequence[tuple[object, ...]]) -> list[T]:
    """Call `function` with each of `calls` in a process of its own, all at once; for what is not timed."""
    with ProcessPoolExecutor(len(calls), mp_context=multiprocessing.get_context("spawn")) as pool:
        return list(pool.map(function, *zip(*calls, strict=True)))


def environment(settings: Settings) -> dict[str, str]:
    """The variables that give a new process these settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(config.PREFIX)}
    plain = settings.model_dump(exclude_defaults=True)
    return kept | {config.variable(name): _written(value) for name, value in plain.items() if value is not None}


def remove_indices(settings: Settings) -> None:
    """Delete what the measurements built in Elasticsearch."""
    indices = client.connect(settings, batch=True).client.indices
    for name in list(indices.get(index=f"{settings.elasticsearch_index}-*", filter_path="*.aliases").body):
        indices.delete(index=name, ignore_unavailable=True)


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    secret = getattr(value, "get_secret_value", None)
    return str(secret() if secret else value)
