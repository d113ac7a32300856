"""What the rooms ask of one another. The docstrings are the contract that `tests/contracts/` checks."""

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
    """Turns texts into vectors of one fixed space."""

    @property
    def name(self) -> str:
        """The identity of the space, `<model>@<hash of its weights>`: only vectors of equal names compare."""
        ...

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode each text on its own.

        Returns:
            float32, (n_texts, dimension), unit rows. An empty text gets a vector too; no text gives (0, dimension).
        """
        ...


@runtime_checkable
class RecallingEncoder(Encoder, Protocol):
    """An encoder that knows how people tell of a movie that they half remember."""

    def encode_recalled(self, texts: Sequence[str]) -> Vectors:
        """Encode texts in which somebody recalls a movie, into the same space as `encode`.

        Returns:
            float32, (n_texts, dimension), unit rows; those of `encode` where nothing was learned for the model.
        """
        ...


@dataclass(frozen=True, slots=True)
class Space:
    """A second space of vectors of an index: that of a multilingual encoder."""

    encoder: str
    """Name of the encoder (`Encoder.name`)."""
    dimension: int
    centroid: tuple[float, ...]
    """Mean of all its movie vectors."""
    spread: float
    """Spread of the cosines of its movies with one another, as a share of the spread in the first space."""


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """What an index says of itself; written once when it is built."""

    version: str
    """The name of this build, ordered by time."""
    count: int
    dimension: int
    encoder: str
    """Name of the encoder (`Encoder.name`) whose vectors it holds."""
    recipe: str
    """Name and version of the recipe that made a movie's vector from its texts."""
    schema: int
    """Number of the schema revision."""
    catalogue: str
    """Name of the catalogue for people, e.g. `TMDB 5000`."""
    catalogue_hash: str
    built_at: str
    """ISO 8601, UTC."""
    centroid: tuple[float, ...]
    """Mean of all movie vectors: `query @ centroid` is the query's mean cosine over the whole catalogue."""
    notice: str = ""
    """A sentence about the catalogue for people, e.g. why the sample is shown."""
    moods: tuple[str, ...] = ()
    """Names of the moods that its movies are scored by, in the order of `Candidates.moods`."""
    moods_hash: str = ""
    """Names the table of moods that the scores were computed by."""
    multilingual: Space | None = None
    """The second space, in which its movies have a vector too; None where they have none."""
    tagged: int = 0
    """How many of its movies have tags."""
    tags: str = ""
    """Names the files that tags were read from besides the catalogue; empty where there were none."""


