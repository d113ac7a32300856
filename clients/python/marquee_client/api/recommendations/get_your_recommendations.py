from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.recommendations_response import RecommendationsResponse
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    size: int | Unset = 20,
    offset: int | Unset = 0,
    familiarity: float | Unset = UNSET,
    genre: list[str] | Unset = UNSET,
    language: str | Unset = "",
    year_from: int | Unset = UNSET,
    year_to: int | Unset = UNSET,
    runtime_min: int | Unset = UNSET,
    runtime_max: int | Unset = UNSET,
    available_at: str | Unset = "",
    adult: bool | int | Unset = False,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["size"] = size

    params["offset"] = offset

    params["familiarity"] = familiarity

    json_genre: list[str] | Unset = UNSET
    if not isinstance(genre, Unset):
        json_genre = genre

    params["genre"] = json_genre

    params["language"] = language

    params["year_from"] = year_from

    params["year_to"] = year_to

    params["runtime_min"] = runtime_min

    params["runtime_max"] = runtime_max

    params["available_at"] = available_at

    json_adult: bool | int | Unset
    if isinstance(adult, Unset):
        json_adult = UNSET
    else:
        json_adult = adult
    params["adult"] = json_adult

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/recommendations",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | RecommendationsResponse | None:
    if response.status_code == 200:
        response_200 = RecommendationsResponse.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 414:
        response_414 = Problem.from_dict(response.json())

        return response_414

    if response.status_code == 429:
        response_429 = Problem.from_dict(response.json())

        return response_429

    if response.status_code == 503:
        response_503 = Problem.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Problem | RecommendationsResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    size: int | Unset = 20,
    offset: int | Unset = 0,
    familiarity: float | Unset = UNSET,
    genre: list[str] | Unset = UNSET,
    language: str | Unset = "",
    year_from: int | Unset = UNSET,
    year_to: int | Unset = UNSET,
    runtime_min: int | Unset = UNSET,
    runtime_max: int | Unset = UNSET,
    available_at: str | Unset = "",
    adult: bool | int | Unset = False,
) -> Response[Problem | RecommendationsResponse]:
    """Get your recommendations

     Return a diverse list with reasons, without movies that you rated, marked or dismissed.

    Args:
        size (int | Unset): Maximum number of movies. Default: 20.
        offset (int | Unset): Number of movies to skip. Default: 0.
        familiarity (float | Unset): 0: lesser-known movies; 1: well-known movies. Default: your
            preference.
        genre (list[str] | Unset): Genre that every movie must have; may be repeated.
        language (str | Unset): ISO 639-1 code of the original language. Default: ''.
        year_from (int | Unset): Earliest year.
        year_to (int | Unset): Latest year.
        runtime_min (int | Unset): Minimum runtime in minutes.
        runtime_max (int | Unset): Maximum runtime in minutes.
        available_at (str | Unset): Where movies can be watched: a `value` of `GET
            /api/providers`. Default: ''.
        adult (bool | int | Unset): Whether adult movies are included. Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | RecommendationsResponse]
    """

    kwargs = _get_kwargs(
        size=size,
        offset=offset,
        familiarity=familiarity,
        genre=genre,
        language=language,
        year_from=year_from,
        year_to=year_to,
        runtime_min=runtime_min,
        runtime_max=runtime_max,
        available_at=available_at,
        adult=adult,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    size: int | Unset = 20,
    offset: int | Unset = 0,
    familiarity: float | Unset = UNSET,
    genre: list[str] | Unset = UNSET,
    language: str | Unset = "",
    year_from: int | Unset = UNSET,
    year_to: int | Unset = UNSET,
    runtime_min: int | Unset = UNSET,
    runtime_max: int | Unset = UNSET,
    available_at: str | Unset = "",
    adult: bool | int | Unset = False,
) -> Problem | RecommendationsResponse | None:
    """Get your recommendations

     Return a diverse list with reasons, without movies that you rated, marked or dismissed.

    Args:
        size (int | Unset): Maximum number of movies. Default: 20.
        offset (int | Unset): Number of movies to skip. Default: 0.
        familiarity (float | Unset): 0: lesser-known movies; 1: well-known movies. Default: your
            preference.
        genre (list[str] | Unset): Genre that every movie must have; may be repeated.
        language (str | Unset): ISO 639-1 code of the original language. Default: ''.
        year_from (int | Unset): Earliest year.
        year_to (int | Unset): Latest year.
        runtime_min (int | Unset): Minimum runtime in minutes.
        runtime_max (int | Unset): Maximum runtime in minutes.
        available_at (str | Unset): Where movies can be watched: a `value` of `GET
            /api/providers`. Default: ''.
        adult (bool | int | Unset): Whether adult movies are included. Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | RecommendationsResponse
    """

    return sync_detailed(
        client=client,
        size=size,
        offset=offset,
        familiarity=familiarity,
        genre=genre,
        language=language,
        year_from=year_from,
        year_to=year_to,
        runtime_min=runtime_min,
        runtime_max=runtime_max,
        available_at=available_at,
        adult=adult,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    size: int | Unset = 20,
    offset: int | Unset = 0,
    familiarity: float | Unset = UNSET,
    genre: list[str] | Unset = UNSET,
    language: str | Unset = "",
    year_from: int | Unset = UNSET,
    year_to: int | Unset = UNSET,
    runtime_min: int | Unset = UNSET,
    runtime_max: int | Unset = UNSET,
    available_at: str | Unset = "",
    adult: bool | int | Unset = False,
) -> Response[Problem | RecommendationsResponse]:
    """Get your recommendations

     Return a diverse list with reasons, without movies that you rated, marked or dismissed.

    Args:
        size (int | Unset): Maximum number of movies. Default: 20.
        offset (int | Unset): Number of movies to skip. Default: 0.
        familiarity (float | Unset): 0: lesser-known movies; 1: well-known movies. Default: your
            preference.
        genre (list[str] | Unset): Genre that every movie must have; may be repeated.
        language (str | Unset): ISO 639-1 code of the original language. Default: ''.
        year_from (int | Unset): Earliest year.
        year_to (int | Unset): Latest year.
        runtime_min (int | Unset): Minimum runtime in minutes.
        runtime_max (int | Unset): Maximum runtime in minutes.
        available_at (str | Unset): Where movies can be watched: a `value` of `GET
            /api/providers`. Default: ''.
        adult (bool | int | Unset): Whether adult movies are included. Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | RecommendationsResponse]
    """

    kwargs = _get_kwargs(
        size=size,
        offset=offset,
        familiarity=familiarity,
        genre=genre,
        language=language,
        year_from=year_from,
        year_to=year_to,
        runtime_min=runtime_min,
        runtime_max=runtime_max,
        available_at=available_at,
        adult=adult,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    size: int | Unset = 20,
    offset: int | Unset = 0,
    familiarity: float | Unset = UNSET,
    genre: list[str] | Unset = UNSET,
    language: str | Unset = "",
    year_from: int | Unset = UNSET,
    year_to: int | Unset = UNSET,
    runtime_min: int | Unset = UNSET,
    runtime_max: int | Unset = UNSET,
    available_at: str | Unset = "",
    adult: bool | int | Unset = False,
) -> Problem | RecommendationsResponse | None:
    """Get your recommendations

     Return a diverse list with reasons, without movies that you rated, marked or dismissed.

    Args:
        size (int | Unset): Maximum number of movies. Default: 20.
        offset (int | Unset): Number of movies to skip. Default: 0.
        familiarity (float | Unset): 0: lesser-known movies; 1: well-known movies. Default: your
            preference.
        genre (list[str] | Unset): Genre that every movie must have; may be repeated.
        language (str | Unset): ISO 639-1 code of the original language. Default: ''.
        year_from (int | Unset): Earliest year.
        year_to (int | Unset): Latest year.
        runtime_min (int | Unset): Minimum runtime in minutes.
        runtime_max (int | Unset): Maximum runtime in minutes.
        available_at (str | Unset): Where movies can be watched: a `value` of `GET
            /api/providers`. Default: ''.
        adult (bool | int | Unset): Whether adult movies are included. Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | RecommendationsResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            size=size,
            offset=offset,
            familiarity=familiarity,
            genre=genre,
            language=language,
            year_from=year_from,
            year_to=year_to,
            runtime_min=runtime_min,
            runtime_max=runtime_max,
            available_at=available_at,
            adult=adult,
        )
    ).parsed
