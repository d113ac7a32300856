from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.job_parameters import JobParameters
from ...models.problem import Problem
from ...models.run_view import RunView
from ...types import UNSET, Response, Unset


def _get_kwargs(
    name: str,
    *,
    body: JobParameters | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/ml/jobs/{name}/run".format(
            name=quote(str(name), safe=""),
        ),
    }

    if not isinstance(body, Unset):
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | RunView | None:
    if response.status_code == 202:
        response_202 = RunView.from_dict(response.json())

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

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

    if response.status_code == 415:
        response_415 = Problem.from_dict(response.json())

        return response_415

    if response.status_code == 503:
        response_503 = Problem.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | RunView]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    name: str,
    *,
    client: AuthenticatedClient,
    body: JobParameters | Unset = UNSET,
) -> Response[Problem | RunView]:
    """Run a job

     Queue a run; a scheduler starts it within seconds. 409 if the job is already queued or running.

    Args:
        name (str): Name of the job: `trending`, `retrain`, …
        body (JobParameters | Unset): Parameters of a job by name, as listed by `GET
            /api/ml/jobs`. Optional.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | RunView]
    """

    kwargs = _get_kwargs(
        name=name,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    name: str,
    *,
    client: AuthenticatedClient,
    body: JobParameters | Unset = UNSET,
) -> Problem | RunView | None:
    """Run a job

     Queue a run; a scheduler starts it within seconds. 409 if the job is already queued or running.

    Args:
        name (str): Name of the job: `trending`, `retrain`, …
        body (JobParameters | Unset): Parameters of a job by name, as listed by `GET
            /api/ml/jobs`. Optional.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | RunView
    """

    return sync_detailed(
        name=name,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    name: str,
    *,
    client: AuthenticatedClient,
    body: JobParameters | Unset = UNSET,
) -> Response[Problem | RunView]:
    """Run a job

     Queue a run; a scheduler starts it within seconds. 409 if the job is already queued or running.

    Args:
        name (str): Name of the job: `trending`, `retrain`, …
        body (JobParameters | Unset): Parameters of a job by name, as listed by `GET
            /api/ml/jobs`. Optional.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | RunView]
    """

    kwargs = _get_kwargs(
        name=name,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    name: str,
    *,
    client: AuthenticatedClient,
    body: JobParameters | Unset = UNSET,
) -> Problem | RunView | None:
    """Run a job

     Queue a run; a scheduler starts it within seconds. 409 if the job is already queued or running.

    Args:
        name (str): Name of the job: `trending`, `retrain`, …
        body (JobParameters | Unset): Parameters of a job by name, as listed by `GET
            /api/ml/jobs`. Optional.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | RunView
    """

    return (
        await asyncio_detailed(
            name=name,
            client=client,
            body=body,
        )
    ).parsed