class Match(IntFlag):
    """How a short query names a movie outright."""

    NONE = 0
    TITLE = 1
    """The query is the title or the original title, in any spelling (`core.texts.title_keys`)."""
    TITLE_WORDS = 2
    """Every word of the query stands in the title or the original title."""
    PERSON = 4
    """The folded query equals the folded name of somebody in the movie's people."""
    TITLE_PART = 8
    """The query is a part of a title that stands for the whole: what comes before or after its colon or dash."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a search asks of an engine, in one round trip.

    `words` may be empty (no words list), `vector` None (no meaning list) and `order` empty (no list by merit), but not
    all three.
    """

    words: str = ""
    fields: tuple[tuple[str, float], ...] = (("text", 1.0),)
    """Word fields (`indexer.schema.WORD_FIELDS`) and boosts; a movie's word score is the boosted sum of their BM25."""
    vector: Vectors | None = None
    """float32, (dimension,), unit length."""
    multilingual: bool = False
    """Whether `vector` is one of the second space (`IndexInfo.multilingual`); cosines then are those of that space."""
    filters: Filters = field(default_factory=Filters)
    depth: int = 300
    """Length of each candidate list."""
    name: str = ""
    """The query as typed, where it is short enough to be a title or a name (then movies that it names outright join
    the candidates, at most 50: whole titles first, then the most popular); else empty."""
    order: tuple[tuple[str, float], ...] = ()
    """Columns and positive weights: the `depth` movies that meet the filters and have the greatest weighted sum join
    the candidates. Columns (all 0 to 1): `rating` (Bayesian mean / 10), `prominence` (`scores.prominence`), and
    `mood:<name>`. With an order, `words` may be empty and `vector` None at once."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The union of the candidate lists: one entry a movie, all arrays (n,), ordered by id.

    `words` and `cosine` stand for each movie of the union whichever list it came from.
    """

    ids: NDArray[np.int64]
    words: NDArray[np.float32]
    """Word score, 0 where no word matches."""
    cosine: NDArray[np.float32]
    """Cosine with the query, NaN where unknown (no vector was asked, or a movie beyond the engine's horizon)."""
    match: NDArray[np.int8]
    """Bits of `Match`."""
    words_best: float
    """The best word score of the whole index for these words, filters aside; 0 where no word matches."""
    year: NDArray[np.int16]
    """0 where unknown."""
    vote_count: NDArray[np.int32]
    vote_average: NDArray[np.float32]
    """NaN where unknown."""
    popularity: NDArray[np.float32]
    genres: Sequence[tuple[str, ...]]
    languages: Sequence[str]
    runtime: NDArray[np.int32]
    """Minutes, 0 where unknown."""
    moods: NDArray[np.float32]
    """(n, n_moods): scores 0 to 1 in the order of `IndexInfo.moods`; 0 where a movie does not belong to a mood."""
    terms: Sequence[bytes] = ()
    """The weighted terms of each movie (`indexer.analysis.terms.RECORD`); empty if the index has none."""
    neighbours: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 0), np.int64))
    """TMDB ids of each movie's nearest movies in meaning, nearest first, (n, k); 0 where it has fewer than k."""

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Factors:
    """What a model knows of movies, on its way into an index: the coordinates of taste.

    Attributes:
        model: version of the model, which stamps them.
        movies: int64, (n,), TMDB ids, each once.
        vectors: float32, (n, dimension), of any length: the inner product with a user's vector orders movies.
    """

    model: str
    movies: NDArray[np.int64]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class FactorMatches:
    """The movies that suit a user best, best first (ties by id).

    Attributes:
        movies: int64, (n,).
        scores: float32, (n,), inner products of user and movie.
    """

    movies: NDArray[np.int64]
    scores: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Listing:
    """A stretch of all movies that meet some filters, in some order, with exact counts over all of them."""

    movies: tuple[Movie, ...]
    total: int
    facets: Facets


