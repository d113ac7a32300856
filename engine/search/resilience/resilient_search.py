"""The search of a website: it degrades instead of failing, and says so in its answers (`Page.degraded`)."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import EncoderMismatch, EncoderUnavailable, IndexMissing, SearchUnavailable
from core.types import Degradation, Page, SearchRequest, Suggestion
from core.understanding import Understanding
from core.users import User
from engine.search.resilience import degradation
from engine.search.resilience.popular_movies import PopularMovies
from engine.search.search import Search

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ResilientSearch:
    """A search that goes on by words without the encoder, and with popular movies without the engine.

    What the engine answered before is repeated by the index (`RememberedIndex`).
    """

    search: Search
    popular: PopularMovies

    def run(self, request: SearchRequest, *, user: User | None = None) -> Page:
        """Return one page of results, or what there is instead.

        Raises:
            IndexMissing: no index is published.
            SearchUnavailable: the engine cannot answer, and no popular movies were read before.
        """
        with degradation.observed() as found:
            try:
                page = self._run(request, user)
            except IndexMissing:
                raise
            except SearchUnavailable as error:
                replacement = self.popular.page(request)
                if replacement is None:
                    raise
                log.warning("popular movies instead of results: %s", error)
                return replacement
        return dataclasses.replace(page, degraded=tuple(sorted(found)))

    def understand(self, query: str, *, drop: Sequence[str] = (), literal: bool = False) -> Understanding:
        """Parse a search text without searching."""
        return self.search.understand(query, drop=drop, literal=literal)

    def suggest(self, text: str, *, limit: int = 8) -> Sequence[Suggestion]:
        """Return as-you-type suggestions; none for blank text."""
        return self.search.suggest(text, limit=limit)

    def _run(self, request: SearchRequest, user: User | None) -> Page:
        try:
            return self.search.run(request, user=user)
        except (EncoderUnavailable, EncoderMismatch) as error:
            log.warning("results by words alone: %s", error)
        degradation.note(Degradation.ENCODER)
        return self.search.by_words().run(request, user=user)
