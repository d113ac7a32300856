from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.events_request import EventsRequest
from ...models.events_response import EventsResponse
from ...models.problem import Problem
from ...types import Response


def _get_kwargs(
    *,
    body: EventsRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/events",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> EventsResponse | Problem | None:
    if response.status_code == 202:
        response_202 = EventsResponse.from_dict(response.json())

        return response_202

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

    if response.status_code == 415:
        response_415 = Problem.from_dict(response.json())

        return response_415

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
) -> Response[EventsResponse | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: EventsRequest,
) -> Response[EventsResponse | Problem]:
    """Record impressions, clicks and swipes

     Queue events, and store a user's swipes as marks immediately.<br/><br/>`helpful` and `unhelpful` say
    whether a search or a list helped: they name a list, and no movie.<br/><br/>Events of visitors are
    anonymous. For `navigator.sendBeacon`, the JSON is also accepted as `text/plain`, and the<br/>list
    as the form field `events`.

    Args:
        body (EventsRequest): Events since the last request of a page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EventsResponse | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: EventsRequest,
) -> EventsResponse | Problem | None:
    """Record impressions, clicks and swipes

     Queue events, and store a user's swipes as marks immediately.<br/><br/>`helpful` and `unhelpful` say
    whether a search or a list helped: they name a list, and no movie.<br/><br/>Events of visitors are
    anonymous. For `navigator.sendBeacon`, the JSON is also accepted as `text/plain`, and the<br/>list
    as the form field `events`.

    Args:
        body (EventsRequest): Events since the last request of a page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EventsResponse | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: EventsRequest,
) -> Response[EventsResponse | Problem]:
    """Record impressions, clicks and swipes

     Queue events, and store a user's swipes as marks immediately.<br/><br/>`helpful` and `unhelpful` say
    whether a search or a list helped: they name a list, and no movie.<br/><br/>Events of visitors are
    anonymous. For `navigator.sendBeacon`, the JSON is also accepted as `text/plain`, and the<br/>list
    as the form field `events`.

    Args:
        body (EventsRequest): Events since the last request of a page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EventsResponse | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: EventsRequest,
) -> EventsResponse | Problem | None:
    """Record impressions, clicks and swipes

     Queue events, and store a user's swipes as marks immediately.<br/><br/>`helpful` and `unhelpful` say
    whether a search or a list helped: they name a list, and no movie.<br/><br/>Events of visitors are
    anonymous. For `navigator.sendBeacon`, the JSON is also accepted as `text/plain`, and the<br/>list
    as the form field `events`.

    Args:
        body (EventsRequest): Events since the last request of a page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EventsResponse | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
