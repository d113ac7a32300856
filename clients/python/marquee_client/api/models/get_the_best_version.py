from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.model_view import ModelView
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    metric: str | Unset = "ndcg@10",
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["metric"] = metric

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/ml/models/best",
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> ModelView | Problem | None:
    if response.status_code == 200:
        response_200 = ModelView.from_dict(response.json())

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[ModelView | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    metric: str | Unset = "ndcg@10",
) -> Response[ModelView | Problem]:
    """Get the best version

     Return the best version by a metric: lowest for errors, highest otherwise.

    Args:
        metric (str | Unset): `ndcg@10`, `recall@20`, `coverage`, `rmse`, … Default: 'ndcg@10'.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ModelView | Problem]
    """

    kwargs = _get_kwargs(
        metric=metric,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    metric: str | Unset = "ndcg@10",
) -> ModelView | Problem | None:
    """Get the best version

     Return the best version by a metric: lowest for errors, highest otherwise.

    Args:
        metric (str | Unset): `ndcg@10`, `recall@20`, `coverage`, `rmse`, … Default: 'ndcg@10'.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ModelView | Problem
    """

    return sync_detailed(
        client=client,
        metric=metric,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    metric: str | Unset = "ndcg@10",
) -> Response[ModelView | Problem]:
    """Get the best version

     Return the best version by a metric: lowest for errors, highest otherwise.

    Args:
        metric (str | Unset): `ndcg@10`, `recall@20`, `coverage`, `rmse`, … Default: 'ndcg@10'.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ModelView | Problem]
    """

    kwargs = _get_kwargs(
        metric=metric,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    metric: str | Unset = "ndcg@10",
) -> ModelView | Problem | None:
    """Get the best version

     Return the best version by a metric: lowest for errors, highest otherwise.

    Args:
        metric (str | Unset): `ndcg@10`, `recall@20`, `coverage`, `rmse`, … Default: 'ndcg@10'.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ModelView | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            metric=metric,
        )
    ).parsed
