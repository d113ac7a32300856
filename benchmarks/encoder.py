"""Measure the encoder: similarity of the served model to sentence-transformers, and speed.

Run `python -m benchmarks.encoder`. `MARQUEE_DATA_DIR` is a folder with a catalogue and `queries/*.jsonl`; the index of
the catalogue must be published (`marquee index`).
"""

from __future__ import annotations

import json
import resource
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.baselines.sentence_encoder import SentenceEncoder
from core import config
from core.config import Settings
from core.ports import Encoder, Vectors
from data.catalogues import sources
from engine import wiring
from engine.search.encoders import encoder, manifest, model_files, onnx_export

QUERIES_PER_SET = 50
SHORT_WORDS = 20
"""The maximum number of words of a short query."""
TOP = 10


def measure(settings: Settings) -> dict[str, Any]:
    """Compare both precisions with sentence-transformers on real queries and the vectors of the movies."""
    movies = _movies(settings)
    queries = _queries((settings.data_dir or settings.home / "downloads") / "queries")
    reference = SentenceEncoder(model_files.find(settings.encoder_model, offline=settings.offline))
    wanted = reference.encode(queries)
    results: dict[str, Any] = {"model": reference.name, "films": len(movies), "queries": len(queries)}
    for precision in ("float32", "int8"):
        chosen = settings.model_copy(update={"encoder_precision": precision})
        onnx_export.ensure_exported(chosen)
        results[precision] = _measure_one(chosen, queries, wanted, movies)
    return results


def _movies(settings: Settings) -> Vectors:
    """Return the vectors of the movies from the published index."""
    index = wiring.store(settings).open()
    return index.vectors([movie.id for movie in sources.load(settings).movies])


def _queries(folder: Path) -> list[str]:
    """Return the first clean queries of each set, in a fixed order."""
    chosen: list[str] = []
    for file in sorted(folder.glob("*.jsonl")):
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        clean = [row["query"] for row in rows if not row["title_in_query"] and row["overview_overlap"] < 0.5]
        chosen += clean[:QUERIES_PER_SET]
    if not chosen:
        raise SystemExit(f"no queries in {folder}: set {config.variable('data_dir')} to a folder with queries/*.jsonl")
    return chosen


def _measure_one(settings: Settings, queries: Sequence[str], wanted: Vectors, movies: Vectors) -> dict[str, float]:
    started = time.perf_counter()
    served = encoder.OnnxEncoder(manifest.folder(settings), threads=1)
    served.encode(["warm"])
    loaded = time.perf_counter() - started
    rows, seconds = _timed(served, queries)
    short = [took for query, took in zip(queries, seconds, strict=True) if len(query.split()) <= SHORT_WORDS]
    cosines = np.sum(rows * wanted, axis=1)
    return {
        "load_s": round(loaded, 3),
        "short_queries": len(short),
        "short_query_median_ms": round(1e3 * statistics.median(short), 2),
        "query_median_ms": round(1e3 * statistics.median(seconds), 2),
        "cosine_least": round(float(cosines.min()), 6),
        "cosine_mean": round(float(cosines.mean()), 6),
        "same_top_10": round(_same_top(rows, wanted, movies), 3),
        "model_mb": round((manifest.folder(settings) / manifest.MODEL).stat().st_size / 1e6, 1),
    }


def _timed(served: Encoder, queries: Sequence[str]) -> tuple[Vectors, list[float]]:
    rows, seconds = [], []
    for query in queries:
        started = time.perf_counter()
        rows.append(served.encode([query])[0])
        seconds.append(time.perf_counter() - started)
    return np.array(rows), seconds


def _same_top(rows: Vectors, wanted: Vectors, movies: Vectors) -> float:
    """Return the share of queries with the same ten nearest movies."""

    def top(vector: Vectors) -> set[int]:
        return set(np.argsort(-(movies @ vector), kind="stable")[:TOP].tolist())

    return statistics.mean(top(row) == top(other) for row, other in zip(rows, wanted, strict=True))


if __name__ == "__main__":
    print(json.dumps(measure(config.load()), indent=2))
    print(f"peak memory, including torch: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
