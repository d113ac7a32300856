"""Tuning of the ranking for descriptions: fit on pairs, compare with the current one, and keep unless it is worse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import DataError
from core.types import MovieId
from engine.search.ranking import fit as ranking_fit
from engine.search.ranking import training_pairs, weights
from engine.search.ranking.fit import KEPT_SHORT, UNUSED_POSTS, Figures, Ranks, Verdict
from engine.search.ranking.reranker import Model, Ranker
from engine.search.ranking.training_pairs import Lesson, Pair
from engine.search.ranking.weights import Weights
from engine.search.search import Search

POSTS, DESCRIPTION, SHORT = "posts", "description", "short"
"""Names of the models, by the texts that they rank."""


@dataclass(frozen=True, slots=True)
class Part:
    """Metrics of one of the models on held-out pairs.

    Attributes:
        base: metrics of the order by fused scores.
        present: metrics of the current ranking.
        tuned: metrics of the new ranking.
    """

    base: Figures
    present: Figures
    tuned: Figures
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class TuningReport:
    """The result of a tuning. Rejected models leave the current ones in place."""

    pairs: int
    used: int
    parts: Mapping[str, Part]
    weights: Weights
    """The new models if accepted, otherwise the current ones."""

    @property
    def accepted(self) -> bool:
        """Return whether any model was accepted."""
        return any(part.verdict.accepted for part in self.parts.values())

    def plain(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        parts = {name: asdict(part) for name, part in self.parts.items()}
        return {"pairs": self.pairs, "used": self.used, "accepted": self.accepted, "models": parts}


def run(search: Search, found: Sequence[Pair], present: Weights, *, source: str) -> TuningReport:
    """Fit the models on pairs and evaluate each by cross-validation over movies.

    Args:
        search: the search with the current engine and encoder.
        present: the current weights.
        source: the origin of the pairs, for the report.

    Raises:
        DataError: there are too few pairs with movies in the catalogue.
    """
    known = {movie.id for movie in search.index.movies([MovieId(pair.movie) for pair in found])}
    lessons = list(training_pairs.lessons(search, [pair for pair in found if pair.movie in known]))
    if len(lessons) < ranking_fit.LEAST_QUERIES:
        raise DataError(
            f"{source}: {len(lessons)} descriptions of movies in the catalogue, expected at least "
            f"{ranking_fit.LEAST_QUERIES} to train a ranking"
        )
    now = present.ranker
    parts: dict[str, Part] = {}
    models: dict[str, Model] = {}
    for name, model in ((POSTS, now.posts), (DESCRIPTION, now.description), (SHORT, now.short or now.description)):
        prior = models[DESCRIPTION] if name == SHORT else None
        parts[name], models[name] = tuned(lessons, model, name=name, prior=prior)
    report = {**_report(lessons, source), "models": {name: asdict(part) for name, part in parts.items()}}
    ranker = Ranker(search.index.info().encoder, models[POSTS], models[DESCRIPTION], models[SHORT])
    return TuningReport(len(found), len(lessons), parts, Weights(ranker, report))


def keep(report: TuningReport, file: Path) -> bool:
    """Write the weights if any model was accepted, and return whether one was."""
    if report.accepted:
        weights.save(report.weights, file)
    return report.accepted


def tuned(lessons: Sequence[Lesson], present: Model, *, name: str, prior: Model | None = None) -> tuple[Part, Model]:
    """Fit and evaluate one model, and return the new model if accepted, otherwise the current one.

    Args:
        prior: the starting point of the new model (`ranking.fit.fit`).
    """
    training, evaluated = selected(lessons, name=name)
    examples = [lesson.example for lesson in training]
    base, now = ranking_fit.base_ranks(examples)[evaluated], ranking_fit.ranks(present, examples)[evaluated]
    fit = partial(ranking_fit.fit, unused={POSTS: UNUSED_POSTS, SHORT: KEPT_SHORT}.get(name, ()), prior=prior)
    try:
        new = ranking_fit.held_out_ranks(examples, fitted=fit)[evaluated]
        verdict = ranking_fit.judge(new, now) if len(new) else Verdict(False, "no queries to evaluate it on")
    except ValueError as error:
        new, verdict = now, Verdict(False, str(error))
    return _part(base, now, new, verdict), fit(examples) if verdict.accepted else present


def selected(lessons: Sequence[Lesson], *, name: str) -> tuple[list[Lesson], NDArray[np.bool_]]:
    """Return the training examples of a model, and which of them it ranks in use: it is evaluated on these alone.

    Long texts that recall nothing train two models: without them, the one for descriptions would see only synopses.
    """
    if name == SHORT:
        training = [lesson for lesson in lessons if lesson.short]
        return training, np.ones(len(training), np.bool_)
    posts = name == POSTS
    training = [lesson for lesson in lessons if (lesson.post if posts else not lesson.recalling)]
    return training, np.array([lesson.post == posts and not lesson.short for lesson in training], np.bool_)


def _part(base: Ranks, now: Ranks, new: Ranks, verdict: Verdict) -> Part:
    return Part(Figures.of(base), Figures.of(now), Figures.of(new), verdict)


def _report(lessons: Sequence[Lesson], source: str) -> dict[str, Any]:
    return {
        "source": source,
        "queries": len(lessons),
        "movies": len({lesson.pair.movie for lesson in lessons}),
        "folds": ranking_fit.FOLDS,
        "folds_by": "movie",
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
