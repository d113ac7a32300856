from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.popular_movies_response import PopularMoviesResponse
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    lang: str | Unset = "",
    page: int | Unset = 1,
    size: int | Unset = 20,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["lang"] = lang

    params["page"] = page

    params["size"] = size

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/popular",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> PopularMoviesResponse | Problem | None:
    if response.status_code == 200:
        response_200 = PopularMoviesResponse.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

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
) -> Response[PopularMoviesResponse | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    lang: str | Unset = "",
    page: int | Unset = 1,
    size: int | Unset = 20,
) -> Response[PopularMoviesResponse | Problem]:
    """List popular movies

     Return the whole catalogue, most popular first.

    Args:
        lang (str | Unset): ISO 639-1 code: titles and overviews in this language, where the
            catalogue has them. Default: ''.
        page (int | Unset): Page number, from 1. Pages beyond the end, or beyond rank 1,000, are
            empty. Default: 1.
        size (int | Unset): Movies per page. Default: 20.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PopularMoviesResponse | Problem]
    """

    kwargs = _get_kwargs(
        lang=lang,
        page=page,
        size=size,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    lang: str | Unset = "",
    page: int | Unset = 1,
    size: int | Unset = 20,
) -> PopularMoviesResponse | Problem | None:
    """List popular movies

     Return the whole catalogue, most popular first.

    Args:
        lang (str | Unset): ISO 639-1 code: titles and overviews in this language, where the
            catalogue has them. Default: ''.
        page (int | Unset): Page number, from 1. Pages beyond the end, or beyond rank 1,000, are
            empty. Default: 1.
        size (int | Unset): Movies per page. Default: 20.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PopularMoviesResponse | Problem
    """

    return sync_detailed(
        client=client,
        lang=lang,
        page=page,
        size=size,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    lang: str | Unset = "",
    page: int | Unset = 1,
    size: int | Unset = 20,
) -> Response[PopularMoviesResponse | Problem]:
    """List popular movies

     Return the whole catalogue, most popular first.

    Args:
        lang (str | Unset): ISO 639-1 code: titles and overviews in this language, where the
            catalogue has them. Default: ''.
        page (int | Unset): Page number, from 1. Pages beyond the end, or beyond rank 1,000, are
            empty. Default: 1.
        size (int | Unset): Movies per page. Default: 20.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PopularMoviesResponse | Problem]
    """

    kwargs = _get_kwargs(
        lang=lang,
        page=page,
        size=size,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    lang: str | Unset = "",
    page: int | Unset = 1,
    size: int | Unset = 20,
) -> PopularMoviesResponse | Problem | None:
    """List popular movies

     Return the whole catalogue, most popular first.

    Args:
        lang (str | Unset): ISO 639-1 code: titles and overviews in this language, where the
            catalogue has them. Default: ''.
        page (int | Unset): Page number, from 1. Pages beyond the end, or beyond rank 1,000, are
            empty. Default: 1.
        size (int | Unset): Movies per page. Default: 20.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PopularMoviesResponse | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            lang=lang,
            page=page,
            size=size,
        )
    ).parsed
