"""The interfaces between packages. Their docstrings are the contract that `tests/contracts/` checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntFlag
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from core.types import Correction, Facets, Filters, Movie, MovieId, Sort, Suggestion

Vectors = NDArray[np.float32]


@runtime_checkable
class Encoder(Protocol):
    """Encodes texts as vectors of one space."""

    @property
    def name(self) -> str:
        """The identity of the space, `<model>@<hash of its weights>`: only vectors with equal names are comparable."""
        ...

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode each text independently.

        Returns:
            float32, (n_texts, dimension), unit rows. An empty text is encoded too; no texts give shape (0, dimension).
        """
        ...


@runtime_checkable
class RecallingEncoder(Encoder, Protocol):
    """An encoder with a fine-tuned variant for descriptions of half-remembered movies."""

    def encode_recalled(self, texts: Sequence[str]) -> Vectors:
        """Encode descriptions of half-remembered movies into the same space as `encode`.

        Returns:
            float32, (n_texts, dimension), unit rows; the same as `encode` if there is no fine-tuned variant.
        """
        ...


@dataclass(frozen=True, slots=True)
class Space:
    """The second vector space of an index, that of a multilingual encoder."""

    encoder: str
    """Name of the encoder (`Encoder.name`)."""
    dimension: int
    centroid: tuple[float, ...]
    """Mean of all its movie vectors."""
    spread: float
    """Standard deviation of the cosines between its movies, relative to that of the first space."""


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """The metadata of an index, written once when it is built."""

    version: str
    """The name of this build; names sort by time."""
    count: int
    dimension: int
    encoder: str
    """Name of the encoder (`Encoder.name`) that produced the vectors."""
    recipe: str
    """Name and version of the recipe that combines a movie's texts into its vector."""
    schema: int
    """Number of the schema revision."""
    catalogue: str
    """Display name of the catalogue, e.g. `TMDB 5000`."""
    catalogue_hash: str
    built_at: str
    """ISO 8601, UTC."""
    centroid: tuple[float, ...]
    """Mean of all movie vectors: `query @ centroid` is the query's mean cosine over the whole catalogue."""
    notice: str = ""
    """A message about the catalogue for users, e.g. why the sample is shown."""
    moods: tuple[str, ...] = ()
    """Names of the moods that movies are scored by, in the order of `Candidates.moods`."""
    moods_hash: str = ""
    """Identifies the mood table that the scores were computed from."""
    multilingual: Space | None = None
    """The second vector space of its movies; None if the index has only one."""
    tagged: int = 0
    """Number of movies with tags."""
    tags: str = ""
    """Names of the tag files that were read in addition to the catalogue; empty if there were none."""
    adult: int = 0
    """Number of adult movies, which are hidden unless `Filters.adult` is set."""
    storage: str = ""
    """How the engine stores it, in words for operators; set when an index is opened, not written into it."""


class Match(IntFlag):
    """How a short query matches the title or a name of a movie."""

    NONE = 0
    TITLE = 1
    """The query is the title or the original title, in any spelling (`core.texts.title_keys`)."""
    TITLE_WORDS = 2
    """Every word of the query occurs in the title or the original title."""
    PERSON = 4
    """The folded query equals the folded name of one of the movie's people."""
    TITLE_PART = 8
    """The query is a part of the title that can stand for the whole: before or after its colon or dash."""


