import datetime
from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.history_response import HistoryResponse
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    size: int | Unset = 100,
    before: datetime.datetime | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["size"] = size

    json_before: str | Unset = UNSET
    if not isinstance(before, Unset):
        json_before = before.isoformat()
    params["before"] = json_before

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/me/history",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> HistoryResponse | Problem | None:
    if response.status_code == 200:
        response_200 = HistoryResponse.from_dict(response.json())

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

    if response.status_code == 503:
        response_503 = Problem.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[HistoryResponse | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    size: int | Unset = 100,
    before: datetime.datetime | Unset = UNSET,
) -> Response[HistoryResponse | Problem]:
    """List your history

     Return changes to your ratings, lists and reviews, latest first.

    Args:
        size (int | Unset): Maximum number of entries. Default: 100.
        before (datetime.datetime | Unset): Only changes before this time (ISO 8601 with an
            offset): the `at` of the last entry.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[HistoryResponse | Problem]
    """

    kwargs = _get_kwargs(
        size=size,
        before=before,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    size: int | Unset = 100,
    before: datetime.datetime | Unset = UNSET,
) -> HistoryResponse | Problem | None:
    """List your history

     Return changes to your ratings, lists and reviews, latest first.

    Args:
        size (int | Unset): Maximum number of entries. Default: 100.
        before (datetime.datetime | Unset): Only changes before this time (ISO 8601 with an
            offset): the `at` of the last entry.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        HistoryResponse | Problem
    """

    return sync_detailed(
        client=client,
        size=size,
        before=before,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    size: int | Unset = 100,
    before: datetime.datetime | Unset = UNSET,
) -> Response[HistoryResponse | Problem]:
    """List your history

     Return changes to your ratings, lists and reviews, latest first.

    Args:
        size (int | Unset): Maximum number of entries. Default: 100.
        before (datetime.datetime | Unset): Only changes before this time (ISO 8601 with an
            offset): the `at` of the last entry.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[HistoryResponse | Problem]
    """

    kwargs = _get_kwargs(
        size=size,
        before=before,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    size: int | Unset = 100,
    before: datetime.datetime | Unset = UNSET,
) -> HistoryResponse | Problem | None:
    """List your history

     Return changes to your ratings, lists and reviews, latest first.

    Args:
        size (int | Unset): Maximum number of entries. Default: 100.
        before (datetime.datetime | Unset): Only changes before this time (ISO 8601 with an
            offset): the `at` of the last entry.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        HistoryResponse | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            size=size,
            before=before,
        )
    ).parsed
