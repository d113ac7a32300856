from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.trending_response import TrendingResponse
from ...models.window import Window
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    window: Window | Unset = UNSET,
    size: int | Unset = 20,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_window: str | Unset = UNSET
    if not isinstance(window, Unset):
        json_window = window.value

    params["window"] = json_window

    params["size"] = size

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/trending",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | TrendingResponse | None:
    if response.status_code == 200:
        response_200 = TrendingResponse.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

    if response.status_code == 414:
        response_414 = Problem.from_dict(response.json())

        return response_414

    if response.status_code == 503:
        response_503 = Problem.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Problem | TrendingResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    window: Window | Unset = UNSET,
    size: int | Unset = 20,
) -> Response[Problem | TrendingResponse]:
    """List trending movies

     Return movies that are popular today or this week, or rising, with the reasons.

    Args:
        window (Window | Unset): The trending lists.
        size (int | Unset): Maximum number of movies. Default: 20.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | TrendingResponse]
    """

    kwargs = _get_kwargs(
        window=window,
        size=size,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    window: Window | Unset = UNSET,
    size: int | Unset = 20,
) -> Problem | TrendingResponse | None:
    """List trending movies

     Return movies that are popular today or this week, or rising, with the reasons.

    Args:
        window (Window | Unset): The trending lists.
        size (int | Unset): Maximum number of movies. Default: 20.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | TrendingResponse
    """

    return sync_detailed(
        client=client,
        window=window,
        size=size,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    window: Window | Unset = UNSET,
    size: int | Unset = 20,
) -> Response[Problem | TrendingResponse]:
    """List trending movies

     Return movies that are popular today or this week, or rising, with the reasons.

    Args:
        window (Window | Unset): The trending lists.
        size (int | Unset): Maximum number of movies. Default: 20.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | TrendingResponse]
    """

    kwargs = _get_kwargs(
        window=window,
        size=size,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    window: Window | Unset = UNSET,
    size: int | Unset = 20,
) -> Problem | TrendingResponse | None:
    """List trending movies

     Return movies that are popular today or this week, or rising, with the reasons.

    Args:
        window (Window | Unset): The trending lists.
        size (int | Unset): Maximum number of movies. Default: 20.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | TrendingResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            window=window,
            size=size,
        )
    ).parsed
