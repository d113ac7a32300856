"""The environment of measurements: a separate folder, engines, separate processes."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

from pydantic import SecretStr

from core import config
from core.config import Settings
from indexer.elastic.cluster import client

EMBEDDED, ELASTIC = "embedded", "elasticsearch"
ALIAS = "marquee-bench"
"""The prefix of indices that measurements build; the process id follows, and they are deleted at the end."""
TEST_DATA = "MARQUEE_TEST_DATA"
"""The variable of the folder with the test data; only tests and benchmarks use it, so it is no setting."""
PATIENCE = 30.0
"""The timeout of searches in seconds: slow ones are measured, not aborted."""

P = ParamSpec("P")
T = TypeVar("T")


def settings_of_caller() -> Settings:
    """Return the settings of the caller, with the test data as the default catalogue."""
    settings = config.load({name: value for name, value in os.environ.items() if name != TEST_DATA})
    data = settings.data_dir or os.environ.get(TEST_DATA)
    if not data:
        raise SystemExit("set MARQUEE_DATA_DIR to a folder with tmdb5000/ and queries/")
    return settings.model_copy(update={"data_dir": Path(data).resolve()})


def engines(settings: Settings, home: Path) -> dict[str, Settings]:
    """Return the settings of each available engine; Elasticsearch is available if a URL is set."""
    given = tuple(map(SecretStr, filter(None, [os.environ.get("ELASTICSEARCH_URL")])))
    addresses = settings.elasticsearch_url or given
    own = settings.model_copy(
        update={"home": home, "elasticsearch_url": (), "elasticsearch_index": f"{ALIAS}-{os.getpid()}"}
    )
    found = {EMBEDDED: own}
    if addresses:
        waiting = {"elasticsearch_url": addresses, "elasticsearch_timeout": PATIENCE}
        found[ELASTIC] = own.model_copy(update=waiting)
    return found


@contextmanager
def temporary_engines(settings: Settings) -> Iterator[dict[str, Settings]]:
    """Yield the settings of each available engine with a new home; delete it, and the indices, at the end."""
    with tempfile.TemporaryDirectory(prefix="marquee-bench-") as home:
        found = engines(settings, Path(home))
        try:
            yield found
        finally:
            if ELASTIC in found:
                remove_indices(found[ELASTIC])


def copy_caches(source: Path, home: Path) -> None:
    """Copy existing vectors, exports and caches into a new home."""
    for part in ("vectors", "encoders", "tuning"):
        if (source / part).is_dir():
            shutil.copytree(source / part, home / part, dirs_exist_ok=True)


def timed(what: str, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call `function`, and report the step and its duration on standard error."""
    print(f"  {what} …", end="", file=sys.stderr, flush=True)
    started = time.perf_counter()
    result = function(*args, **kwargs)
    print(f" {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    return result


def in_process(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call `function` in a new process, so that measurements do not share memory and imports."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *args, **kwargs).result()


def in_parallel(function: Callable[..., T], calls: Sequence[tuple[object, ...]]) -> list[T]:
    """Call `function` with each of `calls` in parallel processes; for calls that are not timed."""
    with ProcessPoolExecutor(len(calls), mp_context=multiprocessing.get_context("spawn")) as pool:
        return list(pool.map(function, *zip(*calls, strict=True)))


def environment(settings: Settings) -> dict[str, str]:
    """Return the environment variables that pass these settings to a new process."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(config.PREFIX)}
    plain = settings.model_dump(exclude_defaults=True)
    return kept | {config.variable(name): _written(value) for name, value in plain.items() if value is not None}


def remove_indices(settings: Settings) -> None:
    """Delete the indices that measurements built in Elasticsearch."""
    indices = client.connect(settings, batch=True).client.indices
    for name in list(indices.get(index=f"{settings.elasticsearch_index}-*", filter_path="*.aliases").body):
        indices.delete(index=name, ignore_unavailable=True)


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(map(_written, value))
    secret = getattr(value, "get_secret_value", None)
    return str(secret() if secret else value)