@dataclass(frozen=True, slots=True)
class Question:
    """A request to the search engine, answered in one round trip.

    `words` may be empty (no list by words), `vector` None (no list by meaning) and `order` empty (no list by order),
    but not all three at once.
    """

    words: str = ""
    fields: tuple[tuple[str, float], ...] = (("text", 1.0),)
    """Text fields (`indexer.schema.WORD_FIELDS`) and boosts; a movie's word score is the boosted sum of their BM25."""
    vector: Vectors | None = None
    """float32, (dimension,), unit length."""
    multilingual: bool = False
    """Whether `vector` belongs to the second space (`IndexInfo.multilingual`), in which cosines are then computed."""
    filters: Filters = field(default_factory=Filters)
    depth: int = 300
    """Length of each candidate list."""
    name: str = ""
    """The query as typed if it is short enough to be a title or a name, else empty. Movies whose title or people it
    matches join the candidates, at most 50: exact titles first, then the most popular."""
    order: tuple[tuple[str, float], ...] = ()
    """Columns and positive weights: the `depth` movies that meet the filters and have the greatest weighted sum join
    the candidates. Columns (all 0 to 1): `rating` (Bayesian mean / 10), `prominence` (`scores.prominence`) and
    `mood:<name>`. With an order, both `words` and `vector` may be empty."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The union of the candidate lists: one entry per movie, all arrays (n,), ordered by id.

    `words` and `cosine` are given for every movie of the union, whichever list it came from.
    """

    ids: NDArray[np.int64]
    words: NDArray[np.float32]
    """Word score, 0 if no word matches."""
    cosine: NDArray[np.float32]
    """Cosine with the query, NaN if unknown (no vector was given, or the movie is beyond the engine's candidates)."""
    match: NDArray[np.int8]
    """Bits of `Match`."""
    words_best: float
    """The best word score of the whole index for these words, ignoring filters; 0 if no word matches."""
    year: NDArray[np.int16]
    """0 if unknown."""
    vote_count: NDArray[np.int32]
    vote_average: NDArray[np.float32]
    """NaN if unknown."""
    popularity: NDArray[np.float32]
    genres: Sequence[tuple[str, ...]]
    languages: Sequence[str]
    runtime: NDArray[np.int32]
    """Minutes, 0 if unknown."""
    moods: NDArray[np.float32]
    """(n, n_moods): scores 0 to 1 in the order of `IndexInfo.moods`; 0 for moods that the movie does not have."""
    terms: Sequence[bytes] = ()
    """The weighted terms of each movie (`indexer.analysis.terms.RECORD`); empty if the index has none."""
    neighbours: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 0), np.int64))
    """TMDB ids of each movie's nearest movies in meaning, nearest first, (n, k); padded with 0."""

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Changes:
    """What a new version shares with an older one of the same format.

    Attributes:
        base: the older version.
        kept: ids of the movies that are the same in both.
        removed: ids of the movies that only the older version has.
        added: ids of the movies that only the new version has.
    """

    base: str
    kept: frozenset[int]
    removed: tuple[int, ...]
    added: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Factors:
    """A model's item factors to be published into an index.

    Attributes:
        model: version of the model, stored with them.
        movies: int64, (n,), TMDB ids, each once.
        vectors: float32, (n, dimension), not normalized: movies are ranked by the inner product with a user's vector.
    """

    model: str
    movies: NDArray[np.int64]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class FactorMatches:
    """The movies with the highest scores for a user, best first (ties by id).

    Attributes:
        movies: int64, (n,).
        scores: float32, (n,), inner products of user and movie vectors.
    """

    movies: NDArray[np.int64]
    scores: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Listing:
    """A slice of all movies that meet the filters, in sort order, with exact counts over all of them."""

    movies: tuple[Movie, ...]
    total: int
    facets: Facets


