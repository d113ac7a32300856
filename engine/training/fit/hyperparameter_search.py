"""A search for better options within a budget: every trial is fitted on the training part and judged on validation."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.jobs.runs import Work
from engine.recommender.models.interactions import Interactions
from engine.training.checkpoints import Checkpoint
from engine.training.evaluation import ranking
from engine.training.evaluation.splits import Split
from engine.training.fit import blend_weights, components
from engine.training.fit.components import Course, World
from engine.training.options import PARAMETERS, Options

SEARCHED: Mapping[str, tuple[float, float]] = {
    "factors": (16, 160),
    "alpha": (1, 40),
    "regularization": (1, 150),
    "ease_regularization": (20, 1_000),
}
"""Options that are searched, and where: narrower than what may be set, since the ends are never good."""
STRIDE = 16
"""Between two lengths of factors that are tried."""
MAX_USERS = 300
"""Users who judge a trial."""
TRIALS, SECONDS = "trials", "search_seconds"


@dataclass(frozen=True)
class Room:
    """What every trial is fitted on and judged by."""

    known: Interactions
    split: Split
    world: World


def run(
    room: Room, options: Options, *, last: Mapping[str, Any], checkpoint: Checkpoint, work: Work
) -> tuple[Options, list[dict[str, Any]]]:
    """The options with the best of what was tried, and all trials; as given, where nothing may be tried.

    What is set and what the last version was trained with are tried first. Trials of a training that was cut are kept
    in `checkpoint` and not done again; the time that they took counts.
    """
    asked = ranking.cases(room.split, room.world.ids)
    if not options["search_trials"] or len(asked) < blend_weights.MIN_USERS:
        return options, []
    study = _study(options, last, checkpoint.get(TRIALS, []))
    while len(checkpoint.get(TRIALS, [])) < options["search_trials"] and not _spent(options, checkpoint):
        work.check()
        began = time.monotonic()
        trial = study.ask()
        tried = {name: _suggest(trial, name) for name in SEARCHED}
        value = worth(room, options.but(**tried))
        study.tell(trial, value)
        checkpoint.append(TRIALS, {"parameters": tried, "ndcg@10": round(value, 5)})
        checkpoint.put(SECONDS, checkpoint.get(SECONDS, 0.0) + time.monotonic() - began)
        work.step("search", len(checkpoint.get(TRIALS)), options["search_trials"])
        work.note({"search": checkpoint.get(TRIALS)})
    experiments = list(checkpoint.get(TRIALS, []))
    best = max(experiments, key=lambda found: found["ndcg@10"], default=None)
    return (options.but(**best["parameters"]) if best else options), experiments


def worth(room: Room, options: Options) -> float:
    """NDCG@10 on validation of the blend of ALS, EASE, descriptions and popularity, at its best weights."""
    course = Course(stars=False)
    fit_config = options.but(model="blend").fit_config
    model = components.fit(
        room.known, room.world, fit_config, version="", rated=room.split.train, lists=False, course=course
    )
    asked = ranking.cases(room.split, room.world.ids)
    few = [asked[place] for place in np.linspace(0, len(asked) - 1, min(len(asked), MAX_USERS)).astype(int)]
    return blend_weights.search(blend_weights.contest(model, few), least_coverage=blend_weights.LEAST_COVERAGE)[1]


def _study(options: Options, last: Mapping[str, Any], done: list[dict[str, Any]]) -> Any:  # noqa: ANN401 - optuna
    """A study that knows what was tried already and begins with what is known to be good."""
    import optuna  # noqa: PLC0415 - who does not search needs none

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    # Another seed after each cut: the same draws again would try the same places.
    sampler = optuna.samplers.TPESampler(seed=(options["seed"] + len(done)) % 2**32)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    space = {name: _distribution(name) for name in SEARCHED}
    for trial in done:
        study.add_trial(
            optuna.trial.create_trial(params=trial["parameters"], distributions=space, value=trial["ndcg@10"])
        )
    first = [{name: known[name] for name in SEARCHED if name in known} for known in (options.values, last)]
    told = [trial["parameters"] for trial in done]
    for known in first:
        if known and _possible(known) and known not in told:
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
    """Whether options lie where is searched; others cannot be told to the search."""
    inside = all(SEARCHED[name][0] <= value <= SEARCHED[name][1] for name, value in known.items())
    return inside and (known.get("factors", STRIDE) - SEARCHED["factors"][0]) % STRIDE == 0


def _spent(options: Options, checkpoint: Checkpoint) -> bool:
    return bool(options["search_seconds"]) and checkpoint.get(SECONDS, 0.0) >= options["search_seconds"]
