"""Accuracy of the rules on the labelled requests: continuous integration fails below these figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.evaluation import Split
from data.catalogues import sources
from engine.search.evaluation import accuracy, label_files
from engine.search.evaluation.accuracy import Report
from engine.search.evaluation.job import RulesReader
from engine.search.understanding import tables
from engine.search.understanding.vocabulary import Vocabulary
from indexer.names import gazetteer_builder

SHIPPED = Path(__file__).parents[4] / "benchmarks" / "requests" / "understanding.tsv"
REQUIRED = "moods=0.9, genres=0.95, years=0.94, all=0.9, query_type=0.93"
"""Thresholds for the half that is not looked at while rules are changed. Raise a figure once it is reliably reached."""

MISTAKEN = 0.2
"""Maximum share of stories with wrong pieces; in stories, pieces affect scores but do not filter."""

pytestmark = [pytest.mark.data, pytest.mark.slow]


@pytest.fixture(scope="module")
def report(real_data: Path) -> Report:
    """Return the report of the rules on the held-out half, with the names of TMDB 5000."""
    movies = sources.open_folder(real_data / "tmdb5000").movies
    reader = RulesReader(Vocabulary(tables.load(), gazetteer_builder.build(movies)))
    requests = label_files.read(SHIPPED.read_bytes(), name=SHIPPED.name).requests
    return accuracy.evaluate(reader, [request for request in requests if request.split is Split.HELD_OUT])


def test_no_figure_is_below_its_threshold(report: Report) -> None:
    assert accuracy.shortfalls(report, accuracy.requirements(REQUIRED)) == []


def test_every_mood_is_understood_in_at_least_half_of_its_requests(report: Report) -> None:
    assert {name: tally.plain() for name, tally in report.moods.items() if (tally.accuracy or 0) < 0.5} == {}


def test_pieces_that_a_story_does_not_state_are_rarely_read(report: Report) -> None:
    stories = [one for one in report.compared if one.request.query_type.value in ("description", "memory")]
    assert len(stories) >= 20
    assert sum(bool(one.wrong) for one in stories) <= MISTAKEN * len(stories)