@runtime_checkable
class MovieIndex(Protocol):
    """One published or drafted index, for reading. Safe to share between threads.

    Every method raises `SearchUnavailable` (or its child `IndexMissing`) when the engine cannot answer.
    Filters apply inside the engine: a list is filled with movies that meet them, however rare these are.
    """

    def info(self) -> IndexInfo:
        """What the index says of itself (kept from one call to the next while the same build is published)."""
        ...

    def candidates(self, question: Question) -> Candidates:
        """The `depth` best movies by words, the `depth` nearest by meaning, and the movies named outright.

        Raises `ValueError` for a vector of a second space that the index does not have.
        """
        ...

    def listing(self, filters: Filters, *, sort: Sort, offset: int, size: int) -> Listing:
        """All movies that meet `filters`, in the order of `sort` (ties by id), from `offset` on.

        `Sort.RELEVANCE` means popularity here. Rating is the Bayesian mean (`scores.bayesian_mean`). Facets:
        `genre`, `decade` (`1990`), `language`, `mood` (by name).
        """
        ...

    def movies(self, ids: Sequence[MovieId]) -> list[Movie]:
        """The movies of `ids` in that order; unknown ids are left out."""
        ...

    def vectors(self, ids: Sequence[MovieId], *, multilingual: bool = False) -> Vectors:
        """float32, (n, dimension), of the first space or the second one. Raises `NotFound` for an unknown id."""
        ...

    def moods(self, ids: Sequence[MovieId]) -> Vectors:
        """float32, (n, n_moods): scores in the order of `IndexInfo.moods`, 0 where a movie does not belong to a mood.

        Raises `NotFound` for an unknown id.
        """
        ...

    def attachment(self, name: str) -> bytes:
        """A blob that was attached to the version (`IndexStore.attach`). Raises `NotFound`."""
        ...

    def factors_version(self) -> str:
        """Version of the model whose factors the index holds; empty where it holds none."""
        ...

    def search_by_factors(
        self, vector: Vectors, *, model: str, filters: Filters, without: Sequence[int], depth: int
    ) -> FactorMatches:
        """The `depth` movies with the greatest inner product with `vector`, among those that meet `filters`.

        Movies in `without` and movies without factors are left out inside the engine, before candidates are counted
        off. Exact, like `candidates`, where the index is.

        Raises:
            FactorsMissing: the index holds no factors of `model`: score in the process instead.
        """
        ...

    def suggest(self, text: str, *, limit: int) -> list[Suggestion]:
        """Movies and people whose name begins so, the most popular first.

        Accents are folded; one typo is forgiven from four letters on.
        """
        ...

    def correct(self, words: Sequence[str]) -> dict[str, Correction]:
        """For each word that no movie has in any form: the word that was probably meant, if one is near.

        Give the words of a whole text as typed: one in another language is left alone, and so are words of other
        scripts. Near words count by the letters that differ, and by how well known the movies are that have them in
        titles and names; a word that is joined from a title's (`spiderman`) is none to correct.
        """
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One movie on its way into an index: the movie, its vector, float32, (dimension,), unit length, and its moods."""

    movie: Movie
    vector: Vectors
    moods: Mapping[str, float] = field(default_factory=dict)
    """The score, above 0 and up to 1, of each mood that the movie belongs to."""
    terms: bytes = b""
    """Its weighed terms, records of `indexer.analysis.terms.RECORD`."""
    neighbours: tuple[int, ...] = ()
    """TMDB ids of its nearest movies in meaning, nearest first."""
    multilingual: Vectors | None = None
    """Its vector in the second space, where the index has one."""


class IndexStore(Protocol):
    """The builds of one engine: drafted beside, published in one step, kept for a roll-back, pruned."""

    def begin(self, info: IndexInfo) -> None:
        """Create an empty draft named `info.version`. Readers notice nothing."""
        ...

    def fill(self, version: str, entries: Iterable[Entry]) -> None:
        """Write entries into a draft; transient failures are retried.

        Raises:
            BuildRejected: names the movies that could not be written, and why.
        """
        ...

    def attach(self, version: str, name: str, content: bytes) -> None:
        """Write a named blob into a draft: what search needs to know of the catalogue as a whole.

        The last one of a name counts. Raises `ValueError` for the name `spelling`, which the index itself uses.
        """
        ...

    def finish(self, version: str) -> None:
        """Make everything written durable and readable."""
        ...

    def open(self, version: str | None = None) -> MovieIndex:
        """One version, or the published one (which follows later publications by itself)."""
        ...

    def publish(self, version: str) -> None:
        """Let readers see `version`, in one step: a reader sees the old or the new, never none."""
        ...

    def published(self) -> str | None:
        """The published version, or None."""
        ...

    def versions(self) -> list[str]:
        """Every finished version, oldest first."""
        ...

    def delete(self, version: str) -> None:
        """Remove one version, never the published one (`ValueError`)."""
        ...

    def publish_factors(self, factors: Factors) -> int:
        """Put a model's factors into the published version, in place; gives how many of its movies got some.

        Readers see the factors of the model before, or all of these, never a mixture. Movies of `factors` that the
        index does not have are passed over. A version published later has no factors until it is stamped.

        Raises:
            IndexMissing: nothing is published.
        """
        ...

    def remove_abandoned(self) -> list[str]:
        """Remove drafts that a killed build left behind; gives their names."""
        ...
