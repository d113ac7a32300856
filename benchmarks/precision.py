"""Measure the cost of faster encodings: `python -m benchmarks.precision` runs every clean query with each encoding.

Needs a published index of the catalogue that the queries are about. The encodings differ only in the vector of the
text, so rows are compared query by query: `lost` and `won` count the movies that left and entered the first ten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks import markdown, queries, workplace
from core.config import Settings
from core.types import SearchRequest
from engine import wiring
from engine.search.encoders import manifest, onnx_export
from engine.search.encoders.encoder import POST_TOKENS, CachedEncoder, OnnxEncoder
from engine.services import Searching

FIRST_PAGE = 10
MISSED = 0


@dataclass(frozen=True, slots=True)
class Way:
    """A way of encoding search texts."""

    precision: str
    post_tokens: int

    @property
    def name(self) -> str:
        """The name in the table."""
        return f"{self.precision}, {self.post_tokens} tokens of a post"


WAYS = (Way("float32", 256), Way("int8", 256), Way("int8", POST_TOKENS))
"""The first is the reference for the others, the last is served."""


def main() -> None:
    """Print the table."""
    settings = workplace.settings_of_caller()
    assert settings.data_dir is not None
    sets = queries.load(settings.data_dir)
    ranks = {way: workplace.timed(way.name, _ranks, settings, way, sets) for way in WAYS}
    rows = [_row(name, way, ranks[WAYS[0]][name], ranks[way][name]) for name in sets for way in WAYS]
    print(
        markdown.table(("set", "encoding", "R@1", "R@10", "R@10 tuning half", "R@10 other half", "lost", "won"), rows)
    )


def _ranks(settings: Settings, way: Way, sets: dict[str, list[queries.Wanted]]) -> dict[str, list[int]]:
    own = settings.model_copy(update={"encoder_precision": way.precision})
    onnx_export.ensure_exported(own)
    encoder = OnnxEncoder(manifest.folder(own), post_tokens=way.post_tokens)
    search = wiring.build(own, encoder=CachedEncoder(encoder, uncased=encoder.manifest.uncased)).search
    return {name: [_rank(search, one) for one in wanted] for name, wanted in sets.items()}


def _rank(search: Searching, wanted: queries.Wanted) -> int:
    """Return the rank on the first page, or `MISSED`."""
    ids = [int(hit.movie.id) for hit in search.run(SearchRequest(wanted.query, size=FIRST_PAGE)).hits]
    return ids.index(wanted.movie) + 1 if wanted.movie in ids else MISSED


def _row(name: str, way: Way, before: Sequence[int], after: Sequence[int]) -> tuple[object, ...]:
    had, has = np.array(before) != MISSED, np.array(after) != MISSED
    first = np.mean(np.array(after) == 1)
    shares = (first, has.mean(), has[::2].mean(), has[1::2].mean())
    return (name, way.name, *(f"{share:.4f}" for share in shares), int((had & ~has).sum()), int((has & ~had).sum()))


if __name__ == "__main__":
    main()
