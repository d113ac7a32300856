"""Schemas of what other services say about a movie, for pages and for the API."""

from __future__ import annotations

from pydantic import Field

from webapp.http.schemas import View


class CastPicture(View):
    """A member of the cast with their picture."""

    name: str
    character: str
    picture: str | None = Field(description="URL of the picture.")


class TrailerView(View):
    """A trailer on YouTube."""

    language: str = Field(description="ISO 639-1 code.")
    name: str
    url: str = Field(description="URL of its page.")
    embed: str = Field(description="URL of a player without cookies.")


class ProviderView(View):
    """A service where a movie can be watched."""

    name: str
    picture: str | None = Field(description="URL of its logo.")


class Offer(View):
    """The services that offer a movie in one way."""

    kind: str = Field(description="`stream`, `free`, `ads`, `rent` or `buy`.")
    label: str
    providers: tuple[ProviderView, ...]


class WatchRegion(View):
    """Where to watch a movie in a country. Source: JustWatch."""

    region: str = Field(description="ISO 3166-1 code.")
    label: str = Field(description="Name of the country.")
    url: str = Field(description="URL of the offers.")
    offers: tuple[Offer, ...]


class CollectionMovie(View):
    """A movie of a collection."""

    id: int = Field(description="TMDB id.")
    title: str
    year: int | None
    url: str | None = Field(description="Path of its page on this site; null if this catalogue lacks it.")
    poster: str | None = Field(description="URL of its poster.")


class CollectionView(View):
    """A series of movies, in the order of their release."""

    id: int = Field(description="TMDB id of the collection.")
    name: str
    movies: tuple[CollectionMovie, ...]


class Certificate(View):
    """The certificate of a movie in a country."""

    region: str = Field(description="ISO 3166-1 code.")
    label: str = Field(description="Name of the country.")
    certificate: str


class OutsideRatingView(View):
    """A rating elsewhere."""

    source: str
    value: str = Field(description="In the scale of its source: `8.7/10`, `88%`.")


class Extras(View):
    """What TMDB and OMDb say about a movie beyond the catalogue."""

    backdrop: str | None = Field(description="URL of a wide picture.")
    imdb: str | None = Field(description="URL of the movie's page at IMDb.")
    cast: tuple[CastPicture, ...]
    trailer: TrailerView | None = Field(description="In the language of the response if there is one.")
    certificates: tuple[Certificate, ...]
    watch: tuple[WatchRegion, ...] = Field(description="Where to watch it, by country.")
    collection: CollectionView | None
    ratings: tuple[OutsideRatingView, ...]
    plot: str = Field(description="A second description; empty if there is none.")
    attribution: tuple[str, ...] = Field(description="Sentences to show wherever these data are shown.")


class ProviderCount(View):
    """A provider in a country, and its number of movies."""

    value: str = Field(description="Value of the parameter `available_at` of recommendations.")
    name: str
    region: str = Field(description="ISO 3166-1 code of the country.")
    count: int


class ProvidersResponse(View):
    """Where movies can be watched."""

    results: tuple[ProviderCount, ...]
