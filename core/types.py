"""The records shared by all packages: immutable, and validated on creation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Literal, NewType, get_args

from core.understanding import Understanding

MovieId = NewType("MovieId", int)
"""A movie's TMDB id, which identifies it everywhere; row numbers are never used."""

MAX_QUERY_LENGTH = 5_000
"""Maximum length of a search text: enough for the longest posts of people who try to recall a movie."""
MAX_VOTE = 10
FIRST_YEAR, LAST_YEAR = 1870, 2100
"""No movie is older than the first; the last rejects numbers that are not years."""
MAX_RUNTIME = 100_000
"""Minutes; the longest film takes 51,420."""
MAX_COUNT = 2**31 - 1
"""Maximum number of votes: what a column of each engine holds."""
MAX_ID = 2**63 - 1
MAX_PAGE_SIZE = 100
MAX_RANK = 1_000
MAX_PAGE = 10_000
"""Pages of a list that can be asked for; those beyond its end, or beyond `MAX_RANK`, are empty."""
"""The deepest result that can be paged to; nobody reads further, and it bounds the work of a request."""
Similarity = Literal["both", "meaning", "taste"]
"""What makes movies similar: what they are about (meaning), who likes them (taste), or both."""
SIMILARITIES: tuple[str, ...] = get_args(Similarity)


class Mode(StrEnum):
    """The candidate lists that a search uses."""

    HYBRID = "hybrid"
    WORDS = "words"
    MEANING = "meaning"


class Sort(StrEnum):
    """The sort orders of results."""

    RELEVANCE = "relevance"
    RATING = "rating"
    POPULARITY = "popularity"
    NEWEST = "newest"


class QueryKind(StrEnum):
    """The type of a search text; it decides the weights of words and meaning."""

    TITLE = "title"
    PERSON = "person"
    DESCRIPTION = "description"


@dataclass(frozen=True, slots=True)
class CastMember:
    """A credited actor; `order` counts from 0, the first-billed."""

    name: str
    character: str = ""
    order: int = 0
    gender: str = ""
    """`female`, `male` or empty; needed to resolve "the guy from" a movie."""


@dataclass(frozen=True, slots=True)
class Translation:
    """Title and overview of a movie in a language other than the catalogue's; one of them may be empty."""

    language: str
    """ISO 639-1 code in lower case."""
    title: str = ""
    overview: str = ""

    def __post_init__(self) -> None:
        if not (self.language.isascii() and self.language.isalpha() and self.language.islower()):
            raise ValueError(f"translations: expected ISO 639-1 codes such as es, got {self.language!r}")
        if not (self.title.strip() or self.overview.strip()):
            raise ValueError(f"translations: {self.language} has neither title nor overview")


@dataclass(frozen=True, slots=True)
class Movie:
    """A movie of the catalogue. Unknown values are `None` or empty, never 0 or made up."""

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
    """Mean vote from 0 to 10; `None` without votes."""
    popularity: float = 0.0
    collection: str = ""
    poster: str = ""
    """TMDB poster path (`/abc.jpg`), empty if unknown."""
    translations: tuple[Translation, ...] = ()
    """Title and overview in other languages, one entry per language."""
    tags: tuple[str, ...] = ()
    """User tags, most used first: searchable, but never displayed as facts."""
    second_plot: str = ""
    """A second description, searched but not shown; indexed only if almost every movie has one."""
    adult: bool = False
    """Whether it is pornographic: hidden from searches, lists and recommendations unless asked for."""

    def __post_init__(self) -> None:
        if not 0 < self.id <= MAX_ID:
            raise ValueError(f"id: expected a positive number up to {MAX_ID}, got {self.id}")
        if not self.title.strip():
            raise ValueError("title: must not be empty")
        self._check_years()
        if self.vote_average is not None and not 0 <= self.vote_average <= MAX_VOTE:
            raise ValueError(f"vote_average: expected 0 to {MAX_VOTE}, got {self.vote_average}")
        if self.runtime is not None and not 0 < self.runtime <= MAX_RUNTIME:
            raise ValueError(f"runtime: expected minutes above 0 and up to {MAX_RUNTIME}, got {self.runtime}")
        if not 0 <= self.vote_count <= MAX_COUNT:
            raise ValueError(f"vote_count: expected 0 to {MAX_COUNT}, got {self.vote_count}")
        if not 0 <= self.popularity <= MAX_COUNT:
            raise ValueError(f"popularity: expected 0 or more, got {self.popularity}")

    def _check_years(self) -> None:
        released = self.release_date.year if self.release_date else None
        for name, year in (("release_date", released), ("year", self.year)):
            if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
                raise ValueError(f"{name}: expected a year from {FIRST_YEAR} to {LAST_YEAR}, got {year}")

    @property
    def titles(self) -> tuple[str, ...]:
        """The title, the original title and the translated titles, without duplicates."""
        own = (self.title, self.original_title, *(translation.title for translation in self.translations))
        return tuple(dict.fromkeys(title for title in own if title.strip()))

    def told_in(self, language: str) -> Movie:
        """Return the movie with title and overview in a language, as far as the catalogue has them."""
        own = next((one for one in self.translations if one.language == language), None)
        if own is None:
            return self
        return replace(self, title=own.title or self.title, overview=own.overview or self.overview)

    @property
    def people(self) -> tuple[str, ...]:
        """Directors, writers, cast and composers, in that order, without duplicates."""
        cast = (member.name for member in self.cast)
        return tuple(dict.fromkeys((*self.directors, *self.writers, *cast, *self.composers)))


