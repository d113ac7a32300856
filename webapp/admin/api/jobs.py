"""`/api/ml/jobs` and training, for administrators: queue, follow and cancel runs."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from core.errors import NotFound
from core.jobs.job_catalogue import RETRAIN
from core.jobs.runs import Run
from engine.services import Services
from webapp.admin.api import forms, schemas, serializers
from webapp.admin.api.event_streams import EVENTS, Streams
from webapp.http import api, authorization
from webapp.http.api import SIGNED_IN, answer, problems
from webapp.http.parsing import Query, parse_request
from webapp.http.schemas import dump

PREFIX = f"{api.PREFIX}/ml"
JOBS = Tag(name="Jobs", description="Scheduled jobs, for administrators.")
TRAINING = Tag(name="Training", description="Training of models, for administrators.")
STREAM = {EVENTS: {"schema": {"type": "string"}}}


def blueprint(services: Services) -> APIBlueprint:
    """Return the blueprint of jobs and training."""
    calls = APIBlueprint(
        "jobs_api",
        __name__,
        url_prefix=PREFIX,
        abp_responses=problems(400, 401, 403, 503),
        abp_security=SIGNED_IN,
    )
    authorization.guard(calls)
    _add_training(calls, services)
    _add_status(calls, services)
    _add_jobs(calls, services)
    _add_runs(calls, services)
    return calls


def _add_training(calls: APIBlueprint, services: Services) -> None:
    @calls.post(
        "/train",
        tags=[TRAINING],
        summary="Train a model",
        responses={202: schemas.RunView, **problems(409, 415)},
    )
    @parse_request(body=forms.JobParameters, optional_body=True)
    def train(body: forms.JobParameters) -> Response:
        """Queue a training run from scratch. The model is published only if it passes the promotion gate."""
        return enqueue(services, RETRAIN, body.root)

    @calls.post(
        "/retrain",
        tags=[TRAINING],
        summary="Retrain the published model",
        responses={202: schemas.RunView, **problems(409, 415)},
    )
    @parse_request(body=forms.JobParameters, optional_body=True)
    def retrain(body: forms.JobParameters) -> Response:
        """Queue a training run that starts from the published model's factors (`warm_start`)."""
        return enqueue(services, RETRAIN, {"warm_start": True, **body.root})


def _add_status(calls: APIBlueprint, services: Services) -> None:
    streams = Streams(services.operations, services.shared)

    @calls.get(
        "/training-status",
        tags=[TRAINING],
        summary="Get the training status",
        responses={200: schemas.TrainingStatusResponse, **problems(404, 429)},
    )
    @parse_request(query=Query)
    def training_status() -> Response:
        """Return the queued or running training run, or else the latest one, with its loss per epoch.

        With `Accept: text/event-stream`, the response is a stream, as from `/api/ml/training-status/stream`.
        """
        if request.accept_mimetypes.best_match(("application/json", EVENTS)) == EVENTS:
            return streams.follow(followed(services, None), seconds=forms.LONGEST_STREAM)
        return answer(serializers.training_status(services.operations))

    @calls.get(
        "/training-status/stream",
        tags=[TRAINING],
        summary="Stream the training status",
        responses={200: {"description": "Server-sent events", "content": STREAM}, **problems(404, 429)},
    )
    @parse_request(query=forms.StreamQuery)
    def stream(query: forms.StreamQuery) -> Response:
        """Server-sent events: `run` with the run as JSON whenever it changes, and `end` when it is over.

        Comments keep the connection alive. `trouble` says why the run cannot be read; reconnect. If all streams are
        in use (429), poll `/api/ml/training-status` instead.
        """
        run = followed(services, query.run)
        return streams.follow(run, seconds=query.seconds)


def _add_jobs(calls: APIBlueprint, services: Services) -> None:
    @calls.get("/jobs", tags=[JOBS], summary="List jobs", responses={200: schemas.JobsResponse})
    @parse_request(query=Query)
    def jobs() -> Response:
        """Return every job with its schedule, parameters, current run and latest run."""
        results = serializers.jobs(services.operations)
        return answer(schemas.JobsResponse(scheduler=services.operations.scheduler(), results=results))

    @calls.post(
        "/jobs/<string:name>/run",
        tags=[JOBS],
        summary="Run a job",
        responses={202: schemas.RunView, **problems(404, 409, 415)},
    )
    @parse_request(path=forms.JobPath, body=forms.JobParameters, optional_body=True)
    def run_job(path: forms.JobPath, body: forms.JobParameters) -> Response:
        """Queue a run; a scheduler starts it within seconds. 409 if the job is already queued or running."""
        return enqueue(services, path.name, body.root)


def _add_runs(calls: APIBlueprint, services: Services) -> None:
    @calls.get("/jobs/runs", tags=[JOBS], summary="List runs", responses={200: schemas.RunsResponse, **problems(404)})
    @parse_request(query=forms.RunsQuery)
    def runs(query: forms.RunsQuery) -> Response:
        """Return the runs of all jobs or of one job, latest first."""
        found = services.operations.runs(query.job or None, limit=query.limit, before=query.before)
        older = older_url(serializers.RUNS, query, found[-1].id) if len(found) == query.limit else ""
        return answer(schemas.RunsResponse(results=tuple(serializers.run(run) for run in found), next=older))

    @calls.get(
        "/jobs/runs/<int:id>",
        tags=[JOBS],
        summary="Get a run",
        responses={200: schemas.RunView, **problems(404)},
    )
    @parse_request(path=forms.RunPath, query=Query)
    def run(path: forms.RunPath) -> Response:
        """Return a run with its progress, log and results."""
        return answer(serializers.run(services.operations.get(path.id)))

    @calls.post(
        "/jobs/runs/<int:id>/cancel",
        tags=[JOBS],
        summary="Cancel a run",
        responses={202: schemas.RunView, **problems(404)},
    )
    @parse_request(path=forms.RunPath, query=Query)
    def cancel(path: forms.RunPath) -> Response:
        """Request cancellation; the run stops at its next step. A run that has ended does not change."""
        return accepted(services.operations.cancel(path.id, by=authorization.administrator()))


def enqueue(services: Services, job: str, parameters: Mapping[str, Any]) -> Response:
    """Queue a run of a job on behalf of the current administrator."""
    return accepted(services.operations.enqueue(job, parameters=parameters, by=authorization.administrator()))


def accepted(run: Run) -> Response:
    """Return 202 with the run and its location."""
    view = serializers.run(run)
    response = Response(dump(view), status=HTTPStatus.ACCEPTED, mimetype="application/json")
    response.headers["Location"] = view.status_url
    response.cache_control.no_store = True
    return response


def followed(services: Services, number: int | None) -> Run:
    """Return the run with this number; by default, the training run. Raises `NotFound`."""
    found = serializers.training(services.operations) if number is None else services.operations.get(number)
    if found is None:
        raise NotFound("no model has been trained yet")
    return found


def older_url(path: str, query: forms.LinesQuery, last: int) -> str:
    """Return the URL of the entries after the last one of a list."""
    pairs = {**query.model_dump(exclude_defaults=True), "before": last}
    return f"{path}?{urlencode(pairs)}"
