"""The synthetic ratings of the benchmark of trainings, and its tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.training_scale import filling, report, stages, synthetic
from benchmarks.training_scale.synthetic import Size
from data import database

SMALL = Size(6_000, 300, 200)


def test_a_data_set_has_as_many_different_pairs_as_asked_for_and_is_reproducible() -> None:
    one, other = synthetic.make(SMALL).snapshot, synthetic.make(SMALL).snapshot
    pairs = set(zip(one.rating_users.tolist(), one.rating_movies.tolist(), strict=True))
    assert len(pairs) == SMALL.ratings
    np.testing.assert_array_equal(one.rating_movies, other.rating_movies)
    assert set(np.unique(2 * one.stars).tolist()) <= set(range(1, 11))


def test_a_few_movies_and_users_have_most_of_the_ratings() -> None:
    found = synthetic.make(Size(60_000, 3_000, 2_000)).snapshot
    for numbers in (found.rating_movies, found.rating_users):
        counts = np.sort(np.bincount(numbers))[::-1]
        assert counts[: len(counts) // 5].sum() > 0.45 * SMALL.ratings * 10


def test_a_filled_database_returns_the_same_ratings(tmp_path: Path) -> None:
    made = synthetic.evenly(SMALL)
    url = f"sqlite:///{tmp_path / 'people.sqlite'}"
    filling.sqlite(url, made)
    stores = database.open(url)
    found = stores.diaries.snapshot()
    database.close(stores)
    for name in ("rating_users", "rating_movies", "stars", "rating_times"):
        np.testing.assert_array_equal(getattr(found, name), getattr(made, name))


@pytest.mark.postgresql
def test_postgresql_is_filled_with_the_same_ratings(postgres_url: str) -> None:
    from benchmarks.users import postgres  # noqa: PLC0415 - needs the driver of PostgreSQL

    made = synthetic.evenly(SMALL)
    with postgres.database(postgres_url) as url:
        filling.postgresql(url, made)
        stores = database.open(url)
        found = stores.diaries.snapshot()
        database.close(stores)
    np.testing.assert_array_equal(found.rating_times, made.rating_times)
    np.testing.assert_array_equal(found.stars, made.stars)


def test_a_run_reports_every_stage() -> None:
    found = stages.run(SMALL, {"search_share": 0})
    assert list(found["stages"]) == [stages.READ, stages.GATHER, *stages.NAMES]
    assert found["metrics"]["ndcg@10"] > found["popularity"]
    table = report.headline({"training": {SMALL.words: found}})
    assert table.startswith("| retraining")
    assert "holdout model" in table


def test_figures_are_compared_with_their_targets() -> None:
    assert report.reading(
        {"reading": {"sqlite": {"ratings": 25_000_000, "seconds": 61.0, "cpu_seconds": 50.0, "memory_mb": 900}}}
    ).endswith("| SQLite | 25,000,000 | 61 of 60 MISSED | 50 | 900 of 1,500 ok |")


def test_the_ratings_that_a_job_of_ten_minutes_has_time_for_are_between_the_measured_sizes() -> None:
    sizes = {"a": (1_000_000, 150.0), "b": (10_000_000, 1_500.0), "b, with search": (10_000_000, 5_000.0)}
    found = {name: {"ratings": ratings, "cpu_seconds": seconds} for name, (ratings, seconds) in sizes.items()}
    assert "about 4.0 million ratings" in report.fits({"training": found})
    assert report.fits({"training": {"a": found["a"]}}) == ""
