from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.reports_response import ReportsResponse
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    days: int | Unset = 30,
    limit: int | Unset = 50,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["days"] = days

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/ml/insights",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | ReportsResponse | None:
    if response.status_code == 200:
        response_200 = ReportsResponse.from_dict(response.json())

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
) -> Response[Problem | ReportsResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    days: int | Unset = 30,
    limit: int | Unset = 50,
) -> Response[Problem | ReportsResponse]:
    """Get reports

     Return ratings per day, users, movies and sparsity; searches without a good answer; online metrics.

    Args:
        days (int | Unset): Number of days up to now. Default: 30.
        limit (int | Unset): Maximum number of searches. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | ReportsResponse]
    """

    kwargs = _get_kwargs(
        days=days,
        limit=limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    days: int | Unset = 30,
    limit: int | Unset = 50,
) -> Problem | ReportsResponse | None:
    """Get reports

     Return ratings per day, users, movies and sparsity; searches without a good answer; online metrics.

    Args:
        days (int | Unset): Number of days up to now. Default: 30.
        limit (int | Unset): Maximum number of searches. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | ReportsResponse
    """

    return sync_detailed(
        client=client,
        days=days,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    days: int | Unset = 30,
    limit: int | Unset = 50,
) -> Response[Problem | ReportsResponse]:
    """Get reports

     Return ratings per day, users, movies and sparsity; searches without a good answer; online metrics.

    Args:
        days (int | Unset): Number of days up to now. Default: 30.
        limit (int | Unset): Maximum number of searches. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | ReportsResponse]
    """

    kwargs = _get_kwargs(
        days=days,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    days: int | Unset = 30,
    limit: int | Unset = 50,
) -> Problem | ReportsResponse | None:
    """Get reports

     Return ratings per day, users, movies and sparsity; searches without a good answer; online metrics.

    Args:
        days (int | Unset): Number of days up to now. Default: 30.
        limit (int | Unset): Maximum number of searches. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | ReportsResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            days=days,
            limit=limit,
        )
    ).parsed
