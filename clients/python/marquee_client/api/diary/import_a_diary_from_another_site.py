from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.import_response import ImportResponse
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: str | str | Unset = UNSET,
    apply: bool | Unset = False,
    name: str | Unset = "",
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    params: dict[str, Any] = {}

    params["apply"] = apply

    params["name"] = name

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/me/import",
        "params": params,
    }

    if isinstance(body, str):
        if not isinstance(body, Unset):
            _kwargs["content"] = body.payload
        headers["Content-Type"] = "application/octet-stream"
    if isinstance(body, str):
        headers["Content-Type"] = "multipart/form-data; boundary=+++"

    _kwargs["headers"] = headers
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

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

    if response.status_code == 413:
        response_413 = Problem.from_dict(response.json())

        return response_413

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
) -> Response[ImportResponse | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: str | str | Unset = UNSET,
    apply: bool | Unset = False,
    name: str | Unset = "",
) -> Response[ImportResponse | Problem]:
    """Import a diary from another site

     Preview how each row of a file matches the catalogue; with `apply=1`, import it. Safe to
    repeat.<br/><br/>Accepts the exports of Letterboxd (the complete .zip or one of its files, and its
    import form), IMDb, Trakt,<br/>Simkl, TV Time, MovieLens and Marquee; at most 32 MB and 100,000
    rows. All rows are imported or none, and one<br/>file at a time. The preview is kept for a day; its
    rows can be corrected, and it is imported with<br/>`POST /api/me/import/<preview>`.

    Args:
        apply (bool | Unset): Import the matched rows; otherwise only preview them. Default:
            False.
        name (str | Unset): File name, if the body is the file itself; distinguishes `watched.csv`
            from `watchlist.csv`. Default: ''.
        body (str | Unset):
        body (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ImportResponse | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        apply=apply,
        name=name,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: str | str | Unset = UNSET,
    apply: bool | Unset = False,
    name: str | Unset = "",
) -> ImportResponse | Problem | None:
    """Import a diary from another site

     Preview how each row of a file matches the catalogue; with `apply=1`, import it. Safe to
    repeat.<br/><br/>Accepts the exports of Letterboxd (the complete .zip or one of its files, and its
    import form), IMDb, Trakt,<br/>Simkl, TV Time, MovieLens and Marquee; at most 32 MB and 100,000
    rows. All rows are imported or none, and one<br/>file at a time. The preview is kept for a day; its
    rows can be corrected, and it is imported with<br/>`POST /api/me/import/<preview>`.

    Args:
        apply (bool | Unset): Import the matched rows; otherwise only preview them. Default:
            False.
        name (str | Unset): File name, if the body is the file itself; distinguishes `watched.csv`
            from `watchlist.csv`. Default: ''.
        body (str | Unset):
        body (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ImportResponse | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
        apply=apply,
        name=name,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: str | str | Unset = UNSET,
    apply: bool | Unset = False,
    name: str | Unset = "",
) -> Response[ImportResponse | Problem]:
    """Import a diary from another site

     Preview how each row of a file matches the catalogue; with `apply=1`, import it. Safe to
    repeat.<br/><br/>Accepts the exports of Letterboxd (the complete .zip or one of its files, and its
    import form), IMDb, Trakt,<br/>Simkl, TV Time, MovieLens and Marquee; at most 32 MB and 100,000
    rows. All rows are imported or none, and one<br/>file at a time. The preview is kept for a day; its
    rows can be corrected, and it is imported with<br/>`POST /api/me/import/<preview>`.

    Args:
        apply (bool | Unset): Import the matched rows; otherwise only preview them. Default:
            False.
        name (str | Unset): File name, if the body is the file itself; distinguishes `watched.csv`
            from `watchlist.csv`. Default: ''.
        body (str | Unset):
        body (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ImportResponse | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        apply=apply,
        name=name,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: str | str | Unset = UNSET,
    apply: bool | Unset = False,
    name: str | Unset = "",
) -> ImportResponse | Problem | None:
    """Import a diary from another site

     Preview how each row of a file matches the catalogue; with `apply=1`, import it. Safe to
    repeat.<br/><br/>Accepts the exports of Letterboxd (the complete .zip or one of its files, and its
    import form), IMDb, Trakt,<br/>Simkl, TV Time, MovieLens and Marquee; at most 32 MB and 100,000
    rows. All rows are imported or none, and one<br/>file at a time. The preview is kept for a day; its
    rows can be corrected, and it is imported with<br/>`POST /api/me/import/<preview>`.

    Args:
        apply (bool | Unset): Import the matched rows; otherwise only preview them. Default:
            False.
        name (str | Unset): File name, if the body is the file itself; distinguishes `watched.csv`
            from `watchlist.csv`. Default: ''.
        body (str | Unset):
        body (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ImportResponse | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            apply=apply,
            name=name,
        )
    ).parsed
