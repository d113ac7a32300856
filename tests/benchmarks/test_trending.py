"""The table of trending lists."""

from __future__ import annotations

from benchmarks.jobs import report

TAKEN = {"median": 0.8, "worst": 1.4, "own": 0.5, "runs": 9}
FOUND = {
    "trending": {
        "events": 1_000_000,
        "days": 60,
        "sqlite": {"full_s": {**TAKEN, "median": 21.0}, "incremental_s": TAKEN},
    }
}


def test_every_figure_is_compared_with_its_target() -> None:
    rows = report.trending(FOUND).splitlines()[2:]
    assert rows == [
        "| full refresh, SQLite | ≤ 20 | 21.00 MISSED | 1.40 | 0.50 |",
        "| incremental refresh of the last quarter of an hour, SQLite | ≤ 1 | 0.80 ok | 1.40 | 0.50 |",
    ]


def test_a_part_without_results_is_omitted() -> None:
    assert report.trending({}) == ""


def test_what_a_hundred_million_events_take_follows_from_the_slope() -> None:
    figures = dict.fromkeys(report.EVENTS, 1.0)
    measured = {"1000000": figures, "10000000": {**figures, "full_s": 10.0, "feedback_s": 0.5}}
    head, _, full, *_, feedback, _, _ = report.events({"events": {"days": 60, "sqlite": measured}}).splitlines()
    assert head == "| seconds by number of events | 1 M, SQLite | 10 M, SQLite | 100 M, SQLite: derived |"
    assert full.endswith("| 1.0 | 10.0 | 100 |")
    assert feedback.endswith("| 1.0 | 0.5 | 0 |"), "a shorter time for more events is noise"
