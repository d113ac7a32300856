from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.scrobble_answer import ScrobbleAnswer
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: str | Unset = UNSET,
    token: str | Unset = "",
    account: str | Unset = "",
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    params: dict[str, Any] = {}

    params["token"] = token

    params["account"] = account

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/scrobble/plex",
        "params": params,
    }

    headers["Content-Type"] = "multipart/form-data; boundary=+++"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | ScrobbleAnswer | None:
    if response.status_code == 200:
        response_200 = ScrobbleAnswer.from_dict(response.json())

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

    if response.status_code == 413:
        response_413 = Problem.from_dict(response.json())

        return response_413

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
) -> Response[Problem | ScrobbleAnswer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: str | Unset = UNSET,
    token: str | Unset = "",
    account: str | Unset = "",
) -> Response[Problem | ScrobbleAnswer]:
    """Take a report of Plex

     Add a movie that was watched to its end to the diary, once; take over ratings. Episodes are ignored.

    Args:
        token (str | Unset): A token with the scope `scrobble`, if no header has it. Default: ''.
        account (str | Unset): Only take over reports about this user of the media server.
            Default: ''.
        body (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | ScrobbleAnswer]
    """

    kwargs = _get_kwargs(
        body=body,
        token=token,
        account=account,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: str | Unset = UNSET,
    token: str | Unset = "",
    account: str | Unset = "",
) -> Problem | ScrobbleAnswer | None:
    """Take a report of Plex

     Add a movie that was watched to its end to the diary, once; take over ratings. Episodes are ignored.

    Args:
        token (str | Unset): A token with the scope `scrobble`, if no header has it. Default: ''.
        account (str | Unset): Only take over reports about this user of the media server.
            Default: ''.
        body (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | ScrobbleAnswer
    """

    return sync_detailed(
        client=client,
        body=body,
        token=token,
        account=account,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: str | Unset = UNSET,
    token: str | Unset = "",
    account: str | Unset = "",
) -> Response[Problem | ScrobbleAnswer]:
    """Take a report of Plex

     Add a movie that was watched to its end to the diary, once; take over ratings. Episodes are ignored.

    Args:
        token (str | Unset): A token with the scope `scrobble`, if no header has it. Default: ''.
        account (str | Unset): Only take over reports about this user of the media server.
            Default: ''.
        body (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | ScrobbleAnswer]
    """

    kwargs = _get_kwargs(
        body=body,
        token=token,
        account=account,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: str | Unset = UNSET,
    token: str | Unset = "",
    account: str | Unset = "",
) -> Problem | ScrobbleAnswer | None:
    """Take a report of Plex

     Add a movie that was watched to its end to the diary, once; take over ratings. Episodes are ignored.

    Args:
        token (str | Unset): A token with the scope `scrobble`, if no header has it. Default: ''.
        account (str | Unset): Only take over reports about this user of the media server.
            Default: ''.
        body (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | ScrobbleAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            token=token,
            account=account,
        )
    ).parsed
