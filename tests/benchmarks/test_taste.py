"""The benchmark of recommendations on a small world with a known answer."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from benchmarks.taste import compare, datasets, measure, newcomers, plot, report
from benchmarks.taste.__main__ import FILE
from core.config import Settings
from engine.recommender.models.interactions import Interactions, weigh
from engine.training.evaluation import ranking, splits
from engine.training.fit.components import World
from tests.engine.recommender import scorer_kit as kit
from tests.engine.training.conftest import catalogue

pytestmark = pytest.mark.slow

SETTINGS = Settings(min_user_ratings=2, min_movie_ratings=1)


def everybody_rates_everything() -> Interactions:
    """Return ratings of five stars for the user's own colour and one for the other, in random order of time."""
    users, movies = (axis.ravel().astype(np.int64) for axis in np.indices((kit.USERS, kit.MOVIES)))
    stars = np.where(users % 2 == movies % 2, 5, 1).astype(np.float32)
    times = np.random.default_rng(5).permutation(len(stars)).astype(np.int64)
    names = tuple(f"ml:{user}" for user in range(kit.USERS))
    return Interactions(names, users, movies + kit.FIRST_ID, weigh(stars), stars, times)


@pytest.fixture(scope="module")
def data() -> datasets.Dataset:
    return datasets.Dataset("checkerboard", everybody_rates_everything(), World.of(*catalogue()))


@pytest.fixture(scope="module")
def found(data: datasets.Dataset) -> dict[str, object]:
    return {"datasets": {data.name: measure.dataset(data, SETTINGS, seeds=(1,))}}


def test_trained_models_beat_popularity_where_colours_decide(found: dict[str, object]) -> None:
    models = found["datasets"]["checkerboard"]["by viewer"]["models"]  # type: ignore[index]
    worth = {name: row["ndcg@10"]["mean"] for name, row in models.items()}
    assert set(worth) == set(compare.MODELS)
    assert worth["TopPop"] < 0.8
    assert all(worth[name] > 0.95 for name in ("EASE", "item-kNN", "ALS", "SVD", "SVD++", "NCF", "blend"))
    low, high = models["blend"]["ndcg@10"]["interval"]
    assert low <= worth["blend"] <= high


def test_models_measured_alone_get_the_same_rows_as_together_with_the_others(
    data: datasets.Dataset, found: dict[str, object]
) -> None:
    alone = measure.some(data, SETTINGS, names=("SVD", "item-kNN"), seeds=(1,))
    for split, rows in alone.items():
        together = found["datasets"]["checkerboard"][split]["models"]  # type: ignore[index]
        assert rows == {name: together[name] for name in ("SVD", "item-kNN")}


def test_models_are_never_trained_on_the_test_part(data: datasets.Dataset) -> None:
    split = splits.by_user(data.interactions, seed=1)
    learned = compare.learned(split, SETTINGS)
    trained = set(zip(learned.users.tolist(), learned.movies.tolist(), strict=True))
    held = set(zip(split.test.users.tolist(), split.test.movies.tolist(), strict=True))
    assert not trained & held


def test_no_list_contains_a_movie_that_the_user_knows(data: datasets.Dataset) -> None:
    one = compare.judge(splits.by_user(data.interactions, seed=1), data.world, SETTINGS)
    for found in one.rankings.values():
        for case, shown in zip(one.cases, found.lists, strict=True):
            assert not np.isin(shown[: ranking.TOP], case.known).any()


def test_results_are_plain_json_and_are_formatted_as_tables(found: dict[str, object]) -> None:
    again = json.loads(json.dumps(found))
    headline, details = report.headline(again), report.details(again)
    for name in compare.MODELS:
        assert name in headline
        assert name in details
    assert "against tuned EASE" in headline
    assert len({line.count("|") for line in headline.splitlines() if line.startswith("|")}) == 1


def test_a_map_that_knows_the_colours_ranks_hidden_movies_well(data: datasets.Dataset) -> None:
    split = splits.by_user(data.interactions, seed=1)
    figures = newcomers.cold_movies(data, split, SETTINGS, seed=1)
    assert figures["ndcg mapped"] > figures["ndcg chance"] + 0.05
    assert figures["r2"] > 0.5


def test_the_histories_of_the_curve_have_the_stated_lengths(data: datasets.Dataset) -> None:
    cases = ranking.cases(splits.by_user(data.interactions, seed=1), kit.IDS)
    assert [len(ranking.shortened(cases[0], movies, seed=1).history) for movies in (1, 3, 5)] == [1, 3, 5]


def test_the_plot_is_an_svg_with_a_point_for_each_bin() -> None:
    drawn = ET.fromstring(plot.draw({"one": [(0.1, 0.2, 5), (0.9, 0.8, 5)], "two": [(0.5, 0.5, 9)]}))  # noqa: S314
    circles = drawn.findall("{http://www.w3.org/2000/svg}circle")
    assert len(circles) == 3
    assert drawn.get("aria-label")


def test_the_stored_results_meet_the_targets() -> None:
    """60 % above popularity, no worse than tuned EASE, a fifth of the trained movies shown."""
    stored = json.loads(FILE.read_text(encoding="utf-8"))["datasets"]
    assert set(stored) == {"ml-latest-small", "ml-100k"}
    for figures in (part["by viewer"] for part in stored.values()):
        assert figures["against TopPop"]["gain"] >= 0.6
        assert figures["against EASE"]["gain"] >= 0
        assert figures["models"]["blend"]["coverage@10"]["mean"] >= 0.2
