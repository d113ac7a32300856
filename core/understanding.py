"""The structured interpretation of a search text, shared by the website, the API and the command line."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class PieceKind(StrEnum):
    """The kinds of pieces that a search text can contain."""

    GENRE = "genre"
    MOOD = "mood"
    YEARS = "years"
    LANGUAGE = "language"
    COUNTRY = "country"
    PERSON = "person"
    STUDIO = "studio"
    RUNTIME = "runtime"
    QUALITY = "quality"
    RECENCY = "recency"
    POPULARITY = "popularity"
    AUDIENCE = "audience"
    COLLECTION = "collection"
    PART = "part"
    LIKE = "like"
    ROLE = "role"
    AWARD = "award"
    BASED_ON = "based_on"
    TITLE = "title"
    PHRASE = "phrase"


class QueryType(StrEnum):
    """The type of a search text; it decides whether its pieces filter, score or are ignored."""

    WISH = "wish"
    """Asks for a kind of movie: pieces filter."""
    DESCRIPTION = "description"
    """Describes a plot: only explicit pieces (years, people, titles) are extracted, and they only score."""
    MEMORY = "memory"
    """Describes a half-remembered movie: interpreted like a description, ranked by the model for memories."""
    TITLE = "title"
    """Names a movie or a person as a whole."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a search text with its interpretation."""

    kind: PieceKind
    value: str
    """Machine-readable: a genre's name, `1990-1999`, an ISO 639-1 code, `<=90` minutes, a mood's name, TMDB ids, …"""
    label: str
    """The text of the chip shown to users."""
    start: int
    """Offset of its first character in the text."""
    end: int
    """Offset after its last character."""
    wanted: bool = True
    """False: results must not have it."""
    confidence: float = 1.0
    """0 to 1."""
    role: str = ""
    """For a person: `actor`, `director`, or empty for any role."""
    movies: tuple[int, ...] = ()
    """TMDB ids of the movies that the piece names (kinds `like`, `role`, `title`, `collection`)."""
    names: tuple[str, ...] = ()
    """Folded names that the piece stands for: companies of a studio, the cast of a role."""

    @property
    def key(self) -> str:
        """Identifies the piece in a URL, so that it can be removed: `genre:Horror`, `not-genre:Horror`."""
        return f"{'' if self.wanted else 'not-'}{self.kind.value}:{self.value}"


@dataclass(frozen=True, slots=True)
class OtherReading:
    """An alternative interpretation, offered in one line: `Search for date-night movies?`."""

    label: str
    drop: tuple[str, ...]
    """Keys of the pieces to drop (`Piece.key`) for that interpretation."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """The interpretation of a search text."""

    query: str
    query_type: QueryType = QueryType.DESCRIPTION
    pieces: tuple[Piece, ...] = ()
    remainder: str = ""
    """The rest of the text, to be matched and encoded."""
    other: OtherReading | None = None
    reader: str = "rules"
    """The reader that produced it: `rules` or the name of a language model."""
    dropped: tuple[str, ...] = field(default=())
    """Keys of pieces that the user removed."""
    language: str = ""
    """ISO 639-1 code of the text's language; empty for a title or a name."""
