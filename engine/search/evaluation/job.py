"""The job `evaluate-understanding`: accuracy of this site's query understanding on its labelled requests."""

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
        "llm": Parameter("llm", Kind.SWITCH, None, None, True, "whether to evaluate the language model too"),
        "calls": Parameter("calls", Kind.WHOLE, 1, 5_000, 300, "maximum number of requests sent to the language model"),
    }
)
RULES, LLM = "rules", "llm"
UNDERSTANDING = "engine.search.understanding"
LOGGED = ("all", "genre", "mood", "years")
"""Figures written to the log."""
LEAST_ANSWERED = 0.5
"""Minimum share of requests that a reader must answer: if the server is down, the figures say nothing about its
model."""
PORTION = 50
"""Number of requests between two checks for cancellation."""


@dataclass(frozen=True)
class RulesReader:
    """The rules as a reader to be evaluated."""

    vocabulary: Vocabulary
    name: str = RULES

    @property
    def version(self) -> str:
        """Return a hash of the rules and their tables."""
        return rules_version()

    def read(self, text: str) -> Understanding:
        """Return what the rules understand."""
        return understanding_reader.read(text, vocabulary=self.vocabulary)


@dataclass(frozen=True)
class LanguageReader:
    """The language model alone as a reader to be evaluated."""

    reader: ModelReader
    vocabulary: Vocabulary

    @property
    def name(self) -> str:
        """Return the name of the model."""
        return self.reader.model.name

    @property
    def version(self) -> str:
        """Return a hash of the prompt."""
        return prompts.version(self.vocabulary.tables, self.vocabulary.gazetteer.genres)

    def read(self, text: str) -> Understanding | None:
        """Return what the model understands; None without a usable answer."""
        return self.reader.read(text, vocabulary=self.vocabulary)


def run(
    context: JobContext, work: Work, *, parameters: Mapping[str, Any], vocabulary: Vocabulary | None = None
) -> Result:
    """Evaluate every reader, store the reports, and return the figures before and after.

    Args:
        vocabulary: the vocabulary for reading texts; by default, that of the published index.

    Raises:
        InvalidRequest: a parameter is unknown or out of range.
        StoreUnavailable, IndexMissing, Cancelled: nothing more is written.
    """
    options = check_parameters(PARAMETERS, parameters)
    settings, stores = context.settings, context.stores
    requests = stores.evaluations.labelled()
    if not requests:
        work.say("there are no labelled requests yet")
        return Result({"requests": 0, "readers": {}})
    if vocabulary is None:
        vocabulary = vocabulary_of(context.index_store.open(), tables.load(settings.moods_file))
    figures: dict[str, Any] = {}
    for reader in readers(settings, vocabulary, calls=options["calls"] if options["llm"] else 0):
        selected = requests if reader.name == RULES else requests[: options["calls"]]
        figures[reader.name] = _store(measure(reader, selected, work), stores, work, context.clock)
    return Result({"requests": len(requests), "readers": figures})


def reports(
    settings: Settings, requests: Sequence[LabelledRequest], *, reader: str, vocabulary: Vocabulary
) -> list[Report]:
    """Evaluate readers on requests for the command line (`rules`, `llm` or `all`), without storing the reports.

    Raises:
        InvalidSettings: the language model is to be evaluated but not configured.
    """
    calls = 0 if reader == RULES else len(requests)
    found = readers(settings, vocabulary, calls=calls)
    if reader != RULES and len(found) == 1:
        raise InvalidSettings("no language model is configured; set MARQUEE_LLM_URL and MARQUEE_LLM_MODEL")
    return [accuracy.evaluate(one, requests) for one in found if reader != LLM or one.name != RULES]


def readers(settings: Settings, vocabulary: Vocabulary, *, calls: int) -> list[accuracy.Reader]:
    """Return the rules and, if configured and `calls` is not 0, the language model."""
    found: list[accuracy.Reader] = [RulesReader(vocabulary)]
    model = models.of(settings, budget=Budget(calls, calls, 1)) if calls else None
    if model is not None:
        # Nobody is waiting, so the model gets the longer of its two timeouts.
        found.append(LanguageReader(ModelReader(model, settings.llm_ask_timeout), vocabulary))
    return found


def measure(reader: accuracy.Reader, requests: Sequence[LabelledRequest], work: Work) -> Report:
    """Evaluate a reader on all requests, reporting progress."""
    compared = []
    for done, request in enumerate(requests):
        if done % PORTION == 0:
            work.step(f"reading by {reader.name}", done, len(requests))
            work.check()
        compared.append(accuracy.compare(request, reader.read(request.text)))
    work.step(f"reading by {reader.name}", len(requests), len(requests))
    return accuracy.report(reader, compared)


def _store(report: Report, stores: Stores, work: Work, clock: Clock) -> dict[str, Any]:
    """Store a report unless its reader was unavailable, and return the figures for the run."""
    if report.answered < LEAST_ANSWERED * report.requests:
        words = f"{report.reader} answered {report.answered} of {report.requests} requests"
        work.say(f"{words}; its figures are not stored")
        return {"answered": report.answered, "of": report.requests}
    before = next(iter(stores.evaluations.runs(report.reader, limit=1)), None)
    failures = tuple(report.failures)
    stores.evaluations.add_run(
        EvaluationRun(clock(), report.reader, report.version, report.requests, report.plain(), failures)
    )
    work.say(sentence(report, before))
    return {"version": report.version, "before": _shares(before), "after": _figures(report)}


def sentence(report: Report, before: EvaluationRun | None) -> str:
    """Format the figures for the log, with the previous ones."""
    old, new = _shares(before), _figures(report)
    parts = [f"{name} {_words(old.get(name))} → {_words(new[name])}" for name in LOGGED]
    return f"{report.reader}: {', '.join(parts)}"


@cache
def rules_version() -> str:
    """Return a hash of the rules' code and tables."""
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


def _figures(report: Report) -> dict[str, float | None]:
    shares = {name: report.accuracy(name) for name in LOGGED}
    return {name: None if share is None else round(share, 4) for name, share in shares.items()}


def _shares(before: EvaluationRun | None) -> dict[str, float | None]:
    if before is None:
        return {}
    kinds = {**before.figures.get("kinds", {}), "all": before.figures.get("all", {})}
    return {name: kinds.get(name, {}).get("accuracy") for name in LOGGED}


def _words(share: float | None) -> str:
    return "–" if share is None else f"{share:.3f}"
