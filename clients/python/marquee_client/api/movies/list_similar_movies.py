from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.list_similar_movies_by import ListSimilarMoviesBy
from ...models.problem import Problem
from ...models.similar_movies_response import SimilarMoviesResponse
from ...types import UNSET, Response, Unset


def _get_kwargs(
    id: int,
    *,
    lang: str | Unset = "",
    by: ListSimilarMoviesBy | Unset = ListSimilarMoviesBy.BOTH,
    size: int | Unset = 12,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["lang"] = lang

    json_by: str | Unset = UNSET
    if not isinstance(by, Unset):
        json_by = by.value

    params["by"] = json_by

    params["size"] = size

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/movies/{id}/similar".format(
            id=quote(str(id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | SimilarMoviesResponse | None:
    if response.status_code == 200:
        response_200 = SimilarMoviesResponse.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

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
) -> Response[Problem | SimilarMoviesResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    id: int,
    *,
    client: AuthenticatedClient | Client,
    lang: str | Unset = "",
    by: ListSimilarMoviesBy | Unset = ListSimilarMoviesBy.BOTH,
    size: int | Unset = 12,
) -> Response[Problem | SimilarMoviesResponse]:
    """List similar movies

     Return movies similar in what they are about (`meaning`), in who likes them (`taste`), or in both.

    Args:
        id (int): TMDB id of the movie.
        lang (str | Unset): ISO 639-1 code: titles and overviews in this language, where the
            catalogue has them. Default: ''.
        by (ListSimilarMoviesBy | Unset): Similar in what they are about (`meaning`), in who likes
            them (`taste`), or in both. Default: ListSimilarMoviesBy.BOTH.
        size (int | Unset): Maximum number of movies. Default: 12.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SimilarMoviesResponse]
    """

    kwargs = _get_kwargs(
        id=id,
        lang=lang,
        by=by,
        size=size,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    id: int,
    *,
    client: AuthenticatedClient | Client,
    lang: str | Unset = "",
    by: ListSimilarMoviesBy | Unset = ListSimilarMoviesBy.BOTH,
    size: int | Unset = 12,
) -> Problem | SimilarMoviesResponse | None:
    """List similar movies

     Return movies similar in what they are about (`meaning`), in who likes them (`taste`), or in both.

    Args:
        id (int): TMDB id of the movie.
        lang (str | Unset): ISO 639-1 code: titles and overviews in this language, where the
            catalogue has them. Default: ''.
        by (ListSimilarMoviesBy | Unset): Similar in what they are about (`meaning`), in who likes
            them (`taste`), or in both. Default: ListSimilarMoviesBy.BOTH.
        size (int | Unset): Maximum number of movies. Default: 12.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SimilarMoviesResponse
    """

    return sync_detailed(
        id=id,
        client=client,
        lang=lang,
        by=by,
        size=size,
    ).parsed


async def asyncio_detailed(
    id: int,
    *,
    client: AuthenticatedClient | Client,
    lang: str | Unset = "",
    by: ListSimilarMoviesBy | Unset = ListSimilarMoviesBy.BOTH,
    size: int | Unset = 12,
) -> Response[Problem | SimilarMoviesResponse]:
    """List similar movies

     Return movies similar in what they are about (`meaning`), in who likes them (`taste`), or in both.

    Args:
        id (int): TMDB id of the movie.
        lang (str | Unset): ISO 639-1 code: titles and overviews in this language, where the
            catalogue has them. Default: ''.
        by (ListSimilarMoviesBy | Unset): Similar in what they are about (`meaning`), in who likes
            them (`taste`), or in both. Default: ListSimilarMoviesBy.BOTH.
        size (int | Unset): Maximum number of movies. Default: 12.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SimilarMoviesResponse]
    """

    kwargs = _get_kwargs(
        id=id,
        lang=lang,
        by=by,
        size=size,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    id: int,
    *,
    client: AuthenticatedClient | Client,
    lang: str | Unset = "",
    by: ListSimilarMoviesBy | Unset = ListSimilarMoviesBy.BOTH,
    size: int | Unset = 12,
) -> Problem | SimilarMoviesResponse | None:
    """List similar movies

     Return movies similar in what they are about (`meaning`), in who likes them (`taste`), or in both.

    Args:
        id (int): TMDB id of the movie.
        lang (str | Unset): ISO 639-1 code: titles and overviews in this language, where the
            catalogue has them. Default: ''.
        by (ListSimilarMoviesBy | Unset): Similar in what they are about (`meaning`), in who likes
            them (`taste`), or in both. Default: ListSimilarMoviesBy.BOTH.
        size (int | Unset): Maximum number of movies. Default: 12.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SimilarMoviesResponse
    """

    return (
        await asyncio_detailed(
            id=id,
            client=client,
            lang=lang,
            by=by,
            size=size,
        )
    ).parsed
