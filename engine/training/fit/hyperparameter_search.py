"""Hyperparameter search within a budget: each trial is fitted on the training part and evaluated on validation."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.jobs.runs import Work
from engine.recommender.models.interactions import Interactions
from engine.training.checkpoints import Checkpoint
from engine.training.evaluation import ranking
from engine.training.evaluation.splits import Split
from engine.training.fit import blend_weights, components
from engine.training.fit.components import World
from engine.training.fit.local_fit import Course
from engine.training.options import PARAMETERS, Options

SEARCHED: Mapping[str, tuple[float, float]] = {
    "factors": (16, 160),
    "alpha": (1, 40),
    "regularization": (1, 150),
    "ease_regularization": (20, 1_000),
}
"""The searched options and their ranges: narrower than the allowed ones, whose ends are never good."""
STRIDE = 16
"""Step between the numbers of factors."""
MAX_USERS = 300
"""Validation users per trial."""
TRIALS, SECONDS = "trials", "search_seconds"
AUTOMATIC_TRIALS = 16
"""Trials of a search that starts because the ratings changed."""
TUNED_ON = 85_000
"""Ratings of the data sets for which the defaults were tuned, about: a first training on as many keeps the defaults."""
MARGIN = 0.006
"""NDCG@10 by which the best trial must exceed the first one to replace it. With a standard deviation of about .06, the
paired difference of 300 users has a standard error of .0035, and the best of 16 equally good trials gains 1.8 of these
by chance. Without a margin, searched options were worse than fixed ones on held-out ratings (`docs/decisions.md`)."""
LEAST_RATINGS, MOST_RATINGS = 1_000, 3_000_000
"""Ratings below which options cannot be told apart, and above which a search starts only if asked for: within
`MARQUEE_SEARCH_SECONDS`, it would try hardly more than the first options."""
RECORD = "searched"
"""Key of the manifest: the options that the latest search found, and the number of ratings that it used."""


@dataclass(frozen=True)
class Room:
    """The data that trials are fitted to and evaluated on."""

    known: Interactions
    split: Split
    world: World


def due(options: Options, before: Mapping[str, Any], *, ratings: int) -> bool:
    """Return whether to search: if asked to, or if the number of ratings changed much since the latest search.

    Args:
        before: the record of the latest search; empty if there was none.
        ratings: the number of ratings and marks now.
    """
    if options["search_trials"]:
        return True
    usual = int(before.get("ratings", TUNED_ON))
    changed = abs(ratings - usual) / max(usual, 1)
    possible = LEAST_RATINGS <= ratings <= MOST_RATINGS
    return bool(options["search_share"]) and possible and changed >= options["search_share"]


def recalled(options: Options, before: Mapping[str, Any]) -> Options:
    """Return the options with those of the latest search, where the default was not changed for this run."""
    known = before.get("parameters", {})
    found = {name: known[name] for name in SEARCHED if name in known and options[name] == PARAMETERS[name].default}
    return options.but(**found)


def record(options: Options, experiments: Sequence[Mapping[str, Any]], *, ratings: int) -> dict[str, Any]:
    """Return the record of a search for the manifest."""
    return {
        "ratings": ratings,
        "parameters": {name: options[name] for name in SEARCHED},
        "trials": len(experiments),
        "ndcg@10": {
            "first": experiments[0]["ndcg@10"],
            "best": max(trial["ndcg@10"] for trial in experiments),
        },
    }


def run(
    room: Room, options: Options, *, last: Mapping[str, Any], checkpoint: Checkpoint, work: Work
) -> tuple[Options, list[dict[str, Any]]]:
    """Return the best options and all trials; the given options if there are too few users.

    The given options and those of the last version are tried first. `checkpoint` stores the trials of an interrupted
    training, which are not repeated; their time counts.
    """
    cases = ranking.cases(room.split, room.world.ids)
    trials = options["search_trials"] or AUTOMATIC_TRIALS
    if len(cases) < blend_weights.MIN_USERS:
        return options, []
    study = _study(options, last, checkpoint.get(TRIALS, []))
    while len(checkpoint.get(TRIALS, [])) < trials and not _spent(options, checkpoint):
        work.check()
        began = time.monotonic()
        trial = study.ask()
        tried = {name: _suggest(trial, name) for name in SEARCHED}
        value = worth(room, options.but(**tried))
        study.tell(trial, value)
        checkpoint.append(TRIALS, {"parameters": tried, "ndcg@10": round(value, 5)})
        checkpoint.put(SECONDS, checkpoint.get(SECONDS, 0.0) + time.monotonic() - began)
        work.step("search", len(checkpoint.get(TRIALS)), trials)
        work.note({"search": checkpoint.get(TRIALS)})
    experiments = list(checkpoint.get(TRIALS, []))
    return (options.but(**chosen(experiments)["parameters"]) if experiments else options), experiments


def chosen(experiments: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the best trial, or the first one if none exceeds it by more than chance would."""
    first, best = experiments[0], max(experiments, key=lambda found: found["ndcg@10"])
    return best if best["ndcg@10"] - first["ndcg@10"] >= MARGIN else first