class Trait(StrEnum):
    """A property of movies that a `Clause` can test."""

    GENRE = "genre"
    LANGUAGE = "language"
    """ISO 639-1 code of the original language."""
    COUNTRY = "country"
    PERSON = "person"
    """A member of the cast, a director, a writer or a composer."""
    ACTOR = "actor"
    DIRECTOR = "director"
    COMPANY = "company"
    KEYWORD = "keyword"
    COLLECTION = "collection"
    MOOD = "mood"
    """A mood of the movie: one with a score above 0."""
    YEARS = "years"
    """A range of years, `1990-1999`."""
    MOVIE = "movie"
    """A TMDB id."""
    ADULT = "adult"
    """Whether the movie is for adults only: one value, `yes`."""
    PHRASE = "phrase"
    """Consecutive words in one of the movie's texts or names, in exactly these forms."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition: the movie has any of `values`, or, if `wanted` is false, none of them.

    Names are compared folded (`core.texts.fold`); languages, years and ids are compared exactly.
    """

    trait: Trait
    values: tuple[str, ...]
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions that every result meets. The engine applies them before it truncates the candidate lists."""

    genres: tuple[str, ...] = ()
    all_genres: bool = True
    """Whether a movie needs all of `genres` instead of any one of them."""
    person: str = ""
    language: str = ""
    year_from: int | None = None
    year_to: int | None = None
    runtime_min: int | None = None
    runtime_max: int | None = None
    votes_min: int | None = None
    rating_min: float | None = None
    moods: tuple[str, ...] = ()
    """Names of moods, all of which a movie must have."""
    clauses: tuple[Clause, ...] = ()
    """Further conditions extracted from the search text, all of which a movie must meet."""
    votes_max: int | None = None
    """Maximum votes and maximum mean vote, set only by search texts that ask for little-known or disliked movies."""
    rating_max: float | None = None
    adult: bool = False
    """Whether adult movies are included."""

    @property
    def active(self) -> bool:
        """Whether any filter is set; adult movies are hidden whether or not one is (`indexer.analysis.traits`)."""
        return self != Filters(all_genres=self.all_genres, adult=self.adult)


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search request. An empty `query` browses all movies that meet the filters."""

    query: str = ""
    mode: Mode = Mode.HYBRID
    filters: Filters = field(default_factory=Filters)
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    size: int = 20
    drop: tuple[str, ...] = ()
    """Keys of the pieces of the query to ignore (`core.understanding.Piece.key`)."""
    literal: bool = False
    """Match the text literally: without query understanding and spelling correction."""

    def __post_init__(self) -> None:
        if len(self.query) > MAX_QUERY_LENGTH:
            raise ValueError(f"query: at most {MAX_QUERY_LENGTH} characters, got {len(self.query)}")
        if not 1 <= self.page <= MAX_PAGE:
            raise ValueError(f"page: expected 1 to {MAX_PAGE}, got {self.page}")
        if not 1 <= self.size <= MAX_PAGE_SIZE:
            raise ValueError(f"size: expected 1 to {MAX_PAGE_SIZE}, got {self.size}")

    @property
    def beyond(self) -> bool:
        """Whether this page begins after the last rank that is ever shown."""
        return self.offset > MAX_RANK

    @property
    def offset(self) -> int:
        """The number of results before this page."""
        return (self.page - 1) * self.size


