"""The query sets: what people typed, and the one movie that they meant."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILES = {
    "netflix": "netflix_description.jsonl",
    "disney_plus": "disney_plus_description.jsonl",
    "imdb_2006_2016": "imdb_2006_2016_description.jsonl",
    "reddit_tomt": "reddit_tomt.jsonl",
}
SHORT_SETS = ("netflix", "disney_plus", "imdb_2006_2016")
"""Sets whose queries are as long as what people type into a search box; speed is measured on them."""
MAX_OVERLAP = 0.5
"""A query that shares more with the movie's own overview was copied from it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A query and the TMDB id of the movie that was meant."""

    query: str
    movie: int


def load(data: Path) -> dict[str, list[Wanted]]:
    """The clean queries of every set, in the order of the files."""
    folder = data / "queries"
    if missing := [name for name in FILES.values() if not (folder / name).is_file()]:
        raise SystemExit(f"the data folder has no queries/{missing[0]}; set MARQUEE_DATA_DIR to one that has")
    return {name: read((folder / file).read_text(encoding="utf-8")) for name, file in FILES.items()}


def read(lines: str) -> list[Wanted]:
    """The clean queries among JSON lines."""
    rows = [json.loads(line) for line in lines.split("\n") if line.strip()]
    return [Wanted(row["query"], int(row["tmdb_id"])) for row in rows if is_clean(row)]


def is_clean(row: Mapping[str, Any]) -> bool:
    """Whether a query neither names the movie nor quotes its overview."""
    return not row["title_in_query"] and row["overview_overlap"] < MAX_OVERLAP


def short_texts(data: Path) -> list[str]:
    """Each different query of the sets that resemble what people type, the sets mixed."""
    sets = load(data)
    texts = dict.fromkeys(wanted.query for name in SHORT_SETS for wanted in sets[name])
    return sorted(texts, key=lambda text: (len(text) % 7, text))  # any fixed order in which no set comes in one block
