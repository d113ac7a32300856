"""What TMDB and OMDb say about a movie, as far as Marquee uses it: validated, bounded, and stored as JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from core.types import MovieId

REFRESH_AFTER = timedelta(days=90)
"""Age at which an entry is fetched again."""
MAX_AGE = timedelta(days=180)
"""Age at which an entry is neither shown nor kept: TMDB's terms allow to cache its data for six months."""
MAX_TEXT = 10_000
MAX_NAME = 300
_IMAGE = re.compile(r"/[A-Za-z0-9._-]{1,100}")
_VIDEO = re.compile(r"[A-Za-z0-9_-]{6,20}")
_IMDB = re.compile(r"tt[0-9]{7,9}")


def image_path(value: object) -> str:
    """Return the path of an image on the image host (`/abc.jpg`); empty for anything else."""
    return value if isinstance(value, str) and _IMAGE.fullmatch(value) else ""


def imdb_id(value: object) -> str:
    """Return an IMDb id of a title (`tt0133093`); empty for anything else."""
    return value if isinstance(value, str) and _IMDB.fullmatch(value) else ""


def video_key(value: object) -> str:
    """Return the key of a YouTube video; empty for anything else."""
    return value if isinstance(value, str) and _VIDEO.fullmatch(value) else ""


def _text(longest: int) -> BeforeValidator:
    def clean(value: object) -> str:
        return " ".join(value.split())[:longest] if isinstance(value, str) else ""

    return BeforeValidator(clean)


ImagePath = Annotated[str, BeforeValidator(image_path)]
ImdbId = Annotated[str, BeforeValidator(imdb_id)]
VideoKey = Annotated[str, BeforeValidator(video_key)]
Name = Annotated[str, _text(MAX_NAME)]
Text = Annotated[str, _text(MAX_TEXT)]


class Record(BaseModel):
    """A part of an entry."""

    model_config = ConfigDict(frozen=True)


class Portrait(Record):
    """A member of the cast with their picture."""

    name: Name
    character: Name = ""
    image: ImagePath = ""


class Trailer(Record):
    """A trailer on YouTube."""

    language: Name
    key: VideoKey
    name: Name = ""


class ProviderKind(StrEnum):
    """How a movie can be watched."""

    STREAM = "stream"
    FREE = "free"
    ADS = "ads"
    RENT = "rent"
    BUY = "buy"


class Provider(Record):
    """A service where a movie can be watched."""

    name: Name
    kind: ProviderKind
    image: ImagePath = ""


class CollectionPart(Record):
    """A movie of a collection."""

    id: int = Field(gt=0)
    title: Name
    released: Name = ""
    """`YYYY-MM-DD`, or empty."""
    poster: ImagePath = ""


class Collection(Record):
    """A series of movies, in the order of their release."""

    id: int = Field(gt=0)
    name: Name
    parts: tuple[CollectionPart, ...] = ()


class TranslatedTexts(Record):
    """The texts of a movie in a language."""

    language: Name
    title: Name = ""
    overview: Text = ""
    tagline: Name = ""


class TmdbExtras(Record):
    """What TMDB says about a movie."""

    poster: ImagePath = ""
    backdrop: ImagePath = ""
    imdb_id: ImdbId = ""
    cast: tuple[Portrait, ...] = ()
    trailers: tuple[Trailer, ...] = ()
    """The best trailer of each language, those of the first language first."""
    certificates: Mapping[str, Name] = Field(default_factory=dict)
    """By region: the certificate of the release there."""
    providers: Mapping[str, tuple[Provider, ...]] = Field(default_factory=dict)
    """By region: where to watch, most prominent first."""
    collection: Collection | None = None
    translations: tuple[TranslatedTexts, ...] = ()


class OutsideRating(Record):
    """A rating elsewhere, in its own scale: `8.7/10`, `88%`."""

    source: Name
    value: Name


class OmdbExtras(Record):
    """What OMDb says about a movie."""

    imdb_id: ImdbId = ""
    plot: Text = ""
    ratings: tuple[OutsideRating, ...] = ()
    certificate: Name = ""
    """The certificate in the United States."""


class Source(StrEnum):
    """A service that entries come from."""

    TMDB = "tmdb"
    OMDB = "omdb"


class EntryStatus(StrEnum):
    """What a service answered."""

    FOUND = "found"
    GONE = "gone"
    """The service does not know the movie."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The answer of a service about a movie."""

    movie: MovieId
    source: Source
    status: EntryStatus
    fetched_at: datetime
    scope: str = ""
    """The regions and languages that were requested; an entry of another scope is fetched again."""
    payload: Mapping[str, Any] | None = None
    """The record as JSON values; None if the service does not know the movie."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """When an entry was fetched, and what was requested."""

    fetched_at: datetime
    scope: str
    status: EntryStatus


@dataclass(frozen=True, slots=True)
class Extras:
    """Everything that other services say about a movie."""

    tmdb: TmdbExtras | None = None
    omdb: OmdbExtras | None = None

    @property
    def imdb_id(self) -> str:
        """The IMDb id, or an empty text."""
        return (self.tmdb.imdb_id if self.tmdb else "") or (self.omdb.imdb_id if self.omdb else "")
