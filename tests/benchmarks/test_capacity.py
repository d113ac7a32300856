"""The capacity table: growth between two measured sizes, and what it says about larger sites."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from benchmarks import scale
from benchmarks.capacity import costs, report
from benchmarks.capacity.growth import Growth
from core.config import Settings

SEARCH = {"candidates_ms": {"p50": 8.0}, "disk_mb": 400.0, "build_s": 80.0, "pss_mb": 500.0}
FOUND = {
    "scale": {
        "embedded": {
            "5000": {**SEARCH, "disk_mb": 1.0},
            "50000": SEARCH,
            "200000": {"candidates_ms": {"p50": 14.0}, "disk_mb": 1_600.0, "build_s": 330.0, "pss_mb": 800.0},
        }
    },
    "training": {
        "a": {"ratings": 1_000_000, "cpu_seconds": 200.0, "memory_mb": 1_400},
        "b": {"ratings": 3_000_000, "cpu_seconds": 400.0, "memory_mb": 2_400},
    },
    "events": {
        "sqlite": {
            "1000000": {"full_s": 3.0, "feedback_s": 4.0},
            "3000000": {"full_s": 9.0, "feedback_s": 12.0},
        }
    },
    "speed": {"embedded": {"short": {"processor_ms": 10.0}, "long": {"processor_ms": 26.0}}},
}


def growth(small: float, large: float) -> Growth:
    return Growth("memory", "MB", "movies", (50_000, small), (200_000, large), (1_000_000,), "`make`")


def test_a_cost_continues_in_a_straight_line() -> None:
    one = growth(500, 800)
    assert one.at(200_000) == 800
    assert one.at(1_000_000) == pytest.approx(800 + 800_000 * 300 / 150_000)
    assert (one.size_ratio, one.cost_ratio) == (4, 1.6)


def test_a_cost_that_fell_is_not_expected_to_fall_further() -> None:
    assert growth(800, 780).at(1_000_000) == 780


def test_growth_is_measured_between_the_two_largest_sizes() -> None:
    disk = next(one for one in costs.growths(FOUND) if "disk" in one.cost)
    assert (disk.small, disk.large) == ((50_000, 400.0), (200_000, 1_600.0))


def test_servers_follow_from_the_processor_time_of_short_and_long_searches() -> None:
    assert costs.servers(FOUND)["embedded"] == pytest.approx({"processor_ms": 18, "cores": 18, "servers": 15})


def test_the_table_names_both_measurements_their_ratios_and_the_command() -> None:
    growths, servers = report.headline(FOUND).split("\n\n")
    rows = growths.splitlines()
    assert {row.count("|") for row in rows} == {8}
    assert rows[2] == (
        "| embedded engine: a search in the engine, median | 50,000 movies: 8.0 ms | 200,000 movies: 14.0 ms "
        "| 4.0 | 1.8 | 1 M: 46.0 ms | `python -m benchmarks scale` |"
    )
    assert "25 M: 2,600 s; 1 B: 100,100 s" in growths
    assert "| SQLite: all hours counted | 1,000,000 events: 3.0 s | 3,000,000 events: 9.0 s | 3.0 | 3.0 |" in growths
    assert servers.splitlines()[-1] == "| embedded engine | 18 ms | 18 | 15 |"


def test_what_was_measured_at_one_size_only_is_left_out() -> None:
    assert report.headline({"scale": {"embedded": {"5000": SEARCH}}, "training": {}}) == ""


def test_each_size_is_kept_when_it_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scale, "_size", lambda name, _settings, size, **_: {"of": f"{name}, {size}"})
    kept: list[dict[str, Any]] = []
    engines = {"embedded": Settings(), "elasticsearch": Settings()}
    whole = scale.measure(engines, [10, 20], lambda found: kept.append(copy.deepcopy(found)))
    assert [sum(map(len, found.values())) for found in kept] == [1, 2, 3, 4]
    assert kept[0] == {"embedded": {"10": {"of": "embedded, 10"}}, "elasticsearch": {}}
    assert kept[-1] == whole
