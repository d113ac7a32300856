"""In-memory fakes of question answering and of labelled requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType

from core.errors import InvalidRequest, NotFound
from core.evaluation import EvaluationRun, LabelledRequest, labelled
from core.types import Movie
from core.users import User
from engine.search.answers import Answer, Claim
from engine.search.evaluation import label_files
from engine.search.evaluation.label_editor import LabelsImported
from tests.made_up import MOVIES

LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)


def _tally(right: int, missed: int, wrong: int) -> dict[str, float]:
    return {"right": right, "missed": missed, "wrong": wrong, "accuracy": right / (right + missed + wrong)}


FIGURES = {
    "all": _tally(8, 1, 1),
    "whole": _tally(1, 1, 0),
    "kinds": {"genre": _tally(4, 0, 0), "mood": _tally(3, 1, 1)},
    "moods": {"scary": _tally(2, 0, 0), "funny": _tally(1, 1, 1)},
    "query_types": {"wish": _tally(2, 0, 0)},
}
FAILURE = {
    "text": "a witty heist",
    "expected_query_type": "wish",
    "query_type": "description",
    "missed": ["mood:funny"],
    "wrong": ["mood:dark"],
}
RUNS = (
    EvaluationRun(
        datetime(2024, 1, 2, tzinfo=UTC), "small-model", "b2", 2, MappingProxyType(FIGURES), (FAILURE,), id=2
    ),
    EvaluationRun(LONG_AGO, "rules", "a1", 2, MappingProxyType(FIGURES), (FAILURE,), id=1),
)


@dataclass
class FakeAsking:
    """A fake that answers every question with the first sentences of the first movies."""

    movies: Sequence[Movie] = MOVIES
    asked: list[str] = field(default_factory=list)
    model: str = ""
    text: str = ""
    """Replaces the sentences from plots."""

    def answer(self, question: str) -> Answer:
        """Return an answer."""
        if not question.strip() or len(question) > 300:
            raise InvalidRequest({"question": "expected 1 to 300 characters"})
        self.asked.append(question)
        shown = tuple(self.movies[:3])
        claims = tuple(Claim(self.text or movie.overview.split(". ")[0], (movie.id,)) for movie in shown[:2])
        return Answer(question, claims, shown, self.model, "" if shown else "Nothing comes close to that.")


@dataclass
class FakeUnderstandings:
    """A fake of labelled requests and their evaluations."""

    kept: dict[int, LabelledRequest] = field(default_factory=dict)
    evaluations: list[EvaluationRun] = field(default_factory=lambda: list(RUNS))
    done: list[tuple[str, str, str]] = field(default_factory=list)
    """Action, text and user name of every change."""

    def labelled(self) -> Sequence[LabelledRequest]:
        """Return all labelled requests, latest first."""
        return sorted(self.kept.values(), key=lambda request: -request.id)

    def get(self, number: int) -> LabelledRequest:
        """Return a labelled request."""
        if number not in self.kept:
            raise NotFound(f"no labelled request has the number {number}")
        return self.kept[number]

    def label(self, text: str, query_type: str, pieces: str, *, by: User, source: str = "form") -> LabelledRequest:
        """Add or replace a labelled request."""
        try:
            made = labelled(text, query_type, pieces)
        except ValueError as error:
            name, _, fault = str(error).partition(": ")
            raise InvalidRequest({name: fault}) from None
        same = next((request.id for request in self.kept.values() if request.text == made.text), None)
        made = replace(made, id=same or max(self.kept, default=0) + 1, source=source, at=LONG_AGO)
        self.kept[made.id] = made
        self.done.append(("label", made.text, by.name))
        return made

    def edit(self, number: int, text: str, query_type: str, pieces: str, *, by: User) -> LabelledRequest:
        """Change a labelled request."""
        before = self.get(number)
        changed = self.label(text, query_type, pieces, by=by, source=before.source)
        if changed.id != number:
            del self.kept[number]
        return changed

    def delete(self, number: int, *, by: User) -> None:
        """Delete a labelled request."""
        self.done.append(("unlabel", self.get(number).text, by.name))
        del self.kept[number]

    def load(self, content: bytes, *, name: str, by: User) -> LabelsImported:
        """Import a file."""
        found = label_files.read(content, name=name)
        for request in found.requests:
            self.label(request.text, request.query_type, request.written, by=by, source="file")
        return LabelsImported(len(found.requests), found.faults)

    def runs(self, *, limit: int = 60) -> Sequence[EvaluationRun]:
        """Return the evaluations, latest first."""
        return self.evaluations[:limit]
