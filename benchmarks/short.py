"""Short texts that describe one movie (`requests/short.tsv`), and how often it is found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import examples, markdown
from core.evaluation import Split
from engine.search.ranking.fit import Figures
from engine.services import Searching

FILE = Path(__file__).parent / "requests" / "short.tsv"


@dataclass(frozen=True, slots=True)
class Short:
    """A text, the TMDB id of the intended movie, and the half of the text."""

    text: str
    movie: int
    split: Split


def read(file: Path = FILE) -> list[Short]:
    """Read the texts of a file: `id, split, query, tmdb_id`, separated by tabs.

    Raises:
        ValueError: a line is invalid; the message names it.
    """
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            try:
                _, split, text, movie = line.split("\t")
                found.append(Short(text, int(movie), Split(split)))
            except ValueError as error:
                raise ValueError(f"{file.name}, line {number}: expected id, split, query, tmdb_id ({error})") from None
    return found


def half(split: Split, texts: Iterable[Short]) -> list[Short]:
    """Return the texts of one half."""
    return [text for text in texts if text.split is split]


def ask(search: Searching, texts: Sequence[Short]) -> dict[str, Any]:
    """Return the figures of both halves."""
    return {str(split): _figures(search, half(split, texts)) for split in Split}


def table(found: Mapping[str, Mapping[str, Any]]) -> str:
    """Format the figures as a table."""
    rows = [
        [split, own["queries"], f"{own['recall_1']:.3f}", f"{own['recall_10']:.3f}", f"{own['mrr']:.3f}"]
        for split, own in found.items()
    ]
    return markdown.table(["short texts", "number", "recall@1", "recall@10", "MRR"], rows)


def _figures(search: Searching, texts: Sequence[Short]) -> dict[str, Any]:
    ranks = np.array([examples.rank(search, text.text, text.movie) or 0 for text in texts], np.int64)
    figures = Figures.of(ranks)
    return {
        "queries": figures.queries, "recall_1": figures.recall_1, "recall_10": figures.recall_10, "mrr": figures.mrr,
    }  # fmt: skip
