"""Tunes the ranking of descriptions: fits it on pairs, compares it with what serves, and keeps it if it is no worse."""

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
"""The models by the texts that they rank."""


@dataclass(frozen=True, slots=True)
class Part:
    """How one of the models did on pairs that it did not learn from.

    Attributes:
        base: the order by fused scores.
        present: the ranking that serves.
        tuned: the new one.
    """

    base: Figures
    present: Figures
    tuned: Figures
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class TuningReport:
    """What a tuning did. A model that was refused is left as it was."""

    pairs: int
    used: int
    parts: Mapping[str, Part]
    weights: Weights
    """The new models where they were accepted, the present ones elsewhere."""

    @property
    def accepted(self) -> bool:
        """Whether anything changes."""
        return any(part.verdict.accepted for part in self.parts.values())

    def plain(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        parts = {name: asdict(part) for name, part in self.parts.items()}
        return {"pairs": self.pairs, "used": self.used, "accepted": self.accepted, "models": parts}


def run(search: Search, found: Sequence[Pair], present: Weights, *, source: str) -> TuningReport:
    """Fit the models on pairs and judge each by cross-validation over movies.

    Args:
        search: the engine and the encoder that serve.
        present: the weights that serve.
        source: where the pairs come from, for the report.

    Raises:
        DataError: there are too few pairs of movies in the catalogue.
    """
    known = {movie.id for movie in search.index.movies([MovieId(pair.movie) for pair in found])}
    taught = list(training_pairs.lessons(search, [pair for pair in found if pair.movie in known]))
    if len(taught) < ranking_fit.LEAST_QUERIES:
        raise DataError(
            f"{source}: {len(taught)} descriptions of movies in the catalogue, fewer than the "
            f"{ranking_fit.LEAST_QUERIES} that a ranking is learned from"
        )
    now = present.ranker
    parts: dict[str, Part] = {}
    models: dict[str, Model] = {}
    for name, model in ((POSTS, now.posts), (DESCRIPTION, now.description), (SHORT, now.short or now.description)):
        prior = models[DESCRIPTION] if name == SHORT else None
        parts[name], models[name] = tuned(taught, model, name=name, prior=prior)
    report = {**_report(taught, source), "models": {name: asdict(part) for name, part in parts.items()}}
    ranker = Ranker(search.index.info().encoder, models[POSTS], models[DESCRIPTION], models[SHORT])
    return TuningReport(len(found), len(taught), parts, Weights(ranker, report))


def keep(report: TuningReport, file: Path) -> bool:
    """Write the weights if anything was accepted; tells whether it was."""
    if report.accepted:
        weights.save(report.weights, file)
    return report.accepted


def tuned(taught: Sequence[Lesson], present: Model, *, name: str, prior: Model | None = None) -> tuple[Part, Model]:
    """Fit and judge one model; gives the new model where it is accepted, else the present one.

    Args:
        prior: the model that a new one starts from (`tuning.fit`).
    """
    learned, judged = parted(taught, name=name)
    examples = [lesson.example for lesson in learned]
    base, now = ranking_fit.base_ranks(examples)[judged], ranking_fit.ranks(present, examples)[judged]
    fit = partial(ranking_fit.fit, unused={POSTS: UNUSED_POSTS, SHORT: KEPT_SHORT}.get(name, ()), prior=prior)
    try:
        new = ranking_fit.held_out_ranks(examples, fitted=fit)[judged]
        verdict = ranking_fit.judge(new, now) if len(new) else Verdict(False, "no queries to judge it by")
    except ValueError as error:
        new, verdict = now, Verdict(False, str(error))
    return _part(base, now, new, verdict), fit(examples) if verdict.accepted else present


def parted(taught: Sequence[Lesson], *, name: str) -> tuple[list[Lesson], NDArray[np.bool_]]:
    """What a model learns from, and which of these queries it ranks: the only ones that it is judged by.

    Long texts that recall nothing teach two models: without them, that for descriptions would know synopses alone.
    """
    if name == SHORT:
        learned = [lesson for lesson in taught if lesson.short]
        return learned, np.ones(len(learned), np.bool_)
    posts = name == POSTS
    learned = [lesson for lesson in taught if (lesson.post if posts else not lesson.recalling)]
    return learned, np.array([lesson.post == posts and not lesson.short for lesson in learned], np.bool_)


def _part(base: Ranks, now: Ranks, new: Ranks, verdict: Verdict) -> Part:
    return Part(Figures.of(base), Figures.of(now), Figures.of(new), verdict)


def _report(taught: Sequence[Lesson], source: str) -> dict[str, Any]:
    return {
        "source": source,
        "queries": len(taught),
        "movies": len({lesson.pair.movie for lesson in taught}),
        "folds": ranking_fit.FOLDS,
        "folds_by": "movie",
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
