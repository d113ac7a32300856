"""The records that every room speaks of: frozen, and checked on creation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import NewType

from core.understanding import Understanding

MovieId = NewType("MovieId", int)
"""A movie's TMDB id. Movies are named by it everywhere, never by a row number."""

MAX_QUERY_LENGTH = 5_000
"""Characters of a search text that are accepted: room for the longest posts of people who try to recall a movie."""
MAX_VOTE = 10
MAX_PAGE_SIZE = 100
MAX_RANK = 1_000
"""The deepest result that can be paged to; nobody reads on from there, and it bounds the work of a request."""


class Mode(StrEnum):
    """Which of the two candidate lists a search asks for."""

    HYBRID = "hybrid"
    WORDS = "words"
    MEANING = "meaning"


class Sort(StrEnum):
    """The orders in which results can be read."""

    RELEVANCE = "relevance"
    RATING = "rating"
    POPULARITY = "popularity"
    NEWEST = "newest"


class QueryKind(StrEnum):
    """What a search text looks like, which decides the weights of words and meaning."""

    TITLE = "title"
    PERSON = "person"
    DESCRIPTION = "description"


@dataclass(frozen=True, slots=True)
class CastMember:
    """One credited actor: `order` counts from 0, the first-billed."""

    name: str
    character: str = ""
    order: int = 0
    gender: str = ""
    """`female`, `male` or empty: tells whom "the guy from" a movie means."""


@dataclass(frozen=True, slots=True)
class Translation:
    """Title and overview of a movie in another language than the catalogue's; one of them may be empty."""

    language: str
    """ISO 639-1 code, in small letters."""
    title: str = ""
    overview: str = ""

    def __post_init__(self) -> None:
        if not (self.language.isascii() and self.language.isalpha() and self.language.islower()):
            raise ValueError(f"translations: expected ISO 639-1 codes such as es, got {self.language!r}")
        if not (self.title.strip() or self.overview.strip()):
            raise ValueError(f"translations: {self.language} has neither title nor overview")


@dataclass(frozen=True, slots=True)
class Movie:
    """One movie of the catalogue. What is unknown is `None` or empty, never 0 or a made-up value."""

    id: MovieId
    title: str
    original_title: str = ""
    release_date: date | None = None
    year: int | None = None
    overview: str = ""
    tagline: str = ""
    genres: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    cast: tuple[CastMember, ...] = ()
    directors: tuple[str, ...] = ()
    writers: tuple[str, ...] = ()
    composers: tuple[str, ...] = ()
    language: str = ""
    """ISO 639-1 code of the original language."""
    spoken_languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    """Production companies."""
    runtime: int | None = None
    """Minutes."""
    vote_count: int = 0
    vote_average: float | None = None
    """Mean vote from 0 to 10; `None` where nobody voted."""
    popularity: float = 0.0
    collection: str = ""
    poster: str = ""
    """TMDB poster path (`/abc.jpg`), empty where unknown."""
    translations: tuple[Translation, ...] = ()
    """Title and overview in other languages, one a language."""
    tags: tuple[str, ...] = ()
    """What people tagged it with, the most used first: words to search by, which are never shown as facts."""

    def __post_init__(self) -> None:
        if self.id <= 0:
            raise ValueError(f"id: expected a positive number, got {self.id}")
        if not self.title.strip():
            raise ValueError("title: must not be empty")
        if self.vote_average is not None and not 0 <= self.vote_average <= MAX_VOTE:
            raise ValueError(f"vote_average: expected 0 to {MAX_VOTE}, got {self.vote_average}")
        if self.runtime is not None and self.runtime <= 0:
            raise ValueError(f"runtime: expected minutes above 0, got {self.runtime}")
        if self.vote_count < 0 or self.popularity < 0:
            raise ValueError("vote_count, popularity: must not be negative")

    @property
    def titles(self) -> tuple[str, ...]:
        """The title, the original title and the translated ones, each once."""
        own = (self.title, self.original_title, *(translation.title for translation in self.translations))
        return tuple(dict.fromkeys(title for title in own if title.strip()))

    def told_in(self, language: str) -> Movie:
        """The movie with title and overview in a language, as far as the catalogue has them."""
        own = next((one for one in self.translations if one.language == language), None)
        if own is None:
            return self
        return replace(self, title=own.title or self.title, overview=own.overview or self.overview)

    @property
    def people(self) -> tuple[str, ...]:
        """Directors, writers, cast and composers, each name once, in that order."""
        cast = (member.name for member in self.cast)
        return tuple(dict.fromkeys((*self.directors, *self.writers, *cast, *self.composers)))


