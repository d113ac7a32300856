"""The query sets: texts with the movie that each is about."""

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
"""Sets whose queries are as long as typical search texts; speed is measured on them."""
MAX_OVERLAP = 0.5
"""A query that shares more with the overview of its movie was copied from it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A query and the TMDB id of the intended movie."""

    query: str
    movie: int


def load(data: Path) -> dict[str, list[Wanted]]:
    """Load the clean queries of every set, in the order of the files."""
    folder = data / "queries"
    if missing := [name for name in FILES.values() if not (folder / name).is_file()]:
        raise SystemExit(f"the data folder has no queries/{missing[0]}; set MARQUEE_DATA_DIR to a folder that has it")
    return {name: read((folder / file).read_text(encoding="utf-8")) for name, file in FILES.items()}


def read(lines: str) -> list[Wanted]:
    """Parse JSON lines and return the clean queries."""
    rows = [json.loads(line) for line in lines.split("\n") if line.strip()]
    return [Wanted(row["query"], int(row["tmdb_id"])) for row in rows if is_clean(row)]


def is_clean(row: Mapping[str, Any]) -> bool:
    """Whether a query neither names the movie nor quotes its overview."""
    return not row["title_in_query"] and row["overview_overlap"] < MAX_OVERLAP


def short_texts(data: Path) -> list[str]:
    """Return the distinct queries of the sets that resemble typical search texts, mixed."""
    sets = load(data)
    texts = dict.fromkeys(wanted.query for name in SHORT_SETS for wanted in sets[name])
    return sorted(texts, key=lambda text: (len(text) % 7, text))  # any fixed order that mixes the sets
