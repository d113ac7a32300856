from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.query_understanding import QueryUnderstanding
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    q: str | Unset = "",
    drop: list[str] | Unset = UNSET,
    literal: bool | int | Unset = False,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["q"] = q

    json_drop: list[str] | Unset = UNSET
    if not isinstance(drop, Unset):
        json_drop = drop

    params["drop"] = json_drop

    json_literal: bool | int | Unset
    if isinstance(literal, Unset):
        json_literal = UNSET
    else:
        json_literal = literal
    params["literal"] = json_literal

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/understand",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | QueryUnderstanding | None:
    if response.status_code == 200:
        response_200 = QueryUnderstanding.from_dict(response.json())

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
) -> Response[Problem | QueryUnderstanding]:
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
    drop: list[str] | Unset = UNSET,
    literal: bool | int | Unset = False,
) -> Response[Problem | QueryUnderstanding]:
    """Interpret a search text

     Return what a text asks for, piece by piece, without searching.

    Args:
        q (str | Unset): The search text. Default: ''.
        drop (list[str] | Unset): Piece to ignore, by its `key`; may be repeated.
        literal (bool | int | Unset): Do not interpret the text. Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | QueryUnderstanding]
    """

    kwargs = _get_kwargs(
        q=q,
        drop=drop,
        literal=literal,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    q: str | Unset = "",
    drop: list[str] | Unset = UNSET,
    literal: bool | int | Unset = False,
) -> Problem | QueryUnderstanding | None:
    """Interpret a search text

     Return what a text asks for, piece by piece, without searching.

    Args:
        q (str | Unset): The search text. Default: ''.
        drop (list[str] | Unset): Piece to ignore, by its `key`; may be repeated.
        literal (bool | int | Unset): Do not interpret the text. Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | QueryUnderstanding
    """

    return sync_detailed(
        client=client,
        q=q,
        drop=drop,
        literal=literal,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    q: str | Unset = "",
    drop: list[str] | Unset = UNSET,
    literal: bool | int | Unset = False,
) -> Response[Problem | QueryUnderstanding]:
    """Interpret a search text

     Return what a text asks for, piece by piece, without searching.

    Args:
        q (str | Unset): The search text. Default: ''.
        drop (list[str] | Unset): Piece to ignore, by its `key`; may be repeated.
        literal (bool | int | Unset): Do not interpret the text. Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | QueryUnderstanding]
    """

    kwargs = _get_kwargs(
        q=q,
        drop=drop,
        literal=literal,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    q: str | Unset = "",
    drop: list[str] | Unset = UNSET,
    literal: bool | int | Unset = False,
) -> Problem | QueryUnderstanding | None:
    """Interpret a search text

     Return what a text asks for, piece by piece, without searching.

    Args:
        q (str | Unset): The search text. Default: ''.
        drop (list[str] | Unset): Piece to ignore, by its `key`; may be repeated.
        literal (bool | int | Unset): Do not interpret the text. Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | QueryUnderstanding
    """

    return (
        await asyncio_detailed(
            client=client,
            q=q,
            drop=drop,
            literal=literal,
        )
    ).parsed