class Trait(StrEnum):
    """A property of movies that a `Clause` asks for."""

    GENRE = "genre"
    LANGUAGE = "language"
    """ISO 639-1 code of the original language."""
    COUNTRY = "country"
    PERSON = "person"
    """Anybody of the cast, the directors, the writers or the composers."""
    ACTOR = "actor"
    DIRECTOR = "director"
    COMPANY = "company"
    KEYWORD = "keyword"
    COLLECTION = "collection"
    MOOD = "mood"
    """A mood that the movie belongs to: one whose score is above 0."""
    YEARS = "years"
    """A span, `1990-1999`."""
    MOVIE = "movie"
    """A TMDB id."""
    PHRASE = "phrase"
    """Words that stand one behind the other in one of the movie's texts or names, in just these forms."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition: a movie has any of `values`, or, where `wanted` is false, none of them.

    Names are compared folded (`core.texts.fold`), languages, years and ids as they are.
    """

    trait: Trait
    values: tuple[str, ...]
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions that every result meets. They apply inside the engine, before candidates are counted off."""

    genres: tuple[str, ...] = ()
    all_genres: bool = True
    """Whether a movie must have all of `genres` or any one of them."""
    person: str = ""
    language: str = ""
    year_from: int | None = None
    year_to: int | None = None
    runtime_min: int | None = None
    runtime_max: int | None = None
    votes_min: int | None = None
    rating_min: float | None = None
    moods: tuple[str, ...] = ()
    """Names of moods; a movie must belong to all of them."""
    clauses: tuple[Clause, ...] = ()
    """Further conditions, all of which a movie must meet; read out of search texts."""
    votes_max: int | None = None
    """Most votes, and highest mean vote: only search texts ask for what few people know, or few like."""
    rating_max: float | None = None

    @property
    def active(self) -> bool:
        """Whether anything is filtered at all."""
        return self != Filters(all_genres=self.all_genres)


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search, as a caller asks for it. An empty `query` browses: everything that meets the filters."""

    query: str = ""
    mode: Mode = Mode.HYBRID
    filters: Filters = field(default_factory=Filters)
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    size: int = 20
    drop: tuple[str, ...] = ()
    """Pieces of the query's reading to leave out, by key (`core.understanding.Piece.key`)."""
    literal: bool = False
    """Match the text as it stands: nothing is understood and no spelling corrected."""

    def __post_init__(self) -> None:
        if len(self.query) > MAX_QUERY_LENGTH:
            raise ValueError(f"query: at most {MAX_QUERY_LENGTH} characters, got {len(self.query)}")
        if self.page < 1:
            raise ValueError(f"page: counts from 1, got {self.page}")
        if not 1 <= self.size <= MAX_PAGE_SIZE:
            raise ValueError(f"size: expected 1 to {MAX_PAGE_SIZE}, got {self.size}")
        if self.page * self.size > MAX_RANK + self.size:
            raise ValueError(f"page: results end at rank {MAX_RANK}; refine the search instead")

    @property
    def offset(self) -> int:
        """The number of results before this page."""
        return (self.page - 1) * self.size


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one movie is in the results. Ranks count from 1; `None` says that this list did not have the movie."""

    words_rank: int | None = None
    meaning_rank: int | None = None
    similarity: float | None = None
    """Cosine between the query and the movie's vector, -1 to 1."""
    matched: tuple[str, ...] = ()
    """Words of the query found in the movie, as typed."""
    snippet: str = ""
    """A stretch of the movie's text around the matches; these stand between U+0002 and U+0003: no markup travels."""
    popularity: float = 0.0
    """What the popularity prior added, as a share of the score, 0 to 1."""
    taste: float = 0.0
    """What the user's taste added (or, below 0, took away), as a share of the best score."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One result. `score` orders results of one query; it does not compare across queries."""

    movie: Movie
    score: float
    reason: Reason = field(default_factory=Reason)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet and the number of results that have it."""

    value: str
    count: int


Facets = Mapping[str, tuple[FacetValue, ...]]
"""Facet name (`genre`, `decade`, `language`, `mood`) to its values, most frequent first."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of results with what surrounds it."""

    request: SearchRequest
    total: int
    hits: tuple[Hit, ...]
    facets: Facets
    kind: QueryKind = QueryKind.DESCRIPTION
    notice: str = ""
    """A sentence for the reader, e.g. that nothing close was found."""
    did_you_mean: str = ""
    """A correction to offer."""
    corrected_to: str = ""
    """The correction that was searched for in place of the query, because the query itself found nothing good."""
    understood: Understanding | None = None
    relaxed: tuple[str, ...] = ()
    """Keys of pieces that were left out because too few movies met all of them."""
    suggestions: tuple[str, ...] = ()
    took_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Correction:
    """What a misspelt word was probably meant to be."""

    word: str
    """In its own spelling, in small letters: `amélie`, `schindler's`."""
    confidence: float
    """0 to 1: nearer, better known and less ambiguous words score higher."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One as-you-type line: a movie (with its id and year) or a person."""

    kind: str
    """`movie` or `person`."""
    text: str
    id: MovieId | None = None
    year: int | None = None
