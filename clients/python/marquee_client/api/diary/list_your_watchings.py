import datetime
from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.watches_response import WatchesResponse
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    first: datetime.date | Unset = UNSET,
    last: datetime.date | Unset = UNSET,
    page: int | Unset = 1,
    size: int | Unset = 50,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_first: str | Unset = UNSET
    if not isinstance(first, Unset):
        json_first = first.isoformat()
    params["first"] = json_first

    json_last: str | Unset = UNSET
    if not isinstance(last, Unset):
        json_last = last.isoformat()
    params["last"] = json_last

    params["page"] = page

    params["size"] = size

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/me/diary",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | WatchesResponse | None:
    if response.status_code == 200:
        response_200 = WatchesResponse.from_dict(response.json())

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
) -> Response[Problem | WatchesResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    first: datetime.date | Unset = UNSET,
    last: datetime.date | Unset = UNSET,
    page: int | Unset = 1,
    size: int | Unset = 50,
) -> Response[Problem | WatchesResponse]:
    """List your watchings

     Return a page of your diary, the newest watching first.

    Args:
        first (datetime.date | Unset): Only watchings on this day or later.
        last (datetime.date | Unset): Only watchings on this day or earlier.
        page (int | Unset): Page, from 1. Default: 1.
        size (int | Unset): Watchings per page. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | WatchesResponse]
    """

    kwargs = _get_kwargs(
        first=first,
        last=last,
        page=page,
        size=size,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    first: datetime.date | Unset = UNSET,
    last: datetime.date | Unset = UNSET,
    page: int | Unset = 1,
    size: int | Unset = 50,
) -> Problem | WatchesResponse | None:
    """List your watchings

     Return a page of your diary, the newest watching first.

    Args:
        first (datetime.date | Unset): Only watchings on this day or later.
        last (datetime.date | Unset): Only watchings on this day or earlier.
        page (int | Unset): Page, from 1. Default: 1.
        size (int | Unset): Watchings per page. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | WatchesResponse
    """

    return sync_detailed(
        client=client,
        first=first,
        last=last,
        page=page,
        size=size,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    first: datetime.date | Unset = UNSET,
    last: datetime.date | Unset = UNSET,
    page: int | Unset = 1,
    size: int | Unset = 50,
) -> Response[Problem | WatchesResponse]:
    """List your watchings

     Return a page of your diary, the newest watching first.

    Args:
        first (datetime.date | Unset): Only watchings on this day or later.
        last (datetime.date | Unset): Only watchings on this day or earlier.
        page (int | Unset): Page, from 1. Default: 1.
        size (int | Unset): Watchings per page. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | WatchesResponse]
    """

    kwargs = _get_kwargs(
        first=first,
        last=last,
        page=page,
        size=size,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    first: datetime.date | Unset = UNSET,
    last: datetime.date | Unset = UNSET,
    page: int | Unset = 1,
    size: int | Unset = 50,
) -> Problem | WatchesResponse | None:
    """List your watchings

     Return a page of your diary, the newest watching first.

    Args:
        first (datetime.date | Unset): Only watchings on this day or later.
        last (datetime.date | Unset): Only watchings on this day or earlier.
        page (int | Unset): Page, from 1. Default: 1.
        size (int | Unset): Watchings per page. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | WatchesResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            first=first,
            last=last,
            page=page,
            size=size,
        )
    ).parsed
