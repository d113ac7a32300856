from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.suggestions_response import SuggestionsResponse
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    q: str | Unset = "",
    size: int | Unset = 8,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["q"] = q

    params["size"] = size

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/suggest",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | SuggestionsResponse | None:
    if response.status_code == 200:
        response_200 = SuggestionsResponse.from_dict(response.json())

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
) -> Response[Problem | SuggestionsResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    q: str | Unset = "",
    size: int | Unset = 8,
) -> Response[Problem | SuggestionsResponse]:
    """Suggest titles and people

     Return movies and people whose name starts with the text; small typos are tolerated.

    Args:
        q (str | Unset): The text typed so far. Default: ''.
        size (int | Unset): Maximum number of suggestions. Default: 8.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SuggestionsResponse]
    """

    kwargs = _get_kwargs(
        q=q,
        size=size,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    q: str | Unset = "",
    size: int | Unset = 8,
) -> Problem | SuggestionsResponse | None:
    """Suggest titles and people

     Return movies and people whose name starts with the text; small typos are tolerated.

    Args:
        q (str | Unset): The text typed so far. Default: ''.
        size (int | Unset): Maximum number of suggestions. Default: 8.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SuggestionsResponse
    """

    return sync_detailed(
        client=client,
        q=q,
        size=size,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    q: str | Unset = "",
    size: int | Unset = 8,
) -> Response[Problem | SuggestionsResponse]:
    """Suggest titles and people

     Return movies and people whose name starts with the text; small typos are tolerated.

    Args:
        q (str | Unset): The text typed so far. Default: ''.
        size (int | Unset): Maximum number of suggestions. Default: 8.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SuggestionsResponse]
    """

    kwargs = _get_kwargs(
        q=q,
        size=size,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    q: str | Unset = "",
    size: int | Unset = 8,
) -> Problem | SuggestionsResponse | None:
    """Suggest titles and people

     Return movies and people whose name starts with the text; small typos are tolerated.

    Args:
        q (str | Unset): The text typed so far. Default: ''.
        size (int | Unset): Maximum number of suggestions. Default: 8.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SuggestionsResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            q=q,
            size=size,
        )
    ).parsed
