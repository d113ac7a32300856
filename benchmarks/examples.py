"""Whether the example searches of the home page and the README find their movie first.

Harder examples, which the home page had at first, are still measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks import markdown
from core.sample import examples
from core.types import SearchRequest
from engine.services import Searching

EXAMPLES: Mapping[str, tuple[str, int]] = {
    example.text: (example.title, example.movie) for example in examples.EXAMPLES
}
"""Each text with the title and the TMDB id of the intended movie."""
HARDER: Mapping[str, tuple[str, int]] = {
    "the same day, again and again": ("Groundhog Day", 137),
    "a ship's computer turns on its crew": ("2001: A Space Odyssey", 62),
    "a shark and a small town": ("Jaws", 578),
    "somebody steals dreams": ("Inception", 27205),
}
EVERY = {**EXAMPLES, **HARDER}
DEPTH = 100


def ask(search: Searching) -> dict[str, Any]:
    """Return how many examples have their movie first, and the rank of each movie among the first hundred."""
    ranks = {text: rank(search, text, movie) for text, (_, movie) in EVERY.items()}
    first, harder = (sum(ranks[text] == 1 for text in texts) for texts in (EXAMPLES, HARDER))
    return {"first": first, "of": len(EXAMPLES), "harder": harder, "ranks": ranks}


def table(found: Mapping[str, Any]) -> str:
    """Format the ranks as a table."""
    rows = [[text, EVERY[text][0], rank or "–"] for text, rank in found["ranks"].items()]
    head = f"Example searches: {found['first']} of {found['of']} intended movies come first"
    return f"{head}\n\n{markdown.table(['text', 'intended movie', 'rank'], rows)}"


def rank(search: Searching, text: str, movie: int) -> int | None:
    """Return the rank of a movie among the first hundred results of a text, or None."""
    ids = [int(hit.movie.id) for hit in search.run(SearchRequest(text, size=DEPTH)).hits]
    return ids.index(movie) + 1 if movie in ids else None
