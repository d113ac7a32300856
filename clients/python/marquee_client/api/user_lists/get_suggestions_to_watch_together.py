from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.together_response import TogetherResponse
from ...types import UNSET, Response, Unset


def _get_kwargs(
    id: int,
    *,
    size: int | Unset = 20,
    genre: list[str] | Unset = UNSET,
    runtime_max: int | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["size"] = size

    json_genre: list[str] | Unset = UNSET
    if not isinstance(genre, Unset):
        json_genre = genre

    params["genre"] = json_genre

    params["runtime_max"] = runtime_max

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/me/lists/{id}/suggestions".format(
            id=quote(str(id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | TogetherResponse | None:
    if response.status_code == 200:
        response_200 = TogetherResponse.from_dict(response.json())

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

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

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
) -> Response[Problem | TogetherResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    id: int,
    *,
    client: AuthenticatedClient,
    size: int | Unset = 20,
    genre: list[str] | Unset = UNSET,
    runtime_max: int | Unset = UNSET,
) -> Response[Problem | TogetherResponse]:
    """Get suggestions to watch together

     Return movies that suit those who take part, without what one of them has seen or dismissed.

    Args:
        id (int): Number of the list.
        size (int | Unset): Maximum number of movies. Default: 20.
        genre (list[str] | Unset): Genre that every movie must have; may be repeated.
        runtime_max (int | Unset): Maximum runtime in minutes.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | TogetherResponse]
    """

    kwargs = _get_kwargs(
        id=id,
        size=size,
        genre=genre,
        runtime_max=runtime_max,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    id: int,
    *,
    client: AuthenticatedClient,
    size: int | Unset = 20,
    genre: list[str] | Unset = UNSET,
    runtime_max: int | Unset = UNSET,
) -> Problem | TogetherResponse | None:
    """Get suggestions to watch together

     Return movies that suit those who take part, without what one of them has seen or dismissed.

    Args:
        id (int): Number of the list.
        size (int | Unset): Maximum number of movies. Default: 20.
        genre (list[str] | Unset): Genre that every movie must have; may be repeated.
        runtime_max (int | Unset): Maximum runtime in minutes.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | TogetherResponse
    """

    return sync_detailed(
        id=id,
        client=client,
        size=size,
        genre=genre,
        runtime_max=runtime_max,
    ).parsed


async def asyncio_detailed(
    id: int,
    *,
    client: AuthenticatedClient,
    size: int | Unset = 20,
    genre: list[str] | Unset = UNSET,
    runtime_max: int | Unset = UNSET,
) -> Response[Problem | TogetherResponse]:
    """Get suggestions to watch together

     Return movies that suit those who take part, without what one of them has seen or dismissed.

    Args:
        id (int): Number of the list.
        size (int | Unset): Maximum number of movies. Default: 20.
        genre (list[str] | Unset): Genre that every movie must have; may be repeated.
        runtime_max (int | Unset): Maximum runtime in minutes.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | TogetherResponse]
    """

    kwargs = _get_kwargs(
        id=id,
        size=size,
        genre=genre,
        runtime_max=runtime_max,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    id: int,
    *,
    client: AuthenticatedClient,
    size: int | Unset = 20,
    genre: list[str] | Unset = UNSET,
    runtime_max: int | Unset = UNSET,
) -> Problem | TogetherResponse | None:
    """Get suggestions to watch together

     Return movies that suit those who take part, without what one of them has seen or dismissed.

    Args:
        id (int): Number of the list.
        size (int | Unset): Maximum number of movies. Default: 20.
        genre (list[str] | Unset): Genre that every movie must have; may be repeated.
        runtime_max (int | Unset): Maximum runtime in minutes.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | TogetherResponse
    """

    return (
        await asyncio_detailed(
            id=id,
            client=client,
            size=size,
            genre=genre,
            runtime_max=runtime_max,
        )
    ).parsed
