"""Growth of builds and searches with the catalogue: 5,000, 50,000 and 200,000 movies, on one thread."""

from __future__ import annotations

import json
import os
import resource
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import metrics, queries, server, synthetic_catalogue, workplace
from benchmarks.workplace import ELASTIC, EMBEDDED
from core.config import Settings
from core.ports import Question
from core.types import SearchRequest
from data.catalogues import sources
from engine import wiring
from engine.search import intent
from engine.search.encoders.document_texts import MOVIE_TEXTS
from engine.search.search import Search
from indexer import build
from indexer.elastic.cluster import client

MOVIES = (5_000, 50_000, 200_000)
SEARCHES = 200
WARM_UP = 20
WRITTEN = "written.json"
"""The file in the home of an index with the figures of its build."""
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def measure(
    engines: Mapping[str, Settings],
    sizes: Sequence[int],
    keep: Callable[[dict[str, Any]], object] = lambda _found: None,
    *,
    indexes: Path | None = None,
) -> dict[str, Any]:
    """Measure every size on every engine; the real movies are in the embedded index.

    Args:
        engines: the settings of each engine.
        sizes: numbers of movies.
        keep: called with all that has been found after each measurement, the longest of which take an hour.
        indexes: a folder that keeps embedded indexes; those that exist are not written again.
    """
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))  # for child processes
    found: dict[str, Any] = {name: {} for name in engines}
    for size in sizes:
        for name, settings in engines.items():
            found[name][str(size)] = _size(name, settings, size, real=engines[EMBEDDED], indexes=indexes)
            keep(found)
    return found


def write(settings: Settings, size: int, real: Settings) -> dict[str, Any]:
    """Build an index of `size` movies from the `real` ones; measure the time for writing, without encoding.

    The movies take some 6 kB of memory each, which is part of `build_mb`, the peak of this process in MB.
    """
    movies = sources.load(settings).movies
    index = wiring.store(real).open()
    vectors = synthetic_catalogue.jitter(index.vectors([movie.id for movie in movies]), size)
    # As a catalogue is: a build reads it several times, and generating copies takes as long as writing them.
    many = list(synthetic_catalogue.Copies(movies, size))
    origin = build.Origin(index.info().encoder, MOVIE_TEXTS.fingerprint, f"{size} films", catalogue_hash=str(size))
    report = build.build(wiring.store(settings), many, vectors=vectors, origin=origin)
    return {
        "build_s": round(report.seconds, 1),
        "films_per_s": round(size / report.seconds),
        "build_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000),
    }


def write_once(settings: Settings, size: int, real: Settings) -> dict[str, Any]:
    """Do the same in another process unless the home already has such an index; return the figures of its build."""
    stored = settings.home / WRITTEN
    if stored.exists():
        return dict(json.loads(stored.read_text(encoding="utf-8")))
    workplace.copy_caches(real.home, settings.home)
    engine = ELASTIC if settings.elasticsearch_url else EMBEDDED
    found = workplace.timed(f"writing {size:,} movies, {engine}", workplace.in_process, write, settings, size, real)
    stored.write_text(json.dumps(found), encoding="utf-8")
    return found


def search(settings: Settings) -> dict[str, Any]:
    """Search in this process, one query at a time: the engine alone, the whole search, and that with encoding."""
    assert settings.data_dir is not None
    asked = texts(settings.data_dir)
    searching = wiring.build(settings).search
    assert isinstance(searching, Search)
    requests = [SearchRequest(text) for text in asked]
    for request in requests[:WARM_UP]:
        searching.run(request)
    measured = requests[WARM_UP:]
    with_encoding = _times(searching.run, measured)
    return {
        "with_encoding_ms": with_encoding,
        "search_ms": _times(searching.run, measured),  # the vectors are cached by now
        "candidates_ms": _times(searching.index.candidates, [_question(searching, one) for one in measured]),
        **server.memory_mb(os.getpid()),
    }


def texts(data: Path) -> list[str]:
    """Return the texts that are searched, first those to warm up."""
    found = queries.short_texts(data)
    return found[:: max(1, len(found) // (SEARCHES + WARM_UP))][: SEARCHES + WARM_UP]


def _size(name: str, settings: Settings, size: int, *, real: Settings, indexes: Path | None) -> dict[str, Any]:
    kept = indexes if name == EMBEDDED else None
    home = (kept or settings.home) / f"scale-{size}"
    own = settings.model_copy(update={"home": home})
    try:
        written = write_once(own, size, real)
        asked = workplace.timed(f"searching {size:,} movies, {name}", workplace.in_process, search, own)
        return {**written, **asked, **(_elastic_size(own) if name == ELASTIC else _folder_size(home / "index"))}
    finally:
        if kept is None:
            shutil.rmtree(home, ignore_errors=True)
        if name == ELASTIC:
            workplace.remove_indices(own)


def _question(searching: Search, request: SearchRequest) -> Question:
    return searching.question(request, intent.read(request.query))


def _times(call: Callable[[Any], object], asked: Sequence[Any]) -> dict[str, float]:
    taken = []
    for one in asked:
        started = time.perf_counter()
        call(one)
        taken.append((time.perf_counter() - started) * 1000)
    return metrics.percentiles(taken)


def _folder_size(folder: Path) -> dict[str, float]:
    return {"disk_mb": round(sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6, 1)}


def _elastic_size(settings: Settings) -> dict[str, float]:
    asked = client.connect(settings, batch=True).client
    stored = asked.indices.stats(index=settings.elasticsearch_index, metric="store")
    heap = asked.nodes.stats(metric="jvm", filter_path="nodes.*.jvm.mem.heap_used_in_bytes")
    used = [node["jvm"]["mem"]["heap_used_in_bytes"] for node in heap["nodes"].values()]
    return {
        "disk_mb": round(stored["_all"]["total"]["store"]["size_in_bytes"] / 1e6, 1),
        "server_heap_mb": round(sum(used) / 1e6, 1),
    }
