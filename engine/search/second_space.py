"""An index as it is seen in its second space: for searches that are not in English.

Models differ in the scale of their cosines: those of E5 lie between .7 and .9. Here they are brought to the scale of
the first space, so that fusion, cut-off and reasons need not know which encoder was asked.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.errors import EncoderMismatch
from core.ports import Candidates, Encoder, FactorMatches, IndexInfo, Listing, MovieIndex, Question, Space, Vectors
from core.types import Correction, Filters, Movie, MovieId, QueryKind, Sort, Suggestion
from engine.search import language_detection
from engine.search.ranking import fusion

LEVEL = 0.18
"""Mean cosine of a query with a catalogue's movies in the first space: the median of real descriptions (MiniLM)."""
SPREADS = 2.25
"""Spreads above the query's mean at which a movie counts as near: with 2.5, as in the first space, 3 in a hundred of
108 descriptions in six languages lose their movie."""
WEIGHTS = {
    **fusion.WEIGHTS,
    QueryKind.DESCRIPTION: dataclasses.replace(
        fusion.WEIGHTS[QueryKind.DESCRIPTION], meaning=0.8, words=0.2, popularity=0.2
    ),
}
"""Words of another language match little but names. The popularity was chosen on English descriptions asked in this
space by meaning alone (recall@10 .820 with the .06 of the first space, .858 with .2): no learned ranking knows it."""


@dataclass(frozen=True)
class SecondSpace:
    """A `MovieIndex` whose vectors are those of the second space, with cosines on the scale of the first.

    Attributes:
        index: that has both spaces.
        encoder: of the second space.
    """

    index: MovieIndex
    encoder: Encoder

    def info(self) -> IndexInfo:
        """What the index says of itself, with the second space in the place of the first.

        Raises:
            EncoderMismatch: the index has no second space, or that of another encoder.
        """
        info, space = self.index.info(), self._space()
        return dataclasses.replace(
            info, encoder=space.encoder, dimension=space.dimension, centroid=space.centroid, multilingual=None
        )

    def candidates(self, question: Question) -> Candidates:
        """The candidates of a question whose vector is one of the second space."""
        if question.vector is None:
            return self.index.candidates(question)
        space = self._space()
        words = language_detection.content_words(question.words)
        found = self.index.candidates(dataclasses.replace(question, words=words, multilingual=True))
        mean = float(question.vector @ np.asarray(space.centroid, np.float32))
        return dataclasses.replace(found, cosine=rescaled(found.cosine, mean=mean, spread=space.spread))

    def vectors(self, ids: Sequence[MovieId], *, multilingual: bool = True) -> Vectors:
        """The vectors of movies in the second space."""
        return self.index.vectors(ids, multilingual=multilingual)

    def listing(self, filters: Filters, *, sort: Sort, offset: int, size: int) -> Listing:
        """As the index."""
        return self.index.listing(filters, sort=sort, offset=offset, size=size)

    def movies(self, ids: Sequence[MovieId]) -> list[Movie]:
        """As the index."""
        return self.index.movies(ids)

    def moods(self, ids: Sequence[MovieId]) -> Vectors:
        """As the index."""
        return self.index.moods(ids)

    def attachment(self, name: str) -> bytes:
        """As the index."""
        return self.index.attachment(name)

    def factors_version(self) -> str:
        """As the index."""
        return self.index.factors_version()

    def search_by_factors(
        self, vector: Vectors, *, model: str, filters: Filters, without: Sequence[int], depth: int
    ) -> FactorMatches:
        """As the index."""
        return self.index.search_by_factors(vector, model=model, filters=filters, without=without, depth=depth)

    def suggest(self, text: str, *, limit: int) -> list[Suggestion]:
        """As the index."""
        return self.index.suggest(text, limit=limit)

    def correct(self, words: Sequence[str]) -> dict[str, Correction]:
        """Nothing: words of other languages are not corrected."""
        del words
        return {}

    def _space(self) -> Space:
        info = self.index.info()
        space = info.multilingual
        if space is not None and (space.encoder, space.dimension) == (self.encoder.name, self.encoder.dimension):
            return space
        held = f"those of {space.encoder}" if space is not None else "none"
        raise EncoderMismatch(
            f"MARQUEE_ENCODER_MULTILINGUAL needs vectors of {self.encoder.name}, but the index {info.version} holds "
            f"{held}: run `marquee index`, or set it back"
        )


def rescaled(cosine: Vectors, *, mean: float, spread: float) -> Vectors:
    """Cosines of another space as they would stand in the first one.

    Args:
        mean: the query's mean cosine over the whole catalogue.
        spread: of the other space (`core.ports.Space.spread`).
    """
    return np.asarray(LEVEL + (cosine - mean) / spread, np.float32)
