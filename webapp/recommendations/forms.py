"""Request models of recommendations and predictions."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StrictBool, StringConstraints, WithJsonSchema

from core.errors import InvalidRequest
from core.recommendations.records import RecommendationRequest
from core.types import Clause, Filters, MovieId
from core.users import MAX_STARS, MIN_STARS
from engine.catalogue.availability import Availability
from webapp.http.fields import MAX_ID, Code, Name, Switch, half_stars
from webapp.http.parsing import Body, Query
from webapp.movies.forms import MAX_GENRES, Minutes, Year

MAX_RATINGS = 1_000
MAX_PREDICTED = 200
MAX_OFFSET = 99
MAX_ROW = 24


Familiarity = Annotated[
    float | None,
    Field(ge=0, le=1, allow_inf_nan=False),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1}),
]
HalfStars = Annotated[float, Field(ge=MIN_STARS, le=MAX_STARS, allow_inf_nan=False), AfterValidator(half_stars)]
MovieKey = Annotated[int, Field(ge=1, le=MAX_ID)]
UserId = Annotated[str, StringConstraints(pattern=r"^((ml:)?[0-9]{1,15}|demo:[a-z]{1,15})$", max_length=20)]


class RecommendationsQuery(Query):
    """Options of a list of recommendations."""

    size: int = Field(20, ge=1, le=100, description="Maximum number of movies.")
    offset: int = Field(0, ge=0, le=MAX_OFFSET, description="Number of movies to skip.")
    familiarity: Familiarity = Field(
        None, description="0: lesser-known movies; 1: well-known movies. Default: your preference."
    )
    genre: Annotated[tuple[Name, ...], Field(max_length=MAX_GENRES)] = Field(
        (), description="Genre that every movie must have; may be repeated."
    )
    language: Code = Field("", description="ISO 639-1 code of the original language.")
    year_from: Year = Field(None, description="Earliest year.")
    year_to: Year = Field(None, description="Latest year.")
    runtime_min: Minutes = Field(None, description="Minimum runtime in minutes.")
    runtime_max: Minutes = Field(None, description="Maximum runtime in minutes.")
    available_at: Name = Field("", description="Where movies can be watched: a `value` of `GET /api/providers`.")
    adult: Switch = Field(False, description="Whether adult movies are included.")


class RowsQuery(Query):
    """Options of rows of recommendations."""

    size: int = Field(12, ge=1, le=MAX_ROW, description="Maximum number of movies in a row.")
    familiarity: Familiarity = Field(
        None, description="0: lesser-known movies; 1: well-known movies. Default: your preference."
    )
    adult: Switch = Field(False, description="Whether adult movies are included.")


class GuestRequest(Body):
    """Ratings of somebody without an account, and options of the list."""

    ratings: dict[MovieKey, HalfStars] = Field(
        max_length=MAX_RATINGS, description="TMDB id to half stars, 0.5 to 5. Unknown movies are ignored."
    )
    size: int = Field(20, ge=1, le=100, description="Maximum number of movies.")
    familiarity: Familiarity = Field(None, description="0: lesser-known movies; 1: well-known movies.")
    genre: Annotated[tuple[Name, ...], Field(max_length=MAX_GENRES)] = Field(
        (), description="Genres that every movie must have."
    )
    year_from: Year = Field(None, description="Earliest year.")
    year_to: Year = Field(None, description="Latest year.")
    adult: StrictBool = Field(False, description="Whether adult movies are included.")


class PredictionRequest(Body):
    """The user and the movies of a prediction."""

    user_id: UserId = Field(description="Your own number, or a demonstration user: `ml:<number>`, `demo:<name>`.")
    movie_ids: tuple[MovieKey, ...] = Field(min_length=1, max_length=MAX_PREDICTED, description="TMDB ids.")


class UserPath(BaseModel):
    """A user in a URL."""

    user_id: UserId = Field(description="Your own number, or a demonstration user: `ml:<number>`, `demo:<name>`.")


class UserMoviePath(UserPath):
    """A user and a movie in a URL."""

    movie_id: MovieKey = Field(description="TMDB id of the movie.")


def to_request(query: RecommendationsQuery, available: Availability) -> RecommendationRequest:
    """Return the engine's request for `query`.

    Raises:
        InvalidRequest: bounds contradict each other, or the provider is unknown.
        StoreUnavailable: where movies can be watched cannot be read.
    """
    _check_bounds(query.year_from, query.year_to, "year")
    _check_bounds(query.runtime_min, query.runtime_max, "runtime")
    filters = Filters(
        genres=tuple(dict.fromkeys(filter(None, query.genre))),
        language=query.language,
        year_from=query.year_from,
        year_to=query.year_to,
        runtime_min=query.runtime_min,
        runtime_max=query.runtime_max,
        clauses=_available(query.available_at, available),
        adult=query.adult,
    )
    return RecommendationRequest(filters, query.size, query.familiarity, query.offset)


def to_rows_request(query: RowsQuery) -> RecommendationRequest:
    """Return the engine's request for rows."""
    return RecommendationRequest(Filters(adult=query.adult), query.size, query.familiarity)


def to_guest_request(body: GuestRequest) -> tuple[dict[MovieId, float], RecommendationRequest]:
    """Return the ratings in `body` and the engine's request."""
    _check_bounds(body.year_from, body.year_to, "year")
    genres = tuple(dict.fromkeys(filter(None, body.genre)))
    filters = Filters(genres=genres, year_from=body.year_from, year_to=body.year_to, adult=body.adult)
    ratings = {MovieId(movie): stars for movie, stars in body.ratings.items()}
    return ratings, RecommendationRequest(filters, body.size, body.familiarity)


def _available(value: str, available: Availability) -> tuple[Clause, ...]:
    if not value:
        return ()
    found = available.clause(value)
    if found is None:
        raise InvalidRequest({"available_at": "expected a value of GET /api/providers, such as US:Netflix"})
    return (found,)


def _check_bounds(least: int | None, most: int | None, name: str) -> None:
    if least is not None and most is not None and least > most:
        low, high = ("year_from", "year_to") if name == "year" else ("runtime_min", "runtime_max")
        raise InvalidRequest({low: f"should not be above {high} ({most})"})
