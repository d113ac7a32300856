"""Evaluation of readers with labelled requests, and files of labelled requests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from core.errors import DataError
from core.evaluation import LabelledRequest, Split, labelled, split_of
from core.understanding import Piece, PieceKind, QueryType, Understanding
from engine.search.evaluation import accuracy, label_files

ROOT = Path(__file__).parents[4]
SHIPPED = ROOT / "benchmarks" / "requests" / "understanding.tsv"


def piece(key: str, *, label: str = "", role: str = "") -> Piece:
    kind, _, value = key.removeprefix("not-").partition(":")
    return Piece(PieceKind(kind), value, label or value, 0, 1, not key.startswith("not-"), role=role)


@dataclass(frozen=True)
class Scripted:
    """A reader with scripted answers."""

    answers: dict[str, Understanding | None]
    name: str = "scripted"
    version: str = "1"

    def read(self, text: str) -> Understanding | None:
        return self.answers.get(text)


def judged(request: LabelledRequest, *read: Piece, query_type: QueryType = QueryType.WISH) -> accuracy.Compared:
    return accuracy.compare(request, Understanding(request.text, query_type, tuple(read)))


def test_pieces_are_right_missed_or_wrong() -> None:
    request = labelled("funny horror", "wish", "genre:Horror; mood:funny")
    found = judged(request, piece("genre:horror"), piece("genre:Comedy"))
    assert [list(map(str, part)) for part in (found.right, found.missed, found.wrong)] == [
        ["genre:Horror"],
        ["mood:funny"],
        ["genre:Comedy"],
    ]


def test_an_unwanted_piece_differs_from_a_wanted_one() -> None:
    request = labelled("not a horror", "wish", "not-genre:Horror")
    assert judged(request, piece("not-genre:Horror")).whole
    assert not judged(request, piece("genre:Horror")).whole


def test_any_alternative_is_right_and_counts_for_the_first() -> None:
    request = labelled("french comedy", "wish", "language:fr or country:France; genre:Comedy")
    found = judged(request, piece("country:FR", label="France"), piece("genre:Comedy"))
    assert found.whole
    assert [str(label) for label in found.right] == ["language:fr", "genre:Comedy"]


def test_an_optional_piece_does_not_count() -> None:
    request = labelled("zombies", "wish", "?genre:Horror")
    for read in ((), (piece("genre:Horror"),)):
        found = judged(request, *read)
        assert found.whole
        assert found.right == ()


@pytest.mark.parametrize(
    ("expected", "read"),
    [
        ("years:-1969", "years:1870-1969"),
        ("years:2011-", "years:2011-2030"),
        ("runtime:<=90", "runtime:<=100"),
        ("studio:Pixar", "studio:Pixar Animation Studios"),
        ("title:The Host", "title:The Host (2006)"),
        ("award:any", "award:oscar"),
        ("quality:good", "quality:best"),
        ("recency:new", "recency:2010-"),
        ("recency:old", "recency:-1975"),
        ("not-language:en", "language:!en"),
        ("part:the godfather 2", "part:godfather 2"),
    ],
)
def test_values_may_be_spelled_differently(expected: str, read: str) -> None:
    assert judged(labelled("x", "wish", expected), piece(read)).whole


@pytest.mark.parametrize(
    ("expected", "read"),
    [
        ("years:1990-1999", "years:1990-2000"),
        ("runtime:<=90", "runtime:>=90"),
        ("title:Alien", "title:Aliens"),
        ("mood:dark", "mood:darker"),
        ("quality:good", "quality:bad"),
        ("recency:new", "recency:-1975"),
        ("person:Clint Eastwood@director", "person:Clint Eastwood"),
    ],
)
def test_different_values_do_not_match(expected: str, read: str) -> None:
    assert not judged(labelled("x", "wish", expected), piece(read)).whole


def test_a_repeated_piece_counts_once_and_a_subgenre_not_at_all() -> None:
    request = labelled("cosy cosy vampires", "wish", "mood:cosy")
    assert judged(request, piece("mood:cosy"), piece("mood:cosy"), piece("genre:vampire")).whole
    assert not judged(request, piece("mood:cosy"), piece("genre:Horror")).whole


def test_a_piece_with_several_values_counts_as_several() -> None:
    request = labelled("drama or thriller", "wish", "genre:Drama; genre:Thriller")
    assert judged(request, piece("genre:Drama|Thriller")).whole


def test_memories_may_be_one_year_off_but_requests_may_not() -> None:
    assert judged(
        labelled("x", "memory", "years:2004-2004"), piece("years:2003-2005"), query_type=QueryType.MEMORY
    ).whole
    assert not judged(labelled("x", "wish", "years:2004-2004"), piece("years:2003-2005")).whole


def test_a_report_counts_by_kind_mood_and_query_type() -> None:
    requests = [labelled("sad 90s", "wish", "mood:cry; years:1990-1999"), labelled("silent", "wish", "mood:tense")]
    answers = {"sad 90s": Understanding("sad 90s", QueryType.WISH, (piece("mood:cry"), piece("years:1990-1999")))}
    report = accuracy.evaluate(Scripted(dict(answers)), requests)
    assert report.moods["cry"].accuracy == 1
    assert report.moods["tense"].accuracy == 0
    assert report.accuracy("moods") == 0.5
    assert report.accuracy("years") == 1
    assert report.accuracy("query_type") == 0.5
    assert report.accuracy("genre") is None
    assert report.plain()["whole"] == {"right": 1, "missed": 1, "wrong": 0, "accuracy": 0.5}
    assert report.failures == [
        {"text": "silent", "expected_query_type": "wish", "query_type": "", "missed": ["mood:tense"], "wrong": []}
    ]


def test_shortfalls_name_the_figures_below_their_thresholds() -> None:
    report = accuracy.evaluate(Scripted({}), [labelled("silent", "wish", "mood:tense")])
    required = accuracy.requirements("moods=0.9, genres=0.95")
    assert accuracy.shortfalls(report, required) == [
        "moods: 0.000, required 0.900",
        "genres: not measured, required 0.950",
    ]
    assert accuracy.shortfalls(report, {"moods": 0.0}) == []


@pytest.mark.parametrize("written", ["moods", "moods=2", "colours=0.5", "moods=nan"])
def test_an_invalid_threshold_is_rejected(written: str) -> None:
    with pytest.raises(ValueError, match=r"expected|unknown figure"):
        accuracy.requirements(written)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("a\twish", "expected 3 columns, got 2"),
        ("a\tdream\t", "query_type: expected one of wish"),
        ("a\twish\tcolour:red", "unknown kind 'colour'"),
        ("a\twish\tgenre:", "'genre:' has no value"),
        ("\twish\tgenre:Drama", "text: expected 1 to 1,000"),
    ],
)
def test_an_invalid_row_is_reported_and_does_not_affect_others(row: str, words: str) -> None:
    content = f"text\tquery_type\tpieces\ngood\twish\tgenre:Drama\n{row}\n".encode()
    found = label_files.read(content, name="mine.tsv")
    assert [request.text for request in found.requests] == ["good"]
    assert len(found.faults) == 1
    assert found.faults[0].startswith("mine.tsv, row 3: ")
    assert words in found.faults[0]


def test_json_lines_are_read_too() -> None:
    content = b'{"text": "sad", "pieces": "mood:cry"}\n[1]\n{"text": 5, "pieces": ""}\n{broken\n'
    found = label_files.read(content, name="mine.jsonl")
    assert [(request.text, request.query_type) for request in found.requests] == [("sad", QueryType.WISH)]
    assert [fault.partition(": ")[0] for fault in found.faults] == [f"mine.jsonl, row {row}" for row in (2, 3, 4)]


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a,b\n1,2", b"", b"x" * (label_files.MAX_BYTES + 1)])
def test_a_file_that_is_not_a_list_of_requests_is_rejected(content: bytes) -> None:
    with pytest.raises(DataError, match=r"mine\.tsv"):
        label_files.read(content, name="mine.tsv")


def test_many_errors_are_counted_and_not_all_listed() -> None:
    rows = "\n".join("x\twish\tcolour:red" for _ in range(80))
    found = label_files.read(f"text\tquery_type\tpieces\n{rows}".encode(), name="mine.tsv")
    assert len(found.faults) == label_files.MAX_FAULTS + 1
    assert found.faults[-1] == "and 30 more"


def test_all_packaged_requests_are_valid_and_in_the_right_split() -> None:
    found = label_files.read(SHIPPED.read_bytes(), name=SHIPPED.name)
    assert found.faults == ()
    rows = [line.split("\t") for line in SHIPPED.read_text(encoding="utf-8").splitlines()[1:]]
    assert len(rows) == len(found.requests)
    assert [row[0] for row in rows] == [split_of(row[2]).value for row in rows]


def test_the_packaged_requests_cover_every_kind_and_every_mood() -> None:
    requests = label_files.read(SHIPPED.read_bytes(), name=SHIPPED.name).requests
    every = [label for request in requests for expected in request.expected for label in expected.alternatives]
    assert {label.kind for label in every} == set(PieceKind)
    assert len({label.value for label in every if label.kind is PieceKind.MOOD}) == 24
    assert {request.query_type for request in requests} == set(QueryType)
    assert len(requests) >= 300
    moody = [r for r in requests if any(expected.label.kind is PieceKind.MOOD for expected in r.expected)]
    assert len(moody) >= 120
    assert any(not label.wanted for label in every)
    assert {request.split for request in requests} == set(Split)
