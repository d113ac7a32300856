"""Measure descriptions of movies in several languages: `python -m benchmarks languages`.

Searches the published index with the first encoder alone and, if `MARQUEE_ENCODER_MULTILINGUAL` is set, with that
encoder for texts in other languages. Prints recall@10 by language, and the share of texts whose language was detected.
"""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import markdown, metrics, workplace
from core.errors import MarqueeError
from core.types import SearchRequest
from engine import wiring
from engine.search.search import Search

FILE = Path(__file__).parent / "requests" / "languages.tsv"
DEPTH = 10
FIRST, SECOND = "first encoder", "multilingual encoder"


@dataclass(frozen=True, slots=True)
class Described:
    """A description, its language, and the TMDB id of the intended movie."""

    language: str
    movie: int
    text: str


def read(lines: str) -> list[Described]:
    """Read the descriptions of a file."""
    rows = (line.split("\t") for line in lines.splitlines() if line.strip() and not line.startswith("#"))
    return [Described(language, int(movie), text) for language, movie, text in rows]


def measure(search: Search, described: Sequence[Described]) -> dict[str, tuple[float, float]]:
    """Return by language recall@10 and the share of texts whose language was detected."""
    found: dict[str, list[tuple[int | None, bool]]] = {}
    for one in described:
        page = search.run(SearchRequest(one.text, size=DEPTH))
        ranks = {int(hit.movie.id): rank for rank, hit in enumerate(page.hits, start=1)}
        detected = page.understood is not None and page.understood.language == one.language
        found.setdefault(one.language, []).append((ranks.get(one.movie), detected))
    return {
        language: (metrics.recall([rank for rank, _ in rows], DEPTH), sum(detected for _, detected in rows) / len(rows))
        for language, rows in found.items()
    }


def main(arguments: Sequence[str]) -> None:
    """Measure the published index and print a table."""
    argparse.ArgumentParser(prog="python -m benchmarks languages", description=__doc__).parse_args(arguments)
    described = read(FILE.read_text(encoding="utf-8"))
    try:
        search = wiring.build(workplace.settings_of_caller()).search
    except MarqueeError as error:
        raise SystemExit(f"benchmarks languages: {error}") from error
    measured = {}
    if isinstance(search, Search):
        measured[FIRST] = measure(dataclasses.replace(search, abroad=None), described)
        if search.abroad is not None:
            measured[SECOND] = measure(search, described)
    print(_table(measured, described))


def _table(measured: Mapping[str, Mapping[str, tuple[float, float]]], described: Sequence[Described]) -> str:
    languages = list(dict.fromkeys(one.language for one in described))
    counts = [str(sum(one.language == language for one in described)) for language in languages]
    rows = [["descriptions", *counts]]
    for name, figures in measured.items():
        rows.append([f"recall@10, {name}", *(f"{figures[language][0]:.2f}" for language in languages)])
    first = next(iter(measured.values()), {})
    rows.append(["language detected", *(f"{first[language][1]:.2f}" for language in languages)])
    return markdown.table(["", *languages], rows)
