"""Requests with conditions, and the share of right results among the first ten: `python -m benchmarks requests`.

Searches the published index of the caller's settings. Prints figures by kind and by half and, with `--failures`, the
failed requests of the tuning half; those of the other half are never shown.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from benchmarks import examples, judge, markdown, short, workplace
from benchmarks.judge import Catalogue, Condition, Facts
from core import texts
from core.config import Settings
from core.errors import MarqueeError
from core.evaluation import Split
from core.types import Page, SearchRequest
from data.catalogues import sources, tmdb
from data.files import csv_tables
from engine import wiring
from engine.search.encoders import encoder as encoders
from engine.services import Searching

SHIPPED = Path(__file__).parent / "requests" / "wishes.tsv"
MORE = ("wishes_more.tsv", "wishes_kinds.tsv", "wishes_names.tsv")
"""Further files, all of whose rows are for tuning."""
MEMORY = "memory"
OTHERS = Path("requests") / "requests.tsv"
"""Another file in the same format, in the folder of the test data."""
GOOD = 0.8
"""The required share: eight of ten."""
OWN, EXTERNAL = "own", "external"
ALL = "all"
NO_KIND = "request"


@dataclass(frozen=True, slots=True)
class Request:
    """A search text with the conditions of a right result."""

    kind: str
    split: Split
    query: str
    conditions: tuple[Condition, ...]
    written: str
    """The conditions as written in the file."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A request with its results and their figure."""

    request: Request
    page: Page
    figure: float | None
    """None if no movie of the catalogue meets the request."""


def read(file: Path) -> list[Request]:
    """Read the requests of a file: `id, split, query, conditions` or `query, conditions`, separated by tabs.

    Raises:
        ValueError: a line is invalid; the message names it.
    """
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            try:
                found.append(_request(line.split("\t")))
            except ValueError as error:
                raise ValueError(f"{file.name}, line {number}: {error}") from None
    return found


def remembered() -> list[tuple[str, int]]:
    """Return the half-remembered plots of the tuning half, with the TMDB ids of their movies."""
    every = (one for file in (SHIPPED, *map(SHIPPED.with_name, MORE)) for one in read(file))
    memories = [one for one in every if one.kind == MEMORY and one.split is Split.TUNE]
    meant = [(one.query, [c for c in one.conditions if c.key in {"t", "f"}]) for one in memories]
    return [(query, int(named[0].values[0])) for query, named in meant if len(named) == 1]


def catalogue(data: Path) -> Catalogue:
    """Read the facts of every movie from the TMDB files: the index contains only part of the crew."""
    found = sources.open_folder(data)
    folder = found.source.folder
    if found.source.name != tmdb.NAME:
        raise SystemExit("conditions are evaluated on TMDB 5000; set MARQUEE_DATA_DIR to a folder with its files")
    countries = {int(row["id"]): _countries(row) for _, row in _rows(folder / tmdb.MOVIES, ["production_countries"])}
    people = {int(row["movie_id"]): _people(row) for _, row in _rows(folder / tmdb.CREDITS, ["cast", "crew"])}
    nobody: frozenset[str] = frozenset()
    return {
        movie.id: Facts(movie, people.get(movie.id, nobody), countries.get(movie.id, nobody)) for movie in found.movies
    }


def ask(search: Searching, requests: Iterable[Request], movies: Catalogue) -> list[Answer]:
    """Search for every request and judge its first ten results."""
    answers = []
    for request in requests:
        page = search.run(SearchRequest(request.query, size=judge.FIRST_PAGE))
        ids = [int(hit.movie.id) for hit in page.hits]
        answers.append(Answer(request, page, judge.judge(request.conditions, ids, movies)))
    return answers


def figures(answers: Sequence[Answer]) -> dict[str, Any]:
    """Return the mean share, and the share with eight of ten right, by half and by kind."""
    halves = {str(half): [one for one in answers if one.request.split is half] for half in Split}
    kinds = sorted({one.request.kind for one in answers})
    return {
        **{name: _means(some) for name, some in {ALL: answers, **halves}.items() if some},
        "kinds": {
            kind: {
                name: _means(some)
                for name, half in halves.items()
                if (some := [one for one in half if one.request.kind == kind])
            }
            for kind in kinds
        },
    }


def measure(engines: Mapping[str, Settings]) -> dict[str, Any]:
    """Return the figures of every engine for the packaged requests, those of the test data, and the examples."""
    settings = next(iter(engines.values()))
    assert settings.data_dir is not None
    encoder, movies, files = encoders.load(settings), catalogue(settings.data_dir), _files(settings.data_dir)
    found: dict[str, Any] = {}
    for engine, own in engines.items():
        search = wiring.build(own, encoder=encoder).search
        asked = {name: workplace.timed(f"requests, {engine}", ask, search, read(file), movies) for name, file in files}
        found[engine] = {name: figures(answers) for name, answers in asked.items()}
        found[engine]["examples"] = examples.ask(search)
        found[engine]["short"] = short.ask(search, short.read())
    return found


