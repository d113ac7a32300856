from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.get_the_preview_of_an_import_show import GetThePreviewOfAnImportShow
from ...models.import_response import ImportResponse
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    preview: str,
    *,
    show: GetThePreviewOfAnImportShow | Unset = UNSET,
    page: int | Unset = 1,
    size: int | Unset = 100,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_show: str | Unset = UNSET
    if not isinstance(show, Unset):
        json_show = show.value

    params["show"] = json_show

    params["page"] = page

    params["size"] = size

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/me/import/{preview}".format(
            preview=quote(str(preview), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ImportResponse | Problem | None:
    if response.status_code == 200:
        response_200 = ImportResponse.from_dict(response.json())

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

    if response.status_code == 503:
        response_503 = Problem.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ImportResponse | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    preview: str,
    *,
    client: AuthenticatedClient,
    show: GetThePreviewOfAnImportShow | Unset = UNSET,
    page: int | Unset = 1,
    size: int | Unset = 100,
) -> Response[ImportResponse | Problem]:
    """Get the preview of an import

     Return what an import would change, with a page of its rows.

    Args:
        preview (str): Id of the preview.
        show (GetThePreviewOfAnImportShow | Unset): Only these rows; without it, all.
        page (int | Unset): Page, from 1. Default: 1.
        size (int | Unset): Rows per page. Default: 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ImportResponse | Problem]
    """

    kwargs = _get_kwargs(
        preview=preview,
        show=show,
        page=page,
        size=size,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    preview: str,
    *,
    client: AuthenticatedClient,
    show: GetThePreviewOfAnImportShow | Unset = UNSET,
    page: int | Unset = 1,
    size: int | Unset = 100,
) -> ImportResponse | Problem | None:
    """Get the preview of an import

     Return what an import would change, with a page of its rows.

    Args:
        preview (str): Id of the preview.
        show (GetThePreviewOfAnImportShow | Unset): Only these rows; without it, all.
        page (int | Unset): Page, from 1. Default: 1.
        size (int | Unset): Rows per page. Default: 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ImportResponse | Problem
    """

    return sync_detailed(
        preview=preview,
        client=client,
        show=show,
        page=page,
        size=size,
    ).parsed


async def asyncio_detailed(
    preview: str,
    *,
    client: AuthenticatedClient,
    show: GetThePreviewOfAnImportShow | Unset = UNSET,
    page: int | Unset = 1,
    size: int | Unset = 100,
) -> Response[ImportResponse | Problem]:
    """Get the preview of an import

     Return what an import would change, with a page of its rows.

    Args:
        preview (str): Id of the preview.
        show (GetThePreviewOfAnImportShow | Unset): Only these rows; without it, all.
        page (int | Unset): Page, from 1. Default: 1.
        size (int | Unset): Rows per page. Default: 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ImportResponse | Problem]
    """

    kwargs = _get_kwargs(
        preview=preview,
        show=show,
        page=page,
        size=size,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    preview: str,
    *,
    client: AuthenticatedClient,
    show: GetThePreviewOfAnImportShow | Unset = UNSET,
    page: int | Unset = 1,
    size: int | Unset = 100,
) -> ImportResponse | Problem | None:
    """Get the preview of an import

     Return what an import would change, with a page of its rows.

    Args:
        preview (str): Id of the preview.
        show (GetThePreviewOfAnImportShow | Unset): Only these rows; without it, all.
        page (int | Unset): Page, from 1. Default: 1.
        size (int | Unset): Rows per page. Default: 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ImportResponse | Problem
    """

    return (
        await asyncio_detailed(
            preview=preview,
            client=client,
            show=show,
            page=page,
            size=size,
        )
    ).parsed