@runtime_checkable
class MovieIndex(Protocol):
    """Read access to a published index or a draft. Thread-safe.

    Every method raises `SearchUnavailable` (or its subclass `IndexMissing`) if the engine cannot respond.
    The engine applies filters itself: lists are filled with movies that meet them, however rare those are.
    """

    def info(self) -> IndexInfo:
        """Return the metadata of the index, cached while the same build is published."""
        ...

    def candidates(self, question: Question) -> Candidates:
        """Return the `depth` best movies by words, the `depth` nearest by meaning, and the movies named by the query.

        Raises `ValueError` for a vector of a second space if the index has none.
        """
        ...

    def listing(self, filters: Filters, *, sort: Sort, offset: int, size: int) -> Listing:
        """Return the movies that meet `filters`, in the order of `sort` (ties by id), starting at `offset`.

        `Sort.RELEVANCE` means popularity here; `Sort.RATING` uses the Bayesian mean (`scores.bayesian_mean`). Facets:
        `genre`, `decade` (`1990`), `language`, `mood` (by name).
        """
        ...

    def movies(self, ids: Sequence[MovieId]) -> list[Movie]:
        """Return the movies of `ids` in that order, without unknown ids."""
        ...

    def vectors(self, ids: Sequence[MovieId], *, multilingual: bool = False) -> Vectors:
        """Return float32, (n, dimension), of the first or the second space. Raises `NotFound` for an unknown id."""
        ...

    def moods(self, ids: Sequence[MovieId]) -> Vectors:
        """Return float32, (n, n_moods): scores in the order of `IndexInfo.moods`, 0 for moods a movie does not have.

        Raises `NotFound` for an unknown id.
        """
        ...

    def attachment(self, name: str) -> bytes:
        """Return a blob attached to the version (`IndexStore.attach`). Raises `NotFound`."""
        ...

    def factors_version(self) -> str:
        """Return the model version of the factors in the index, or an empty string if it has none."""
        ...

    def search_by_factors(
        self, vector: Vectors, *, model: str, filters: Filters, without: Sequence[int], depth: int
    ) -> FactorMatches:
        """Return the `depth` movies with the greatest inner product with `vector` among those that meet `filters`.

        The engine excludes movies in `without` and movies without factors before it truncates the list. Exact if the
        index is, like `candidates`.

        Raises:
            FactorsMissing: the index has no factors of `model`; compute the scores in the process instead.
        """
        ...

    def suggest(self, text: str, *, limit: int) -> list[Suggestion]:
        """Return movies and people whose names start with `text`, most popular first.

        Accents are folded; from four letters on, one typo is tolerated.
        """
        ...

    def correct(self, words: Sequence[str]) -> dict[str, Correction]:
        """Return a likely correction for each word that occurs in no movie in any form, if there is one.

        Pass the words of the whole text as typed: texts in other languages and words in other scripts are left
        unchanged. Candidates are ranked by edit distance and by how well known the movies are whose titles and names
        contain them; compounds of title words (`spiderman`) are not corrected.
        """
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """A movie to be indexed, with its vector, float32, (dimension,), unit length, and its moods."""

    movie: Movie
    vector: Vectors
    moods: Mapping[str, float] = field(default_factory=dict)
    """The movie's moods with their scores, above 0 and up to 1."""
    terms: bytes = b""
    """Its weighted terms, records of `indexer.analysis.terms.RECORD`."""
    neighbours: tuple[int, ...] = ()
    """TMDB ids of its nearest movies in meaning, nearest first."""
    multilingual: Vectors | None = None
    """Its vector in the second space, if the index has one."""


class IndexStore(Protocol):
    """The versions of one engine's index: built as drafts, published atomically, kept for rollback, pruned."""

    def begin(self, info: IndexInfo, *, changes: Changes | None = None) -> bool:
        """Create a draft named `info.version`. Readers are not affected.

        Args:
            info: the metadata of the new version.
            changes: what is new since a version, which the engine may copy instead of writing all movies.

        Returns:
            Whether the draft starts as a copy: `fill` then ignores the entries of movies that are kept.
        """
        ...

    def fill(self, version: str, entries: Iterable[Entry]) -> None:
        """Write entries into a draft, retrying transient failures.

        Raises:
            BuildRejected: names the movies that could not be written, and why.
        """
        ...

    def attach(self, version: str, name: str, content: bytes) -> None:
        """Write a named blob into a draft, such as statistics of the whole catalogue.

        The last blob of a name wins. Raises `ValueError` for the name `spelling`, which the index reserves.
        """
        ...

    def finish(self, version: str) -> None:
        """Make all written data durable and readable."""
        ...

    def open(self, version: str | None = None) -> MovieIndex:
        """Open a version, or the published one, which then follows later publications."""
        ...

    def publish(self, version: str) -> None:
        """Make `version` visible to readers atomically: a reader sees the old or the new version, never none."""
        ...

    def published(self) -> str | None:
        """Return the published version, or None."""
        ...

    def versions(self) -> list[str]:
        """Return all finished versions, oldest first."""
        ...

    def delete(self, version: str) -> None:
        """Delete a version. Raises `ValueError` for the published one."""
        ...

    def publish_factors(self, factors: Factors) -> int:
        """Write a model's factors into the published version, in place; return how many of its movies have factors.

        Readers see either the previous factors or all of the new ones, never a mixture. Movies not in the index are
        ignored. A version published later has no factors until they are published again.

        Raises:
            IndexMissing: no version is published.
        """
        ...

    def remove_abandoned(self) -> list[str]:
        """Delete drafts left behind by a killed build; return their names."""
        ...
