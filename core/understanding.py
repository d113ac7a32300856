"""What a search text asks for, as one typed result: the same for the website, the API and the command line."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class PieceKind(StrEnum):
    """What one piece of a search text says."""

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


class Stance(StrEnum):
    """How a text speaks, which decides whether its pieces filter, score, or do nothing."""

    WISH = "wish"
    """Asks for a kind of movie: pieces filter."""
    DESCRIPTION = "description"
    """Tells a plot: only what it states outright (years, people, titles) is read, and only scores."""
    MEMORY = "memory"
    """Tells what somebody remembers of a movie: read like a description, ranked by the model for memories."""
    TITLE = "title"
    """Names a movie or a person as a whole."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a search text and what it was taken for."""

    kind: PieceKind
    value: str
    """For programs: a genre's name, `1990-1999`, an ISO 639-1 code, `<=90` minutes, a mood's name, TMDB ids, …"""
    label: str
    """For people: what the chip shows."""
    start: int
    """First character of the piece in the text."""
    end: int
    """Character after its last one."""
    wanted: bool = True
    """False: results must not have it."""
    confidence: float = 1.0
    """0 to 1."""
    role: str = ""
    """For a person: `actor`, `director`, or empty for any part in the movie."""
    movies: tuple[int, ...] = ()
    """TMDB ids of the movies that the piece names (kinds `like`, `role`, `title`, `collection`)."""
    names: tuple[str, ...] = ()
    """Folded names that the piece stands for: companies of a studio, the cast behind a role."""

    @property
    def key(self) -> str:
        """Names the piece in a URL, so that it can be taken away: `genre:Horror`, `not-genre:Horror`."""
        return f"{'' if self.wanted else 'not-'}{self.kind.value}:{self.value}"


@dataclass(frozen=True, slots=True)
class OtherReading:
    """A second way to read a text, offered in one line: `JobStatus for date-night movies?`."""

    label: str
    drop: tuple[str, ...]
    """Keys of the pieces to drop (`Piece.key`) to get that reading."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """All that was read out of a search text."""

    query: str
    stance: Stance = Stance.DESCRIPTION
    pieces: tuple[Piece, ...] = ()
    remainder: str = ""
    """What is left to match and to encode."""
    other: OtherReading | None = None
    reader: str = "rules"
    """Who read it: `rules` or the name of a language model."""
    dropped: tuple[str, ...] = field(default=())
    """Keys of pieces that the user took away."""
    language: str = ""
    """ISO 639-1 code of the language that the text is in; empty where it is none's (a title, a name)."""
