from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.recommendation_rows_response import RecommendationRowsResponse
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    size: int | Unset = 12,
    familiarity: float | Unset = UNSET,
    adult: bool | int | Unset = False,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["size"] = size

    params["familiarity"] = familiarity

    json_adult: bool | int | Unset
    if isinstance(adult, Unset):
        json_adult = UNSET
    else:
        json_adult = adult
    params["adult"] = json_adult

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/recommendations/rows",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | RecommendationRowsResponse | None:
    if response.status_code == 200:
        response_200 = RecommendationRowsResponse.from_dict(response.json())

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
) -> Response[Problem | RecommendationRowsResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    size: int | Unset = 12,
    familiarity: float | Unset = UNSET,
    adult: bool | int | Unset = False,
) -> Response[Problem | RecommendationRowsResponse]:
    """Get your recommendations by rows

     Return the rows of the page *For you*: for you, because you loved a movie, hidden gems, your
    watchlist,<br/>something different. Rows without movies are left out.

    Args:
        size (int | Unset): Maximum number of movies in a row. Default: 12.
        familiarity (float | Unset): 0: lesser-known movies; 1: well-known movies. Default: your
            preference.
        adult (bool | int | Unset): Whether adult movies are included. Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | RecommendationRowsResponse]
    """

    kwargs = _get_kwargs(
        size=size,
        familiarity=familiarity,
        adult=adult,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    size: int | Unset = 12,
    familiarity: float | Unset = UNSET,
    adult: bool | int | Unset = False,
) -> Problem | RecommendationRowsResponse | None:
    """Get your recommendations by rows

     Return the rows of the page *For you*: for you, because you loved a movie, hidden gems, your
    watchlist,<br/>something different. Rows without movies are left out.

    Args:
        size (int | Unset): Maximum number of movies in a row. Default: 12.
        familiarity (float | Unset): 0: lesser-known movies; 1: well-known movies. Default: your
            preference.
        adult (bool | int | Unset): Whether adult movies are included. Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | RecommendationRowsResponse
    """

    return sync_detailed(
        client=client,
        size=size,
        familiarity=familiarity,
        adult=adult,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    size: int | Unset = 12,
    familiarity: float | Unset = UNSET,
    adult: bool | int | Unset = False,
) -> Response[Problem | RecommendationRowsResponse]:
    """Get your recommendations by rows

     Return the rows of the page *For you*: for you, because you loved a movie, hidden gems, your
    watchlist,<br/>something different. Rows without movies are left out.

    Args:
        size (int | Unset): Maximum number of movies in a row. Default: 12.
        familiarity (float | Unset): 0: lesser-known movies; 1: well-known movies. Default: your
            preference.
        adult (bool | int | Unset): Whether adult movies are included. Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | RecommendationRowsResponse]
    """

    kwargs = _get_kwargs(
        size=size,
        familiarity=familiarity,
        adult=adult,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    size: int | Unset = 12,
    familiarity: float | Unset = UNSET,
    adult: bool | int | Unset = False,
) -> Problem | RecommendationRowsResponse | None:
    """Get your recommendations by rows

     Return the rows of the page *For you*: for you, because you loved a movie, hidden gems, your
    watchlist,<br/>something different. Rows without movies are left out.

    Args:
        size (int | Unset): Maximum number of movies in a row. Default: 12.
        familiarity (float | Unset): 0: lesser-known movies; 1: well-known movies. Default: your
            preference.
        adult (bool | int | Unset): Whether adult movies are included. Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | RecommendationRowsResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            size=size,
            familiarity=familiarity,
            adult=adult,
        )
    ).parsed
