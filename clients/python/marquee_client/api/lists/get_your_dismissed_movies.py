from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.get_your_dismissed_movies_order import GetYourDismissedMoviesOrder
from ...models.list_sort import ListSort
from ...models.movie_list_response import MovieListResponse
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    sort: ListSort | Unset = UNSET,
    order: GetYourDismissedMoviesOrder | Unset = UNSET,
    page: int | Unset = 1,
    size: int | Unset = 20,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_sort: str | Unset = UNSET
    if not isinstance(sort, Unset):
        json_sort = sort.value

    params["sort"] = json_sort

    json_order: str | Unset = UNSET
    if not isinstance(order, Unset):
        json_order = order.value

    params["order"] = json_order

    params["page"] = page

    params["size"] = size

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/me/dismissed",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> MovieListResponse | Problem | None:
    if response.status_code == 200:
        response_200 = MovieListResponse.from_dict(response.json())

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
) -> Response[MovieListResponse | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    sort: ListSort | Unset = UNSET,
    order: GetYourDismissedMoviesOrder | Unset = UNSET,
    page: int | Unset = 1,
    size: int | Unset = 20,
) -> Response[MovieListResponse | Problem]:
    """Get your dismissed movies

     Return a page of the list.

    Args:
        sort (ListSort | Unset): Sort orders of the user's lists.
        order (GetYourDismissedMoviesOrder | Unset): Direction. By default, the latest, the most
            stars, A to Z or the newest come first.
        page (int | Unset): Page, from 1. Default: 1.
        size (int | Unset): Movies per page. Default: 20.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[MovieListResponse | Problem]
    """

    kwargs = _get_kwargs(
        sort=sort,
        order=order,
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
    sort: ListSort | Unset = UNSET,
    order: GetYourDismissedMoviesOrder | Unset = UNSET,
    page: int | Unset = 1,
    size: int | Unset = 20,
) -> MovieListResponse | Problem | None:
    """Get your dismissed movies

     Return a page of the list.

    Args:
        sort (ListSort | Unset): Sort orders of the user's lists.
        order (GetYourDismissedMoviesOrder | Unset): Direction. By default, the latest, the most
            stars, A to Z or the newest come first.
        page (int | Unset): Page, from 1. Default: 1.
        size (int | Unset): Movies per page. Default: 20.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        MovieListResponse | Problem
    """

    return sync_detailed(
        client=client,
        sort=sort,
        order=order,
        page=page,
        size=size,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    sort: ListSort | Unset = UNSET,
    order: GetYourDismissedMoviesOrder | Unset = UNSET,
    page: int | Unset = 1,
    size: int | Unset = 20,
) -> Response[MovieListResponse | Problem]:
    """Get your dismissed movies

     Return a page of the list.

    Args:
        sort (ListSort | Unset): Sort orders of the user's lists.
        order (GetYourDismissedMoviesOrder | Unset): Direction. By default, the latest, the most
            stars, A to Z or the newest come first.
        page (int | Unset): Page, from 1. Default: 1.
        size (int | Unset): Movies per page. Default: 20.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[MovieListResponse | Problem]
    """

    kwargs = _get_kwargs(
        sort=sort,
        order=order,
        page=page,
        size=size,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    sort: ListSort | Unset = UNSET,
    order: GetYourDismissedMoviesOrder | Unset = UNSET,
    page: int | Unset = 1,
    size: int | Unset = 20,
) -> MovieListResponse | Problem | None:
    """Get your dismissed movies

     Return a page of the list.

    Args:
        sort (ListSort | Unset): Sort orders of the user's lists.
        order (GetYourDismissedMoviesOrder | Unset): Direction. By default, the latest, the most
            stars, A to Z or the newest come first.
        page (int | Unset): Page, from 1. Default: 1.
        size (int | Unset): Movies per page. Default: 20.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        MovieListResponse | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            sort=sort,
            order=order,
            page=page,
            size=size,
        )
    ).parsed
