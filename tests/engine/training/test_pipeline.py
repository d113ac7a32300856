"""A whole training: gate, cancel, resume, search, folds, warm start, on the checkerboard."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.config import Settings
from core.errors import Busy, Cancelled, InvalidRequest
from core.recommendations.models import Status
from engine import wiring
from engine.recommender import blend
from engine.recommender.model import Recommender
from engine.recommender.ratings import fold_in
from engine.training import checkpoints, pipeline, publication
from engine.training.dataset import Dataset
from engine.training.evaluation import holdout
from engine.training.fit import hyperparameter_search
from engine.training.options import PARAMETERS, Options
from engine.training.publication import PublicationReport
from tests.engine.training import worlds
from tests.engine.training.worlds import QUICK, Watched

pytestmark = pytest.mark.slow

DEADLINE = 120.0


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return worlds.checkerboard(tmp_path_factory.mktemp("ratings"))


def learn(
    home: Path,
    given: Dataset,
    work: Watched | None = None,
    *,
    force: bool = False,
    least: int = 3,
    **parameters: Any,
) -> PublicationReport:
    settings = Settings(home=home, min_movie_ratings=least)
    options, registry = Options.of({**QUICK, **parameters}), wiring.models(settings)
    return publication.learn(settings, given, options, work or Watched(), registry=registry, force=force)


@pytest.fixture(scope="module")
def first(given: Dataset, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PublicationReport, Watched]:
    """A home with a first published model."""
    home, work = tmp_path_factory.mktemp("home"), Watched()
    return home, learn(home, given, work), work


def test_a_first_model_that_beats_popularity_is_published_with_all_metrics(
    first: tuple[Path, PublicationReport, Watched], given: Dataset
) -> None:
    home, report, work = first
    registry = wiring.models(Settings(home=home))
    assert registry.current() == report.version
    told = registry.manifest(report.version)
    assert told["metrics"]["ndcg@10"] > 0.8
    assert {"recall@20", "precision@10", "coverage", "rmse"} <= set(told["metrics"])
    assert told["data_hash"] == given.hash
    assert told["parameters"]["factors"] == QUICK["factors"]
    assert any("no published model" in reason for reason in told["reasons"])
    assert set(told["loss"]) == {"als", "als, everything", "stars", "stars, everything"}
    assert work.figures["loss"] == told["loss"]
    assert work.steps[-1] == (pipeline.STEP, pipeline.STEPS, pipeline.STEPS)
    assert not any((home / checkpoints.FOLDER).iterdir()), "nothing is left to be taken up"


def test_the_holdout_model_is_never_fitted_on_the_test_part(
    first: tuple[Path, PublicationReport, Watched],
) -> None:
    home, report, _ = first
    holdout_model = wiring.models(Settings(home=home)).load_holdout_model(report.version)
    assert holdout_model.rated.sum() <= report.model.rated.sum()
    assert not np.array_equal(holdout_model.factors, report.model.factors)


def test_a_worse_model_is_kept_but_not_published(
    first: tuple[Path, PublicationReport, Watched], given: Dataset
) -> None:
    home, report, _ = first
    registry = wiring.models(Settings(home=home))
    worse = learn(home, worlds.spoiled(given), least=worlds.SPOILED)
    assert not worse.published
    assert f"the published {report.version}" in worse.decision.rejected
    assert registry.current() == report.version
    kept = registry.describe(worse.version)
    assert kept.status is Status.REJECTED
    assert any(reason.startswith("refused: NDCG@10") for reason in kept.reasons)


def test_force_publishes_a_worse_model_and_reports_it(given: Dataset, tmp_path: Path) -> None:
    learn(tmp_path, given)
    insisted = learn(tmp_path, worlds.spoiled(given), force=True, least=worlds.SPOILED)
    assert insisted.published
    assert insisted.decision.rejected
    assert wiring.models(Settings(home=tmp_path)).current() == insisted.version


def test_an_invalid_model_is_never_published_even_with_force(
    first: tuple[Path, PublicationReport, Watched],
) -> None:
    model = first[1].model
    factors = model.factors.copy()
    factors[0, 0] = np.nan
    broken = replace(model, als=replace(model.als, factors=factors))
    assert holdout.sane(model) == ()
    assert holdout.sane(broken) == ("factors contain NaN or infinity",)


def _spoiled(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    array = array.copy()
    array[(0,) * array.ndim] = np.nan
    return array


@pytest.mark.parametrize("part", ["descriptions", "stars", "chances", "map", "ladder"])
def test_nan_in_any_part_of_a_model_is_found(
    first: tuple[Path, PublicationReport, Watched], given: Dataset, part: str
) -> None:
    model = first[1].model
    assert model.rating is not None
    arrays = {
        name: _spoiled(array) if array.dtype.kind == "f" else array for name, array in model.rating.arrays().items()
    }
    map_weights = {**model.features, "map_weights": _spoiled(model.features["map_weights"])}
    broken = {
        "descriptions": lambda: replace(model, content=replace(model.content, vectors=_spoiled(model.content.vectors))),
        "stars": lambda: replace(model, rating=fold_in.from_arrays(arrays)),
        "chances": lambda: replace(model, calibration=replace(model.calibration, place=float("nan"))),
        "map": lambda: replace(model, features=map_weights),
        "ladder": lambda: replace(
            model, schedule=blend.BlendSchedule((blend.BlendStep(0, {"popularity": float("nan")}),))
        ),
    }[part]()
    assert holdout.sane(model, given.rated.histories()) == ()
    assert holdout.sane(broken)


def test_stars_and_probabilities_out_of_range_are_found(
    first: tuple[Path, PublicationReport, Watched], given: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, histories = first[1].model, given.rated.histories()
    monkeypatch.setattr(Recommender, "stars", lambda _self, _history, movies: np.full(len(movies), 7, np.float32))
    assert holdout.sane(model, histories) == ("predicted stars of a user are not within 0.5 to 5",)


def test_the_same_training_cannot_run_in_two_processes(given: Dataset, tmp_path: Path) -> None:
    settings, options = Settings(home=tmp_path), Options.of(QUICK)
    registry = wiring.models(settings)
    key = publication._key(settings, given, options, publication.published(registry))
    with (
        checkpoints.Checkpoint(tmp_path / checkpoints.FOLDER / key).alone(),
        pytest.raises(Busy, match="already running"),
    ):
        publication.learn(settings, given, options, Watched(), registry=registry, force=False)
    assert registry.versions() == []
    assert publication.learn(settings, given, options, Watched(), registry=registry, force=False).published


def test_after_a_damaged_model_the_next_one_is_published_whatever_the_gate_demands(
    given: Dataset, tmp_path: Path
) -> None:
    before = learn(tmp_path, given)
    (tmp_path / "models" / before.version / "model.npz").write_bytes(b"damaged")
    assert learn(tmp_path, given, gate="better").published


@pytest.mark.parametrize("curve", ["als", "stars", "als, everything", "stars, everything"])
def test_cancelling_keeps_the_published_model_and_the_checkpoint(
    given: Dataset, first: tuple[Path, PublicationReport, Watched], curve: str
) -> None:
    home, report, _ = first
    registry = wiring.models(Settings(home=home))
    before = registry.versions()
    with pytest.raises(Cancelled):
        learn(home, given, Watched(stop_when=(curve, 2)), seed=11)
    assert registry.current() == report.version
    assert registry.versions() == before
    assert any((home / checkpoints.FOLDER).rglob("als-twin.npz"))


def test_an_interrupted_training_gives_the_same_model(given: Dataset, tmp_path: Path) -> None:
    whole = learn(tmp_path / "whole", given)
    with pytest.raises(Cancelled):
        learn(tmp_path / "cut", given, Watched(stop_when=("als, everything", 2)))
    work = Watched()
    again = learn(tmp_path / "cut", given, work)
    assert [line for line in work.said if line.startswith("resuming")] == [
        "resuming a training that was interrupted after 4 epochs of ALS",
        "resuming a training that was interrupted after 2 epochs of ALS",
    ]
    np.testing.assert_array_equal(again.model.factors, whole.model.factors)
    assert again.model.schedule == whole.model.schedule
    assert again.manifest["loss"] == whole.manifest["loss"]


@pytest.mark.parametrize("cut", [1, 3, 5])
def test_early_stopping_ends_at_the_same_epoch_after_any_interruption(given: Dataset, tmp_path: Path, cut: int) -> None:
    patient = {"iterations": 60, "patience": 2}
    whole = learn(tmp_path / "whole", given, **patient)
    with pytest.raises(Cancelled):
        learn(tmp_path / "cut", given, Watched(stop_when=("als", cut)), **patient)
    again = learn(tmp_path / "cut", given, **patient)
    assert again.manifest["recipes"]["als"]["iterations"] == whole.manifest["recipes"]["als"]["iterations"]
    assert again.manifest["loss"] == whole.manifest["loss"]
    np.testing.assert_array_equal(again.model.factors, whole.model.factors)


KILLED = """
import sys
from pathlib import Path
from tests.engine.training import test_pipeline, worlds
home = Path(sys.argv[1])
given = worlds.checkerboard(home / "ratings")
test_pipeline.learn(home, given, search_trials=40, search_seconds=0)
"""


def test_finished_trials_of_a_killed_training_are_not_repeated(given: Dataset, tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], cwd=Path(__file__).parents[3])
    try:
        experiments = _wait_for_trials(tmp_path, 3, process)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert wiring.models(Settings(home=tmp_path)).current() is None
    done = _trials(tmp_path)
    assert len(done) >= experiments
    work = Watched()
    with pytest.raises(Cancelled):
        learn(tmp_path, given, _stopping_after_trials(work, len(done) + 2), search_trials=40, search_seconds=0)
    assert work.figures["search"][: len(done)] == done, "none was done again"
    assert [step[1] for step in work.steps if step[0] == "search"] == [len(done) + 1, len(done) + 2]


def _stopping_after_trials(work: Watched, count: int) -> Watched:
    def check() -> None:
        if len(work.figures.get("search", [])) >= count:
            raise Cancelled("enough")

    work.check = check  # type: ignore[method-assign]
    return work


def _trials(home: Path) -> list[dict[str, Any]]:
    for file in (home / checkpoints.FOLDER).glob(f"*/{checkpoints.STATE}"):
        return list(json.loads(file.read_text(encoding="utf-8")).get("trials", []))
    return []


def _wait_for_trials(home: Path, count: int, process: subprocess.Popen[bytes]) -> int:
    until = time.monotonic() + DEADLINE
    while time.monotonic() < until and process.poll() is None:
        if len(found := _trials(home)) >= count:
            return len(found)
        time.sleep(0.02)
    raise AssertionError("no trials came about")


def test_a_search_starts_with_the_given_options_and_takes_the_best(given: Dataset, tmp_path: Path) -> None:
    report = learn(tmp_path, given, factors=16, search_trials=3)
    experiments = report.manifest["search"]
    assert experiments[0]["parameters"]["factors"] == 16
    assert experiments[0]["parameters"]["alpha"] == PARAMETERS["alpha"].default
    assert len(experiments) == 3
    best = hyperparameter_search.chosen(experiments)["parameters"]
    assert {name: report.manifest["parameters"][name] for name in best} == best


def test_folds_give_a_mean_and_a_spread(given: Dataset, tmp_path: Path) -> None:
    report = learn(tmp_path, given, folds=3)
    folds = report.manifest["folds"]
    assert len(folds["each"]) == 3
    values = [fold["ndcg@10"] for fold in folds["each"]]
    assert folds["mean"]["ndcg@10"] == pytest.approx(np.mean(values), abs=1e-4)
    assert folds["spread"]["ndcg@10"] == pytest.approx(np.std(values, ddof=1), abs=1e-4)
    assert min(values) > 0.5


def test_a_warm_start_begins_with_the_last_factors(
    first: tuple[Path, PublicationReport, Watched], given: Dataset
) -> None:
    home, report, _ = first
    warm = learn(home, given, warm_start=True)
    assert warm.manifest["parents"] == [report.version]
    cold = report.manifest["loss"]
    for curve in ("als", "als, everything"):
        assert warm.manifest["loss"][curve][0] < cold[curve][0]
        assert warm.manifest["loss"][curve][0] <= cold[curve][-1] * 1.02


def test_early_stopping_also_sets_the_epochs_of_the_final_fit(given: Dataset, tmp_path: Path) -> None:
    report = learn(tmp_path, given, iterations=60, patience=2)
    epochs = report.manifest["recipes"]["als"]["iterations"]
    assert epochs < 60
    assert len(report.manifest["loss"]["als"]) == epochs + 2
    assert len(report.manifest["loss"]["als, everything"]) == epochs


def test_all_invalid_parameters_are_named() -> None:
    wrong = {"factors": 0, "alpha": "much", "patience": 1.5, "warm_start": "yes", "model": "magic", "speed": 9}
    with pytest.raises(InvalidRequest) as caught:
        Options.of(wrong)
    assert set(caught.value.fields) == set(wrong)
    assert caught.value.fields["factors"] == "expected 4 to 256, got 0"
    assert caught.value.fields["speed"] == "no such parameter"


@pytest.mark.parametrize("name", sorted(PARAMETERS))
def test_defaults_are_within_their_own_ranges(name: str) -> None:
    assert PARAMETERS[name].fault(PARAMETERS[name].default) == ""
    assert PARAMETERS[name].meaning
