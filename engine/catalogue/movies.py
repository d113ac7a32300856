"""Movies: single ones, similar ones, and the rows of the home page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.errors import NotFound
from core.ports import Candidates, MovieIndex, Question
from core.recommendations.scores import prominence
from core.types import Facets, FacetValue, Filters, Hit, Movie, MovieId, Reason, Sort
from engine.search.ranking import fusion
from engine.version_cache import PerVersion

ROW_SIZE = 12
ROW_CANDIDATES = 60
"""Movies read for a row of the home page: enough to leave out those of the rows above it."""
GENRE_ROWS = 4
DECADE_ROWS = 3
MOOD_ROWS = {
    "funny": "For a good laugh",
    "feel-good": "Feel-good",
    "tense": "On the edge of your seat",
    "cry": "For a good cry",
}
"""Moods with a row on the home page, and its title."""
MIN_ROW_VOTES = 300
"""Votes that a movie needs to be listed as highly rated."""
SIMILAR_POPULARITY = 0.05
"""Weight of the popularity prior among similar movies: breaks near-ties in favour of well-known movies."""


@dataclass(frozen=True, slots=True)
class HomeRow:
    """A row of movies on the home page, with the filters and the order that list all of them.

    It has more movies than are shown, so that none has to appear in two rows of a page.
    """

    name: str
    filters: Filters
    sort: str
    movies: tuple[Movie, ...]


@dataclass(frozen=True)
class Movies:
    """The movies of the index: by id, by similarity, by row."""

    index: MovieIndex
    _home_rows: PerVersion[Sequence[HomeRow]] = field(default_factory=PerVersion, init=False, repr=False)
    _all_facets: PerVersion[Facets] = field(default_factory=PerVersion, init=False, repr=False)

    def get(self, movie: MovieId) -> Movie:
        """Return a movie. Raises `NotFound`, naming the id."""
        found = self.index.movies([movie])
        if not found:
            raise NotFound(f"no film has the TMDB id {movie} in this catalogue")
        return found[0]

    def many(self, movies: Sequence[MovieId]) -> Sequence[Movie]:
        """Return the movies in the order of the ids, in one call; unknown ids are skipped."""
        return self.index.movies(movies) if movies else []

    def similar(self, movie: MovieId, *, size: int = ROW_SIZE) -> Sequence[Hit]:
        """Return the movies nearest in meaning, without the movie itself. Raises `NotFound`."""
        vector = self.index.vectors([movie])[0]
        candidates = self.index.candidates(Question(vector=vector, depth=size * 3 + 1))
        positions = [i for i in _nearest(candidates) if candidates.ids[i] != movie][:size]
        movies = {found.id: found for found in self.index.movies([MovieId(int(candidates.ids[i])) for i in positions])}
        hits = []
        for rank, position in enumerate(positions, start=1):
            cosine = round(float(candidates.cosine[position]), 4)
            found = movies.get(MovieId(int(candidates.ids[position])))
            if found is not None:  # it is None if a build published between the two calls lacks the movie
                hits.append(Hit(found, cosine, Reason(meaning_rank=rank, similarity=cosine)))
        return hits

    def moods(self, movie: MovieId) -> Mapping[str, float]:
        """Return the moods of a movie with their scores (above 0, up to 1), highest first."""
        names, scores = self.index.info().moods, self.index.moods([movie])[0].tolist()
        ranked = sorted(zip(names, scores, strict=True), key=lambda pair: (-pair[1], pair[0]))
        return {name: round(score, 4) for name, score in ranked if score > 0}

    def of_years(self, first: int, last: int, *, size: int) -> Sequence[Movie]:
        """Return the movies released from year `first` to `last`, most popular first, at most `size`."""
        filters = Filters(year_from=first, year_to=last)
        return self.index.listing(filters, sort=Sort.POPULARITY, offset=0, size=size).movies

    def home_rows(self) -> Sequence[HomeRow]:
        """Return the rows of the home page: popular, highly rated, by mood, genre and decade; without empty rows."""
        return self._home_rows.get(self.index.info().version, self._make_home_rows)

    def _make_home_rows(self) -> Sequence[HomeRow]:
        rated = self._rated()
        genres = [HomeRow(v.value, Filters(genres=(v.value,)), Sort.POPULARITY, ()) for v in self.genres()[:GENRE_ROWS]]
        decades = [
            HomeRow(f"The {v.value}s", _decade(v.value), Sort.RATING if rated else Sort.POPULARITY, ())
            for v in self.decades()[:DECADE_ROWS]
        ]
        moods = [
            HomeRow(name, Filters(moods=(mood,)), Sort.POPULARITY, ())
            for mood, name in MOOD_ROWS.items()
            if mood in self.index.info().moods
        ]
        plans = [HomeRow("Popular", Filters(), Sort.POPULARITY, ()), *moods, *genres, *decades]
        if rated:
            plans.insert(1, HomeRow("Highly rated", Filters(votes_min=MIN_ROW_VOTES), Sort.RATING, ()))
        return [filled for plan in plans if (filled := self._fill(plan)).movies]

    def genres(self) -> Sequence[FacetValue]:
        """Return all genres with their numbers of movies."""
        return self._facets("genre")

    def languages(self) -> Sequence[FacetValue]:
        """Return all original languages (`en`) with their numbers of movies."""
        return self._facets("language")

    def mood_names(self) -> Sequence[str]:
        """Return the names of all moods of the index; none if it has no moods."""
        return self.index.info().moods

    def decades(self) -> Sequence[FacetValue]:
        """Return all decades (`1990`) with their numbers of movies."""
        return self._facets("decade")

    def _facets(self, name: str) -> Sequence[FacetValue]:
        """Return the values of a facet, cached while the same build is published."""
        return self._all_facets.get(self.index.info().version, self._count).get(name, ())

    def _count(self) -> Facets:
        return self.index.listing(Filters(), sort=Sort.POPULARITY, offset=0, size=1).facets

    def _rated(self) -> bool:
        return self.index.listing(Filters(votes_min=MIN_ROW_VOTES), sort=Sort.POPULARITY, offset=0, size=1).total > 0

    def _fill(self, plan: HomeRow) -> HomeRow:
        listing = self.index.listing(plan.filters, sort=Sort(plan.sort), offset=0, size=ROW_CANDIDATES)
        return HomeRow(plan.name, plan.filters, plan.sort, listing.movies)


def _nearest(candidates: Candidates) -> NDArray[np.intp]:
    prior = prominence(candidates.vote_count, candidates.popularity)
    return fusion.order(candidates.cosine.astype(np.float64) + SIMILAR_POPULARITY * prior, candidates.ids)


def _decade(first: str) -> Filters:
    return Filters(year_from=int(first), year_to=int(first) + 9)