class RelationKind(StrEnum):
    """What makes a movie similar to another one."""

    SEQUEL = "sequel"
    """The next movie of the series."""
    PREVIOUS = "previous"
    """The movie of the series before this one."""
    SERIES = "series"
    CHARACTERS = "characters"
    """The same characters, in the hands of other people."""
    DIRECTOR = "director"
    WRITER = "writer"
    CAST = "cast"
    """Leading actors of both movies."""
    KEYWORDS = "keywords"
    GENRES = "genres"
    STORY = "story"
    """The descriptions are near in meaning."""
    TASTE = "taste"
    """The same users like both."""


@dataclass(frozen=True, slots=True)
class Relation:
    """The main reason why a movie is similar to another one: its kind, and the names that both have in common."""

    kind: RelationKind
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a movie is in the results. Ranks count from 1; `None` if the list did not contain the movie."""

    words_rank: int | None = None
    meaning_rank: int | None = None
    similarity: float | None = None
    """Cosine between the query and the movie's vector, -1 to 1."""
    matched: tuple[str, ...] = ()
    """Words of the query found in the movie, as typed by the user."""
    snippet: str = ""
    """An excerpt of the movie's text; matches are enclosed in U+0002 and U+0003 instead of markup."""
    popularity: float = 0.0
    """The contribution of the popularity prior, as a share of the score, 0 to 1."""
    taste: float = 0.0
    """The contribution of the user's taste, as a share of the best score; negative if it lowered the score. Among
    similar movies: how much the same users like both, -1 to 1."""
    relation: Relation | None = None
    """Among similar movies: why it is similar."""


class Job(StrEnum):
    """What a person did in a movie."""

    ACTOR = "actor"
    DIRECTOR = "director"
    WRITER = "writer"
    COMPOSER = "composer"


@dataclass(frozen=True, slots=True)
class Credit:
    """A person in a movie, and what they did."""

    name: str
    jobs: tuple[Job, ...]
    character: str = ""
    """The characters that they played, separated by commas; empty if unknown."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One result. Scores are comparable only within one query."""

    movie: Movie
    score: float
    reason: Reason = field(default_factory=Reason)
    credits: tuple[Credit, ...] = ()
    """The people that the search names, with what they did in this movie."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet and the number of results with it."""

    value: str
    count: int


Facets = Mapping[str, tuple[FacetValue, ...]]
"""Facet name (`genre`, `decade`, `language`, `mood`) to its values, most frequent first."""


class Degradation(StrEnum):
    """What is missing from an answer."""

    ENCODER = "encoder"
    """The encoder does not work: movies were found by words and names, not by meaning."""
    CACHED = "cached"
    """The engine does not answer: these are earlier answers to the same request, as far as they are remembered."""
    POPULAR = "popular"
    """The engine does not answer: these are popular movies that meet the filters, whatever the text."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of results with facets, notices and suggestions."""

    request: SearchRequest
    total: int
    hits: tuple[Hit, ...]
    facets: Facets
    kind: QueryKind = QueryKind.DESCRIPTION
    notice: str = ""
    """A message for the user, e.g. that nothing close was found."""
    did_you_mean: str = ""
    """A suggested correction of the query."""
    corrected_to: str = ""
    """The correction that was searched for instead of the query, since the query itself had no good results."""
    understood: Understanding | None = None
    relaxed: tuple[str, ...] = ()
    """Keys of pieces that were dropped because too few movies met all of them."""
    suggestions: tuple[str, ...] = ()
    took_ms: float = 0.0
    degraded: tuple[Degradation, ...] = ()
    """What is missing because a part of the site does not work; normally nothing."""


@dataclass(frozen=True, slots=True)
class Correction:
    """The probable intended form of a misspelled word."""

    word: str
    """In its original spelling, in lower case: `amélie`, `schindler's`."""
    confidence: float
    """0 to 1; higher for words that are closer, better known and less ambiguous."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion of the typed text: a movie (with its id and year) or a person."""

    kind: str
    """`movie` or `person`."""
    text: str
    id: MovieId | None = None
    year: int | None = None
