from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.explanation_response import ExplanationResponse
from ...models.problem import Problem
from ...types import Response


def _get_kwargs(
    user_id: str,
    movie_id: int,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/ml/explain/{user_id}/{movie_id}".format(
            user_id=quote(str(user_id), safe=""),
            movie_id=quote(str(movie_id), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ExplanationResponse | Problem | None:
    if response.status_code == 200:
        response_200 = ExplanationResponse.from_dict(response.json())

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
) -> Response[ExplanationResponse | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    user_id: str,
    movie_id: int,
    *,
    client: AuthenticatedClient,
) -> Response[ExplanationResponse | Problem]:
    """Explain a recommendation for a user id

     Return why the user might like a movie, from the model's own decomposition.

    Args:
        user_id (str): Your own number, or a demonstration user: `ml:<number>`, `demo:<name>`.
        movie_id (int): TMDB id of the movie.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ExplanationResponse | Problem]
    """

    kwargs = _get_kwargs(
        user_id=user_id,
        movie_id=movie_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    user_id: str,
    movie_id: int,
    *,
    client: AuthenticatedClient,
) -> ExplanationResponse | Problem | None:
    """Explain a recommendation for a user id

     Return why the user might like a movie, from the model's own decomposition.

    Args:
        user_id (str): Your own number, or a demonstration user: `ml:<number>`, `demo:<name>`.
        movie_id (int): TMDB id of the movie.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ExplanationResponse | Problem
    """

    return sync_detailed(
        user_id=user_id,
        movie_id=movie_id,
        client=client,
    ).parsed


async def asyncio_detailed(
    user_id: str,
    movie_id: int,
    *,
    client: AuthenticatedClient,
) -> Response[ExplanationResponse | Problem]:
    """Explain a recommendation for a user id

     Return why the user might like a movie, from the model's own decomposition.

    Args:
        user_id (str): Your own number, or a demonstration user: `ml:<number>`, `demo:<name>`.
        movie_id (int): TMDB id of the movie.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ExplanationResponse | Problem]
    """

    kwargs = _get_kwargs(
        user_id=user_id,
        movie_id=movie_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    user_id: str,
    movie_id: int,
    *,
    client: AuthenticatedClient,
) -> ExplanationResponse | Problem | None:
    """Explain a recommendation for a user id

     Return why the user might like a movie, from the model's own decomposition.

    Args:
        user_id (str): Your own number, or a demonstration user: `ml:<number>`, `demo:<name>`.
        movie_id (int): TMDB id of the movie.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ExplanationResponse | Problem
    """

    return (
        await asyncio_detailed(
            user_id=user_id,
            movie_id=movie_id,
            client=client,
        )
    ).parsed
