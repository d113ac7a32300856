from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.activities_response import ActivitiesResponse
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    after: str | Unset = "",
    size: int | Unset = 30,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["after"] = after

    params["size"] = size

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/me/activity",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ActivitiesResponse | Problem | None:
    if response.status_code == 200:
        response_200 = ActivitiesResponse.from_dict(response.json())

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
) -> Response[ActivitiesResponse | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    after: str | Unset = "",
    size: int | Unset = 30,
) -> Response[ActivitiesResponse | Problem]:
    """List your friends’ activity

     Return what the users whom you follow watched, rated, reviewed and listed, the newest first.

    Args:
        after (str | Unset): `next` of the previous page. Default: ''.
        size (int | Unset): Activities per page. Default: 30.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ActivitiesResponse | Problem]
    """

    kwargs = _get_kwargs(
        after=after,
        size=size,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    after: str | Unset = "",
    size: int | Unset = 30,
) -> ActivitiesResponse | Problem | None:
    """List your friends’ activity

     Return what the users whom you follow watched, rated, reviewed and listed, the newest first.

    Args:
        after (str | Unset): `next` of the previous page. Default: ''.
        size (int | Unset): Activities per page. Default: 30.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ActivitiesResponse | Problem
    """

    return sync_detailed(
        client=client,
        after=after,
        size=size,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    after: str | Unset = "",
    size: int | Unset = 30,
) -> Response[ActivitiesResponse | Problem]:
    """List your friends’ activity

     Return what the users whom you follow watched, rated, reviewed and listed, the newest first.

    Args:
        after (str | Unset): `next` of the previous page. Default: ''.
        size (int | Unset): Activities per page. Default: 30.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ActivitiesResponse | Problem]
    """

    kwargs = _get_kwargs(
        after=after,
        size=size,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    after: str | Unset = "",
    size: int | Unset = 30,
) -> ActivitiesResponse | Problem | None:
    """List your friends’ activity

     Return what the users whom you follow watched, rated, reviewed and listed, the newest first.

    Args:
        after (str | Unset): `next` of the previous page. Default: ''.
        size (int | Unset): Activities per page. Default: 30.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ActivitiesResponse | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            after=after,
            size=size,
        )
    ).parsed
