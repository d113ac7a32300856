from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.alternatives_response import AlternativesResponse
from ...models.problem import Problem
from ...types import Response


def _get_kwargs(
    preview: str,
    number: int,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/me/import/{preview}/lines/{number}".format(
            preview=quote(str(preview), safe=""),
            number=quote(str(number), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> AlternativesResponse | Problem | None:
    if response.status_code == 200:
        response_200 = AlternativesResponse.from_dict(response.json())

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

    if response.status_code == 503:
        response_503 = Problem.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[AlternativesResponse | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    preview: str,
    number: int,
    *,
    client: AuthenticatedClient,
) -> Response[AlternativesResponse | Problem]:
    """Get alternatives for a row of an import

     Return a row and the movies with its title, whatever their year.

    Args:
        preview (str): Id of the preview.
        number (int): Number of the row among those of the import, from 1.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AlternativesResponse | Problem]
    """

    kwargs = _get_kwargs(
        preview=preview,
        number=number,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    preview: str,
    number: int,
    *,
    client: AuthenticatedClient,
) -> AlternativesResponse | Problem | None:
    """Get alternatives for a row of an import

     Return a row and the movies with its title, whatever their year.

    Args:
        preview (str): Id of the preview.
        number (int): Number of the row among those of the import, from 1.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AlternativesResponse | Problem
    """

    return sync_detailed(
        preview=preview,
        number=number,
        client=client,
    ).parsed


async def asyncio_detailed(
    preview: str,
    number: int,
    *,
    client: AuthenticatedClient,
) -> Response[AlternativesResponse | Problem]:
    """Get alternatives for a row of an import

     Return a row and the movies with its title, whatever their year.

    Args:
        preview (str): Id of the preview.
        number (int): Number of the row among those of the import, from 1.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AlternativesResponse | Problem]
    """

    kwargs = _get_kwargs(
        preview=preview,
        number=number,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    preview: str,
    number: int,
    *,
    client: AuthenticatedClient,
) -> AlternativesResponse | Problem | None:
    """Get alternatives for a row of an import

     Return a row and the movies with its title, whatever their year.

    Args:
        preview (str): Id of the preview.
        number (int): Number of the row among those of the import, from 1.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AlternativesResponse | Problem
    """

    return (
        await asyncio_detailed(
            preview=preview,
            number=number,
            client=client,
        )
    ).parsed
