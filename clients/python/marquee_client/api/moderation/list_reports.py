from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.content_reports_response import ContentReportsResponse
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    limit: int | Unset = 50,
    before: int | Unset = UNSET,
    closed: bool | int | Unset = False,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["limit"] = limit

    params["before"] = before

    json_closed: bool | int | Unset
    if isinstance(closed, Unset):
        json_closed = UNSET
    else:
        json_closed = closed
    params["closed"] = json_closed

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/ml/reports",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ContentReportsResponse | Problem | None:
    if response.status_code == 200:
        response_200 = ContentReportsResponse.from_dict(response.json())

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
) -> Response[ContentReportsResponse | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    before: int | Unset = UNSET,
    closed: bool | int | Unset = False,
) -> Response[ContentReportsResponse | Problem]:
    """List reports

     Return reports that wait for a decision, or decided ones, the latest first.

    Args:
        limit (int | Unset): Maximum number of entries. Default: 50.
        before (int | Unset): Only entries before this one: the `id` of the last entry.
        closed (bool | int | Unset): Decided reports instead of those that wait. Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ContentReportsResponse | Problem]
    """

    kwargs = _get_kwargs(
        limit=limit,
        before=before,
        closed=closed,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    before: int | Unset = UNSET,
    closed: bool | int | Unset = False,
) -> ContentReportsResponse | Problem | None:
    """List reports

     Return reports that wait for a decision, or decided ones, the latest first.

    Args:
        limit (int | Unset): Maximum number of entries. Default: 50.
        before (int | Unset): Only entries before this one: the `id` of the last entry.
        closed (bool | int | Unset): Decided reports instead of those that wait. Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ContentReportsResponse | Problem
    """

    return sync_detailed(
        client=client,
        limit=limit,
        before=before,
        closed=closed,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    before: int | Unset = UNSET,
    closed: bool | int | Unset = False,
) -> Response[ContentReportsResponse | Problem]:
    """List reports

     Return reports that wait for a decision, or decided ones, the latest first.

    Args:
        limit (int | Unset): Maximum number of entries. Default: 50.
        before (int | Unset): Only entries before this one: the `id` of the last entry.
        closed (bool | int | Unset): Decided reports instead of those that wait. Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ContentReportsResponse | Problem]
    """

    kwargs = _get_kwargs(
        limit=limit,
        before=before,
        closed=closed,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    before: int | Unset = UNSET,
    closed: bool | int | Unset = False,
) -> ContentReportsResponse | Problem | None:
    """List reports

     Return reports that wait for a decision, or decided ones, the latest first.

    Args:
        limit (int | Unset): Maximum number of entries. Default: 50.
        before (int | Unset): Only entries before this one: the `id` of the last entry.
        closed (bool | int | Unset): Decided reports instead of those that wait. Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ContentReportsResponse | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            limit=limit,
            before=before,
            closed=closed,
        )
    ).parsed