def worth(room: Room, options: Options) -> float:
    """Return the validation NDCG@10 of the blend of ALS, EASE, descriptions and popularity at its best weights."""
    course = Course(stars=False)
    fit_config = options.but(model="blend").fit_config
    model = components.fit(
        room.known, room.world, fit_config, version="", rated=room.split.train, lists=False, course=course
    )
    cases = ranking.cases(room.split, room.world.ids)
    few = [cases[place] for place in np.linspace(0, len(cases) - 1, min(len(cases), MAX_USERS)).astype(int)]
    return blend_weights.search(blend_weights.contest(model, few), least_coverage=blend_weights.LEAST_COVERAGE)[1]


def _study(options: Options, last: Mapping[str, Any], done: list[dict[str, Any]]) -> Any:  # noqa: ANN401 - optuna
    """Return a study with the finished trials that starts with the known good options."""
    import optuna  # noqa: PLC0415 - only searches need it

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    # A new seed after each interruption: the same seed would repeat the same trials.
    sampler = optuna.samplers.TPESampler(seed=(options["seed"] + len(done)) % 2**32)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    space = {name: _distribution(name) for name in SEARCHED}
    for trial in done:
        study.add_trial(
            optuna.trial.create_trial(params=trial["parameters"], distributions=space, value=trial["ndcg@10"])
        )
    first = [{name: known[name] for name in SEARCHED if name in known} for known in (options.values, last)]
    tried = [trial["parameters"] for trial in done]
    for known in first:
        if known and _possible(known) and known not in tried:
            study.enqueue_trial(known, skip_if_exists=True)
    return study


def _distribution(name: str) -> Any:  # noqa: ANN401 - optuna
    import optuna  # noqa: PLC0415

    low, high = SEARCHED[name]
    if PARAMETERS[name].kind == "whole number":
        return optuna.distributions.IntDistribution(int(low), int(high), step=STRIDE)
    return optuna.distributions.FloatDistribution(low, high, log=True)


def _suggest(trial: Any, name: str) -> Any:  # noqa: ANN401 - optuna
    low, high = SEARCHED[name]
    if PARAMETERS[name].kind == "whole number":
        return trial.suggest_int(name, int(low), int(high), step=STRIDE)
    return trial.suggest_float(name, low, high, log=True)


def _possible(known: Mapping[str, Any]) -> bool:
    """Return whether options are in the searched ranges; the study accepts no others."""
    inside = all(SEARCHED[name][0] <= value <= SEARCHED[name][1] for name, value in known.items())
    return inside and (known.get("factors", STRIDE) - SEARCHED["factors"][0]) % STRIDE == 0


def _spent(options: Options, checkpoint: Checkpoint) -> bool:
    return bool(options["search_seconds"]) and checkpoint.get(SECONDS, 0.0) >= options["search_seconds"]
