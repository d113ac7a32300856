"""The job `evaluate-understanding`: how well the readers of this site understand its labelled requests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

from core.config import Settings
from core.errors import InvalidSettings
from core.evaluation import EvaluationRun, LabelledRequest
from core.jobs.runs import Kind, Parameter, Result, Work, check_parameters
from core.understanding import Understanding
from data.database import Stores
from engine.clock import Clock
from engine.job_context import JobContext
from engine.search.evaluation import accuracy
from engine.search.evaluation.accuracy import Report
from engine.search.llm import model as models
from engine.search.llm import prompts
from engine.search.llm.budget import Budget
from engine.search.llm.reader import ModelReader
from engine.search.search import vocabulary_of
from engine.search.understanding import reader as understanding_reader
from engine.search.understanding import tables
from engine.search.understanding.vocabulary import Vocabulary

PARAMETERS: Mapping[str, Parameter] = MappingProxyType(
    {
        "llm": Parameter("llm", Kind.SWITCH, None, None, True, "whether the language model is measured too"),
        "calls": Parameter("calls", Kind.WHOLE, 1, 5_000, 300, "labelled requests that the language model is asked"),
    }
)
RULES, LLM = "rules", "llm"
UNDERSTANDING = "engine.search.understanding"
TOLD = ("all", "genre", "mood", "years")
"""Figures that stand in the log."""
LEAST_ANSWERED = 0.5
"""Share of the requests that a reader must have an answer to: a server that is down says nothing about its model."""
PORTION = 50
"""Requests between two looks at whether to stop."""


@dataclass(frozen=True)
class RulesReader:
    """The rules, as a reader to be measured."""

    vocabulary: Vocabulary
    name: str = RULES

    @property
    def version(self) -> str:
        """Names the rules and their tables."""
        return rules_version()

    def read(self, text: str) -> Understanding:
        """What the rules understand."""
        return understanding_reader.read(text, vocabulary=self.vocabulary)


@dataclass(frozen=True)
class LanguageReader:
    """The language model alone, as a reader to be measured."""

    reader: ModelReader
    vocabulary: Vocabulary

    @property
    def name(self) -> str:
        """Name of the model."""
        return self.reader.model.name

    @property
    def version(self) -> str:
        """Names all that the model is told."""
        return prompts.version(self.vocabulary.tables, self.vocabulary.gazetteer.genres)

    def read(self, text: str) -> Understanding | None:
        """What the model understands; None where it has no usable answer."""
        return self.reader.read(text, vocabulary=self.vocabulary)


def run(
    context: JobContext, work: Work, *, parameters: Mapping[str, Any], vocabulary: Vocabulary | None = None
) -> Result:
    """Measure every reader, keep what came of it, and tell the figures before and after.

    Args:
        vocabulary: what texts are read by; that of the published index where nobody says otherwise.

    Raises:
        InvalidRequest: a parameter is unknown or out of range.
        StoreUnavailable, IndexMissing, Cancelled: nothing more is written.
    """
    options = check_parameters(PARAMETERS, parameters)
    settings, stores = context.settings, context.stores
    requests = stores.evaluations.labelled()
    if not requests:
        work.say("no request is labelled yet")
        return Result({"requests": 0, "readers": {}})
    if vocabulary is None:
        vocabulary = vocabulary_of(context.index_store.open(), tables.load(settings.moods_file))
    figures: dict[str, Any] = {}
    for reader in readers(settings, vocabulary, calls=options["calls"] if options["llm"] else 0):
        wanted = requests if reader.name == RULES else requests[: options["calls"]]
        figures[reader.name] = _keep(measure(reader, wanted, work), stores, work, context.clock)
    return Result({"requests": len(requests), "readers": figures})


def reports(
    settings: Settings, requests: Sequence[LabelledRequest], *, reader: str, vocabulary: Vocabulary
) -> list[Report]:
    """How well readers understand requests, for the command line: `rules`, `llm` or `all`. Keeps nothing.

    Raises:
        InvalidSettings: the language model is wanted, and there is none.
    """
    calls = 0 if reader == RULES else len(requests)
    found = readers(settings, vocabulary, calls=calls)
    if reader != RULES and len(found) == 1:
        raise InvalidSettings("there is no language model: set MARQUEE_LLM_URL and MARQUEE_LLM_MODEL")
    return [accuracy.evaluate(one, requests) for one in found if reader != LLM or one.name != RULES]


def readers(settings: Settings, vocabulary: Vocabulary, *, calls: int) -> list[accuracy.Reader]:
    """The rules, and the language model where there is one and it may be called."""
    found: list[accuracy.Reader] = [RulesReader(vocabulary)]
    model = models.of(settings, budget=Budget(calls, calls, 1)) if calls else None
    if model is not None:
        # Nobody waits here: the model gets the longer of its two times.
        found.append(LanguageReader(ModelReader(model, settings.llm_ask_timeout), vocabulary))
    return found


def measure(reader: accuracy.Reader, requests: Sequence[LabelledRequest], work: Work) -> Report:
    """Let a reader read all requests, telling how far it is."""
    compared = []
    for done, request in enumerate(requests):
        if done % PORTION == 0:
            work.step(f"reading by {reader.name}", done, len(requests))
            work.check()
        compared.append(accuracy.compare(request, reader.read(request.text)))
    work.step(f"reading by {reader.name}", len(requests), len(requests))
    return accuracy.report(reader, compared)


def _keep(report: Report, stores: Stores, work: Work, clock: Clock) -> dict[str, Any]:
    """Keep a report, unless its reader was not there to be measured; the figures for the run."""
    if report.answered < LEAST_ANSWERED * report.requests:
        words = f"{report.reader} answered {report.answered} of {report.requests} requests"
        work.say(f"{words}; its figures are not kept")
        return {"answered": report.answered, "of": report.requests}
    before = next(iter(stores.evaluations.runs(report.reader, limit=1)), None)
    failures = tuple(report.failures)
    stores.evaluations.add_run(
        EvaluationRun(clock(), report.reader, report.version, report.requests, report.plain(), failures)
    )
    work.say(sentence(report, before))
    return {"version": report.version, "before": _shares(before), "after": _told(report)}


def sentence(report: Report, before: EvaluationRun | None) -> str:
    """The figures for the log, with those before."""
    old, new = _shares(before), _told(report)
    parts = [f"{name} {_words(old.get(name))} → {_words(new[name])}" for name in TOLD]
    return f"{report.reader}: {', '.join(parts)}"


@cache
def rules_version() -> str:
    """A hash of the rules' code and tables."""
    digest = hashlib.sha256()
    for file in _files(resources.files(UNDERSTANDING)):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _files(folder: Traversable) -> Iterable[Traversable]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir() and not entry.name.startswith("_"):
            yield from _files(entry)
        elif entry.name.endswith((".py", ".toml")):
            yield entry


def _told(report: Report) -> dict[str, float | None]:
    shares = {name: report.accuracy(name) for name in TOLD}
    return {name: None if share is None else round(share, 4) for name, share in shares.items()}


def _shares(before: EvaluationRun | None) -> dict[str, float | None]:
    if before is None:
        return {}
    kinds = {**before.figures.get("kinds", {}), "all": before.figures.get("all", {})}
    return {name: kinds.get(name, {}).get("accuracy") for name in TOLD}


def _words(share: float | None) -> str:
    return "–" if share is None else f"{share:.3f}"
