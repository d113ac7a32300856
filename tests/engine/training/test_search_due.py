"""When training searches its options, and which options it uses until the next search."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.config import Settings
from engine import wiring
from engine.training import publication
from engine.training.dataset import Dataset
from engine.training.fit import hyperparameter_search as search
from engine.training.options import PARAMETERS, Options
from engine.training.publication import PublicationReport
from tests.engine.training import worlds
from tests.engine.training.worlds import QUICK, Watched

FIFTH = Options.of({"search_share": 0.2})
FOUND = {"ratings": 10_000, "parameters": {"factors": 48, "alpha": 4.0, "regularization": 80.0}}


@pytest.mark.parametrize(
    ("ratings", "due"), [(10_000, False), (11_999, False), (12_000, True), (8_001, False), (8_000, True), (900, False)]
)
def test_a_search_is_due_when_the_number_of_ratings_changed_by_the_share(ratings: int, due: bool) -> None:
    assert search.due(FIFTH, FOUND, ratings=ratings) is due
    assert not search.due(Options.of({}), FOUND, ratings=ratings)


def test_the_first_training_searches_unless_its_data_resembles_that_of_the_defaults() -> None:
    assert search.due(FIFTH, {}, ratings=5_000)
    assert search.due(FIFTH, {}, ratings=226_310)
    assert not search.due(FIFTH, {}, ratings=70_193)
    assert not search.due(FIFTH, {}, ratings=100_000)


def test_a_requested_search_is_always_due() -> None:
    assert search.due(Options.of({"search_trials": 2}), FOUND, ratings=10_000)
    assert search.due(Options.of({"search_trials": 2}), FOUND, ratings=25_000_000)


def test_so_many_ratings_that_a_search_would_try_one_trial_start_none() -> None:
    assert search.due(FIFTH, {}, ratings=3_000_000)
    assert not search.due(FIFTH, {}, ratings=3_000_001)


def test_found_options_are_used_until_the_next_search_unless_the_run_sets_others() -> None:
    options = search.recalled(Options.of({"alpha": 7.0}), FOUND)
    assert (options["factors"], options["regularization"]) == (48, 80.0)
    assert options["alpha"] == 7.0
    assert options["ease_regularization"] == PARAMETERS["ease_regularization"].default
    assert search.recalled(FIFTH, {}).values == FIFTH.values


@pytest.mark.parametrize(("gain", "place"), [(0.0059, 0), (0.0061, 2), (-0.01, 0)])
def test_the_first_options_stay_unless_others_are_better_by_more_than_chance(gain: float, place: int) -> None:
    trials = [{"ndcg@10": value, "parameters": {"alpha": n}} for n, value in enumerate((0.3, 0.29, 0.3 + gain))]
    assert search.chosen(trials) == trials[place]


def test_a_training_searches_once_and_the_next_one_uses_what_was_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "AUTOMATIC_TRIALS", 2)
    monkeypatch.setattr(search, "LEAST_RATINGS", 1)
    given = worlds.checkerboard(tmp_path)
    first = _learn(tmp_path, given)
    record = first.manifest[search.RECORD]
    assert len(first.manifest["search"]) == record["trials"] == 2
    assert record["ratings"] == len(given.rated)
    assert record["ndcg@10"]["best"] >= record["ndcg@10"]["first"]
    second = _learn(tmp_path, given)
    assert "search" not in second.manifest
    assert second.manifest[search.RECORD] == record
    assert {name: second.manifest["parameters"][name] for name in search.SEARCHED} == record["parameters"]


def test_demo_ratings_are_never_searched_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "LEAST_RATINGS", 1)
    report = _learn(tmp_path, replace(worlds.checkerboard(tmp_path), demo=True))
    assert search.RECORD not in report.manifest


def _learn(home: Path, given: Dataset) -> PublicationReport:
    settings = Settings(home=home)
    options = Options.of({"iterations": QUICK["iterations"], "search_share": 0.2})
    return publication.learn(settings, given, options, Watched(), registry=wiring.models(settings), force=True)
