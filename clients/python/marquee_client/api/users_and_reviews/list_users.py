import datetime
from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.connection_kind import ConnectionKind
from ...models.connections_response import ConnectionsResponse
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    show: ConnectionKind | Unset = UNSET,
    before: datetime.datetime | Unset = UNSET,
    size: int | Unset = 50,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_show: str | Unset = UNSET
    if not isinstance(show, Unset):
        json_show = show.value

    params["show"] = json_show

    json_before: str | Unset = UNSET
    if not isinstance(before, Unset):
        json_before = before.isoformat()
    params["before"] = json_before

    params["size"] = size

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/me/connections",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ConnectionsResponse | Problem | None:
    if response.status_code == 200:
        response_200 = ConnectionsResponse.from_dict(response.json())

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
) -> Response[ConnectionsResponse | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    show: ConnectionKind | Unset = UNSET,
    before: datetime.datetime | Unset = UNSET,
    size: int | Unset = 50,
) -> Response[ConnectionsResponse | Problem]:
    """List users

     Return the users whom you follow or blocked, or who follow you or ask to, the latest first.

    Args:
        show (ConnectionKind | Unset): The lists of users that somebody is connected with.
        before (datetime.datetime | Unset): Only those before this time: the `at` of the last one.
        size (int | Unset): Users per page. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ConnectionsResponse | Problem]
    """

    kwargs = _get_kwargs(
        show=show,
        before=before,
        size=size,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    show: ConnectionKind | Unset = UNSET,
    before: datetime.datetime | Unset = UNSET,
    size: int | Unset = 50,
) -> ConnectionsResponse | Problem | None:
    """List users

     Return the users whom you follow or blocked, or who follow you or ask to, the latest first.

    Args:
        show (ConnectionKind | Unset): The lists of users that somebody is connected with.
        before (datetime.datetime | Unset): Only those before this time: the `at` of the last one.
        size (int | Unset): Users per page. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ConnectionsResponse | Problem
    """

    return sync_detailed(
        client=client,
        show=show,
        before=before,
        size=size,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    show: ConnectionKind | Unset = UNSET,
    before: datetime.datetime | Unset = UNSET,
    size: int | Unset = 50,
) -> Response[ConnectionsResponse | Problem]:
    """List users

     Return the users whom you follow or blocked, or who follow you or ask to, the latest first.

    Args:
        show (ConnectionKind | Unset): The lists of users that somebody is connected with.
        before (datetime.datetime | Unset): Only those before this time: the `at` of the last one.
        size (int | Unset): Users per page. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ConnectionsResponse | Problem]
    """

    kwargs = _get_kwargs(
        show=show,
        before=before,
        size=size,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    show: ConnectionKind | Unset = UNSET,
    before: datetime.datetime | Unset = UNSET,
    size: int | Unset = 50,
) -> ConnectionsResponse | Problem | None:
    """List users

     Return the users whom you follow or blocked, or who follow you or ask to, the latest first.

    Args:
        show (ConnectionKind | Unset): The lists of users that somebody is connected with.
        before (datetime.datetime | Unset): Only those before this time: the `at` of the last one.
        size (int | Unset): Users per page. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ConnectionsResponse | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            show=show,
            before=before,
            size=size,
        )
    ).parsed
