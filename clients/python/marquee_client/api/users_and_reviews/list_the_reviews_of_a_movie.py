from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.published_reviews_response import PublishedReviewsResponse
from ...models.review_sort import ReviewSort
from ...types import UNSET, Response, Unset


def _get_kwargs(
    id: int,
    *,
    sort: ReviewSort | Unset = UNSET,
    after: str | Unset = "",
    size: int | Unset = 10,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_sort: str | Unset = UNSET
    if not isinstance(sort, Unset):
        json_sort = sort.value

    params["sort"] = json_sort

    params["after"] = after

    params["size"] = size

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/movies/{id}/reviews".format(
            id=quote(str(id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | PublishedReviewsResponse | None:
    if response.status_code == 200:
        response_200 = PublishedReviewsResponse.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

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


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Problem | PublishedReviewsResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    id: int,
    *,
    client: AuthenticatedClient,
    sort: ReviewSort | Unset = UNSET,
    after: str | Unset = "",
    size: int | Unset = 10,
) -> Response[Problem | PublishedReviewsResponse]:
    """List the reviews of a movie

     Return a page of the published reviews that you may see, without your own.

    Args:
        id (int): TMDB id of the movie.
        sort (ReviewSort | Unset): Sort orders of the reviews of a movie.
        after (str | Unset): `next` of the previous page. Default: ''.
        size (int | Unset): Reviews per page. Default: 10.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | PublishedReviewsResponse]
    """

    kwargs = _get_kwargs(
        id=id,
        sort=sort,
        after=after,
        size=size,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    id: int,
    *,
    client: AuthenticatedClient,
    sort: ReviewSort | Unset = UNSET,
    after: str | Unset = "",
    size: int | Unset = 10,
) -> Problem | PublishedReviewsResponse | None:
    """List the reviews of a movie

     Return a page of the published reviews that you may see, without your own.

    Args:
        id (int): TMDB id of the movie.
        sort (ReviewSort | Unset): Sort orders of the reviews of a movie.
        after (str | Unset): `next` of the previous page. Default: ''.
        size (int | Unset): Reviews per page. Default: 10.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | PublishedReviewsResponse
    """

    return sync_detailed(
        id=id,
        client=client,
        sort=sort,
        after=after,
        size=size,
    ).parsed


async def asyncio_detailed(
    id: int,
    *,
    client: AuthenticatedClient,
    sort: ReviewSort | Unset = UNSET,
    after: str | Unset = "",
    size: int | Unset = 10,
) -> Response[Problem | PublishedReviewsResponse]:
    """List the reviews of a movie

     Return a page of the published reviews that you may see, without your own.

    Args:
        id (int): TMDB id of the movie.
        sort (ReviewSort | Unset): Sort orders of the reviews of a movie.
        after (str | Unset): `next` of the previous page. Default: ''.
        size (int | Unset): Reviews per page. Default: 10.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | PublishedReviewsResponse]
    """

    kwargs = _get_kwargs(
        id=id,
        sort=sort,
        after=after,
        size=size,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    id: int,
    *,
    client: AuthenticatedClient,
    sort: ReviewSort | Unset = UNSET,
    after: str | Unset = "",
    size: int | Unset = 10,
) -> Problem | PublishedReviewsResponse | None:
    """List the reviews of a movie

     Return a page of the published reviews that you may see, without your own.

    Args:
        id (int): TMDB id of the movie.
        sort (ReviewSort | Unset): Sort orders of the reviews of a movie.
        after (str | Unset): `next` of the previous page. Default: ''.
        size (int | Unset): Reviews per page. Default: 10.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | PublishedReviewsResponse
    """

    return (
        await asyncio_detailed(
            id=id,
            client=client,
            sort=sort,
            after=after,
            size=size,
        )
    ).parsed
