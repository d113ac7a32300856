"""Files of requests, their figures, and what the command shows and rejects."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks import examples, request_quality
from benchmarks.judge import Facts
from benchmarks.request_quality import Request
from core.evaluation import Split
from core.types import Hit, Movie, MovieId, Page, SearchRequest, Suggestion
from core.users import User

ROWS = """# id	split	query	conditions
mood-3fa21	tune	make me laugh	g=Comedy ml=funny
mood-9fa21	held-out	something funny	g=Comedy

two words	f=3
"""
MOVIES = {n: Movie(MovieId(n), f"Movie {n}", genres=("Comedy",) if n % 2 else ("Drama",)) for n in range(1, 11)}
CATALOGUE = {number: Facts(movie, frozenset(), frozenset()) for number, movie in MOVIES.items()}


class TinyIndex:
    """A search that returns the same movies for every text."""

    def run(self, request: SearchRequest, *, user: User | None = None) -> Page:
        """Return all movies, those with even numbers first."""
        assert user is None
        ordered = sorted(MOVIES.values(), key=lambda movie: (movie.id % 2, movie.id))[: request.size]
        return Page(request, len(ordered), tuple(Hit(movie, 1.0) for movie in ordered), {})

    def suggest(self, text: str, *, limit: int = 8) -> list[Suggestion]:
        """Nothing."""
        return [][: len(text) * limit]


@pytest.fixture
def requests(tmp_path: Path) -> list[Request]:
    """Return the requests of a file with both kinds of rows."""
    file = tmp_path / "wishes.tsv"
    file.write_text(ROWS, encoding="utf-8")
    return request_quality.read(file)


def test_both_kinds_of_rows_are_read(requests: list[Request]) -> None:
    assert [(one.kind, one.split, one.query) for one in requests] == [
        ("mood", Split.TUNE, "make me laugh"),
        ("mood", Split.HELD_OUT, "something funny"),
        (request_quality.NO_KIND, Split.TUNE, "two words"),
    ]


@pytest.mark.parametrize("row", ["one", "a\tb\tc", "mood-1\tnone\ttext\tg=Comedy", "text\tz=1"])
def test_an_invalid_row_is_named(tmp_path: Path, row: str) -> None:
    file = tmp_path / "wishes.tsv"
    file.write_text(f"# head\n{row}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"wishes\.tsv, line 2: "):
        request_quality.read(file)


def test_figures_are_by_half_and_by_kind(requests: list[Request]) -> None:
    found = request_quality.figures(request_quality.ask(TinyIndex(), requests, CATALOGUE))
    assert found["held-out"] == {"requests": 1, "left_out": 0, "mean": 1.0, "eight_of_ten": 1.0}
    assert (found["tune"]["mean"], found["all"]["eight_of_ten"]) == (0.5, pytest.approx(2 / 3, abs=1e-4))
    assert found["kinds"]["mood"]["tune"]["mean"] == 1
    assert set(found["kinds"][request_quality.NO_KIND]) == {"tune"}
    assert "| held-out | held-out | 1 " in request_quality.table(found)


def test_a_request_without_a_figure_is_excluded_and_counted(requests: list[Request]) -> None:
    nothing = request_quality.ask(TinyIndex(), requests[:1], {2: CATALOGUE[2]})
    assert request_quality.figures(nothing)["all"] == {"requests": 0, "left_out": 1, "mean": None, "eight_of_ten": None}


def test_only_failures_of_the_tuning_half_are_shown(requests: list[Request]) -> None:
    bare = {number: Facts(Movie(MovieId(number), "Drama"), frozenset(), frozenset()) for number in range(1, 11)}
    answers = request_quality.ask(TinyIndex(), requests, {**bare, 11: CATALOGUE[1]})
    shown = request_quality.failures(answers)
    assert "two words" in shown
    assert "make me laugh" in shown
    assert "something funny" not in shown


def test_failures_of_the_held_out_half_are_never_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["requests", "--split", "held-out", "--failures"])
    assert "not available for the held-out half" in capsys.readouterr().err


def test_each_command_has_its_own_help(capsys: pytest.CaptureFixture[str]) -> None:
    for name in command.COMMANDS:
        with pytest.raises(SystemExit, match="0"):
            command.main([name, "--help"])
        assert f"python -m benchmarks {name}" in capsys.readouterr().out


def test_the_rank_of_every_example_is_reported() -> None:
    found = examples.ask(TinyIndex())
    assert (found["first"], found["of"]) == (0, len(examples.EXAMPLES))
    assert f"0 of {len(examples.EXAMPLES)}" in examples.table(found)


def test_all_packaged_requests_are_valid_and_the_text_determines_the_half() -> None:
    requests = request_quality.read(request_quality.SHIPPED)
    assert len(requests) > 600
    halves = {one.query: Split.TUNE if _digit(one.query) < 8 else Split.HELD_OUT for one in requests}
    assert {one.query for one in requests if one.split is not halves[one.query]} == set()
    others = [
        one for name in request_quality.MORE for one in request_quality.read(request_quality.SHIPPED.with_name(name))
    ]
    assert {one.split for one in others} == {Split.TUNE}
    asked = [one.query for one in (*requests, *others)]
    assert len(asked) == len(set(asked))


def test_no_training_text_of_the_ranking_is_held_out() -> None:
    held_out = {one.query for one in request_quality.read(request_quality.SHIPPED) if one.split is Split.HELD_OUT}
    taught = request_quality.remembered()
    assert len(taught) > 100
    assert held_out.isdisjoint(query for query, _ in taught)


def _digit(text: str) -> int:
    return int(hashlib.sha1(text.encode()).hexdigest()[0], 16)  # noqa: S324 - no secret
