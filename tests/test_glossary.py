"""Names in the code follow the glossary: no former word is left."""

from __future__ import annotations

import io
import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("core", "data", "indexer", "engine", "jobs", "webapp", "marquee", "benchmarks", "tests")
WORDS = frozenset({"viewer", "viewers", "film", "films", "favoured", "rung", "rungs", "insist"})
"""Words that no identifier may contain."""
NAMES = frozenset({
    "Act", "ActStore", "Clockwork", "Deed", "Deeds", "Exposing", "Following", "Insight", "Ladder", "Learning", "Lent",
    "LocalShelf", "Looking", "Material", "Members", "Noticing", "Pulse", "RemoteShelf", "Reporting", "Rhythm",
    "Showing", "Widened", "Wish", "widen",
})  # fmt: skip
"""Former names of classes and functions."""
KEPT = frozenset({"min_viewer_films", "min_film_ratings"})
"""Settings whose former names still work."""


def _words(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+", name)}


def _old(name: str) -> bool:
    return name not in KEPT and (name in NAMES or not WORDS.isdisjoint(_words(name)))


@pytest.mark.parametrize("package", PACKAGES)
def test_no_identifier_has_a_former_name(package: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{token.start[0]} {token.string}"
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts
        for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline)
        if token.type == tokenize.NAME and _old(token.string) and token.string.upper() != token.string
    ]
    assert found == []


@pytest.mark.parametrize(
    ("name", "old"), [("viewer_id", True), ("TrendingFilm", True), ("filming", False), ("Wish", True)]
)
def test_former_names_are_recognized_by_their_words(name: str, old: bool) -> None:
    assert _old(name) is old
