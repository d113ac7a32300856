from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    run: int | Unset = UNSET,
    seconds: int | Unset = 600,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["run"] = run

    params["seconds"] = seconds

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/ml/training-status/stream",
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | str | None:
    if response.status_code == 200:
        response_200 = response.text
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

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | str]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    run: int | Unset = UNSET,
    seconds: int | Unset = 600,
) -> Response[Problem | str]:
    """Stream the training status

     Server-sent events: `run` with the run as JSON whenever it changes, and `end` when it is
    over.<br/><br/>Comments keep the connection alive. `trouble` says why the run cannot be read;
    reconnect. If all streams are<br/>in use (429), poll `/api/ml/training-status` instead.

    Args:
        run (int | Unset): Number of a run. Default: the running or latest training run.
        seconds (int | Unset): Maximum duration in seconds. Default: 600.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | str]
    """

    kwargs = _get_kwargs(
        run=run,
        seconds=seconds,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    run: int | Unset = UNSET,
    seconds: int | Unset = 600,
) -> Problem | str | None:
    """Stream the training status

     Server-sent events: `run` with the run as JSON whenever it changes, and `end` when it is
    over.<br/><br/>Comments keep the connection alive. `trouble` says why the run cannot be read;
    reconnect. If all streams are<br/>in use (429), poll `/api/ml/training-status` instead.

    Args:
        run (int | Unset): Number of a run. Default: the running or latest training run.
        seconds (int | Unset): Maximum duration in seconds. Default: 600.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | str
    """

    return sync_detailed(
        client=client,
        run=run,
        seconds=seconds,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    run: int | Unset = UNSET,
    seconds: int | Unset = 600,
) -> Response[Problem | str]:
    """Stream the training status

     Server-sent events: `run` with the run as JSON whenever it changes, and `end` when it is
    over.<br/><br/>Comments keep the connection alive. `trouble` says why the run cannot be read;
    reconnect. If all streams are<br/>in use (429), poll `/api/ml/training-status` instead.

    Args:
        run (int | Unset): Number of a run. Default: the running or latest training run.
        seconds (int | Unset): Maximum duration in seconds. Default: 600.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | str]
    """

    kwargs = _get_kwargs(
        run=run,
        seconds=seconds,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    run: int | Unset = UNSET,
    seconds: int | Unset = 600,
) -> Problem | str | None:
    """Stream the training status

     Server-sent events: `run` with the run as JSON whenever it changes, and `end` when it is
    over.<br/><br/>Comments keep the connection alive. `trouble` says why the run cannot be read;
    reconnect. If all streams are<br/>in use (429), poll `/api/ml/training-status` instead.

    Args:
        run (int | Unset): Number of a run. Default: the running or latest training run.
        seconds (int | Unset): Maximum duration in seconds. Default: 600.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | str
    """

    return (
        await asyncio_detailed(
            client=client,
            run=run,
            seconds=seconds,
        )
    ).parsed
