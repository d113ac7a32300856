"""The comparison of ways to store vectors, on the embedded engine."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks import vectors
from benchmarks.vectors import Limit, OverLimit, Workload
from core.ports import Vectors


def _unit(count: int, seed: int) -> Vectors:
    rows = np.random.default_rng(seed).normal(size=(count, 16))
    unit: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


@pytest.mark.parametrize("kind", [vectors.EXACT, vectors.GRAPH])
def test_a_way_of_the_embedded_engine_is_measured(tmp_path: Path, kind: str) -> None:
    rows, asked = _unit(5_000, 1), _unit(30, 2)
    nearest = np.argsort(-(asked @ rows.T), axis=1)[:, : vectors.FIRST]
    found = vectors.measure_embedded(kind, tmp_path, Workload(rows, asked, nearest))
    assert found["recall@10"] >= 0.98
    assert set(found) == set(vectors.UNITS) - {"segments"}
    assert found["disk MB"] == {vectors.EXACT: 0, vectors.GRAPH: 2}[kind]  # the graph's links take most of it


def test_times_are_shown_as_ratios_of_one_run() -> None:
    figures = {"recall@10": 1.0, "p95 ms": 9.0, "build s": 1.0, "disk MB": 2}
    table = vectors.report(
        {
            "exact": {**figures, "p50 ms": 4.0},
            "int8_hnsw": {**figures, "p50 ms": 8.0},
            "hnsw": {"stopped": "stopped after 5 s, 3 queries; raise --limit"},
        }
    )
    assert [line.split("|")[-3:-1] for line in table.splitlines()[2:4]] == [
        [f" {own:<15} ", f" {exact:<11} "] for own, exact in (("0.50", "1.00"), ("1.00", "2.00"))
    ]
    assert "stopped after 5 s" in table


def test_stored_results_are_not_measured_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = {"recall@10": 0.5, "p50 ms": 4.0, "p95 ms": 9.0, "build s": 1.0, "disk MB": 2}
    (tmp_path / "vectors-70-1-1-0.json").write_text(json.dumps({"exact": figures}), encoding="utf-8")
    vectors.main(["--movies", "70", "--kinds", "exact", "--keep", str(tmp_path)])
    assert "| exact   | 0.5 " in capsys.readouterr().out


def test_a_measurement_over_its_limit_says_how_far_it_came() -> None:
    Limit(60).check("3 queries")
    with pytest.raises(OverLimit, match=r"stopped after -1 s, 3 queries; raise --limit"):
        Limit(-1).check("3 queries")