def main(arguments: Sequence[str]) -> None:
    """Print the figures and, with `--failures`, the failures of the tuning half."""
    asked = _parse(arguments)
    settings = workplace.settings_of_caller()
    assert settings.data_dir is not None
    movies = catalogue(settings.data_dir)
    try:
        search = wiring.build(settings).search
        for file in [asked.file] if asked.file else [file for _, file in _files(settings.data_dir)]:
            requests = [one for one in read(file) if asked.split in (None, one.split)]
            answers = ask(search, requests, movies)
            print(f"{file.name}\n\n{table(figures(answers))}\n")
            if asked.failures:
                print(failures(answers), end="\n\n")
        print(examples.table(examples.ask(search)), short.table(short.ask(search, short.read())), sep="\n\n")
    except (MarqueeError, ValueError) as error:
        raise SystemExit(str(error)) from None


def table(found: Mapping[str, Any]) -> str:
    """Format the figures as a table."""
    rows = [_row(name, name, found[name]) for name in (ALL, *map(str, Split)) if name in found]
    rows += [_row(kind, split, own) for kind, halves in found["kinds"].items() for split, own in halves.items()]
    return markdown.table(["requests", "half", "number", "mean share", "8 of 10 right", "excluded"], rows)


def failures(answers: Iterable[Answer]) -> str:
    """Return the requests of the tuning half with fewer than eight of ten right results, the worst first."""
    bad = [
        (one.figure, one)
        for one in answers
        if one.request.split is Split.TUNE and one.figure is not None and one.figure < GOOD
    ]
    return "\n".join(_failure(figure, one) for figure, one in sorted(bad, key=lambda pair: pair[0]))


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks requests", description=__doc__)
    parser.add_argument("--split", type=Split, choices=list(Split), help="only this half (default: both)")
    parser.add_argument("--failures", action="store_true", help="show failed requests of the tuning half")
    parser.add_argument("--file", type=Path, help="another file of requests, such as requests/wishes_more.tsv")
    asked = parser.parse_args(arguments)
    if asked.failures and asked.split is Split.HELD_OUT:
        parser.error("--failures: not available for the held-out half; use --split tune")
    return asked


def _files(data: Path) -> list[tuple[str, Path]]:
    others = Path(os.environ.get(workplace.TEST_DATA) or data) / OTHERS
    return [(OWN, SHIPPED), *([(EXTERNAL, others)] if others.is_file() else [])]


def _request(cells: Sequence[str]) -> Request:
    if len(cells) == 2:
        return Request(NO_KIND, Split.TUNE, cells[0], judge.parse(cells[1]), cells[1])
    if len(cells) != 4:
        raise ValueError(f"expected 2 or 4 columns separated by tabs, got {len(cells)}")
    name, split, query, written = cells
    return Request(name.rpartition("-")[0] or NO_KIND, Split(split), query, judge.parse(written), written)


def _rows(file: Path, columns: Sequence[str]) -> tuple[tuple[int, Mapping[str, str]], ...]:
    return csv_tables.read(file, required=columns).rows


def _countries(row: Mapping[str, str]) -> frozenset[str]:
    entries = json.loads(row["production_countries"])
    return frozenset(name for one in entries for name in (one["iso_3166_1"], texts.fold(one["name"])))


def _people(row: Mapping[str, str]) -> frozenset[str]:
    return frozenset(texts.fold(one["name"]) for column in ("cast", "crew") for one in json.loads(row[column]))


def _means(answers: Sequence[Answer]) -> dict[str, Any]:
    judged = [one.figure for one in answers if one.figure is not None]
    return {
        "requests": len(judged),
        "left_out": len(answers) - len(judged),
        "mean": round(fmean(judged), 4) if judged else None,
        "eight_of_ten": round(fmean(figure >= GOOD for figure in judged), 4) if judged else None,
    }


def _row(name: str, half: str, own: Mapping[str, Any]) -> list[object]:
    shares = ["–" if own[key] is None else f"{own[key]:.3f}" for key in ("mean", "eight_of_ten")]
    return [name, half, own["requests"], *shares, own["left_out"]]


def _failure(figure: float, answer: Answer) -> str:
    understood, page = answer.page.understood, answer.page
    read_as = (
        f"{understood.query_type.value}: {', '.join(piece.key for piece in understood.pieces)}" if understood else "–"
    )
    shown = "; ".join(f"{hit.movie.title} ({hit.movie.year})" for hit in page.hits)
    return f"{figure:.2f} {answer.request.query!r} [{answer.request.written}]\n     {read_as}\n     {shown or '–'}"
