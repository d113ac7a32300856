"""`/api/ml/jobs` and training, for administrators: ask for a run, follow it, stop it."""

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
from webapp.admin.api.event_streams import EVENTS, LEFT_TO_OTHERS, Streams
from webapp.http import api, authorization
from webapp.http.api import SIGNED_IN, answer, problems
from webapp.http.parsing import Query, parse_request
from webapp.http.schemas import dump

PREFIX = f"{api.PREFIX}/ml"
JOBS = Tag(name="Jobs", description="What runs by the clock, for administrators.")
TRAINING = Tag(name="Training", description="New models, for administrators.")
STREAM = {EVENTS: {"schema": {"type": "string"}}}


def blueprint(services: Services) -> APIBlueprint:
    """All calls about jobs and training."""
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
        summary="Train a new model",
        responses={202: schemas.RunView, **problems(409, 415)},
    )
    @parse_request(body=forms.JobParameters, optional_body=True)
    def train(body: forms.JobParameters) -> Response:
        """From nothing, with the parameters that are sent; published only if the gate lets it pass."""
        return ask(services, RETRAIN, body.root)

    @calls.post(
        "/retrain",
        tags=[TRAINING],
        summary="Train the published model on",
        responses={202: schemas.RunView, **problems(409, 415)},
    )
    @parse_request(body=forms.JobParameters, optional_body=True)
    def retrain(body: forms.JobParameters) -> Response:
        """The same, starting from the published model's factors (`warm_start`) unless the parameters say otherwise."""
        return ask(services, RETRAIN, {"warm_start": True, **body.root})


def _add_status(calls: APIBlueprint, services: Services) -> None:
    streams = Streams(services.operations, max(services.settings.threads - LEFT_TO_OTHERS, 0))

    @calls.get(
        "/training-status",
        tags=[TRAINING],
        summary="How training goes",
        responses={200: schemas.TrainingStatusResponse, **problems(404, 429)},
    )
    @parse_request(query=Query)
    def training_status() -> Response:
        """The training that is asked for or runs, else the last one, with its loss per epoch.

        To whoever accepts `text/event-stream` rather than JSON it is told live, as at `/api/ml/training-status/stream`.
        """
        if request.accept_mimetypes.best_match(("application/json", EVENTS)) == EVENTS:
            return streams.follow(followed(services, None), seconds=forms.LONGEST_STREAM)
        return answer(serializers.training_status(services.operations))

    @calls.get(
        "/training-status/stream",
        tags=[TRAINING],
        summary="How training goes, live",
        responses={200: {"description": "Server-sent events", "content": STREAM}, **problems(404, 429)},
    )
    @parse_request(query=forms.StreamQuery)
    def stream(query: forms.StreamQuery) -> Response:
        """Server-sent events: `run` whenever the run changes, with the run as JSON, and `end` once it is over.

        Comments come in between. `trouble` says in words why the run cannot be looked at; ask again. Where all
        streams are taken (429), read `/api/ml/training-status` now and then.
        """
        run = followed(services, query.run)
        return streams.follow(run, seconds=query.seconds)


def _add_jobs(calls: APIBlueprint, services: Services) -> None:
    @calls.get("/jobs", tags=[JOBS], summary="The schedule", responses={200: schemas.JobsResponse})
    @parse_request(query=Query)
    def jobs() -> Response:
        """Every job: when it runs, what may be asked of it, what runs and what ran last."""
        found = serializers.jobs(services.operations)
        return answer(schemas.JobsResponse(scheduler=services.operations.scheduler(), results=found))

    @calls.post(
        "/jobs/<string:name>/run",
        tags=[JOBS],
        summary="Run a job now",
        responses={202: schemas.RunView, **problems(404, 409, 415)},
    )
    @parse_request(path=forms.JobPath, body=forms.JobParameters, optional_body=True)
    def run_job(path: forms.JobPath, body: forms.JobParameters) -> Response:
        """Queue a run; a scheduler starts it within seconds. 409 if the job is queued or running already."""
        return ask(services, path.name, body.root)


def _add_runs(calls: APIBlueprint, services: Services) -> None:
    @calls.get("/jobs/runs", tags=[JOBS], summary="Runs", responses={200: schemas.RunsResponse, **problems(404)})
    @parse_request(query=forms.RunsQuery)
    def runs(query: forms.RunsQuery) -> Response:
        """Runs of all jobs, or of one; the latest first."""
        found = services.operations.runs(query.job or None, limit=query.limit, before=query.before)
        older = older_url(serializers.RUNS, query, found[-1].id) if len(found) == query.limit else ""
        return answer(schemas.RunsResponse(results=tuple(serializers.run(run) for run in found), next=older))

    @calls.get(
        "/jobs/runs/<int:id>",
        tags=[JOBS],
        summary="One run",
        responses={200: schemas.RunView, **problems(404)},
    )
    @parse_request(path=forms.RunPath, query=Query)
    def run(path: forms.RunPath) -> Response:
        """How far it is, what it said and what came of it."""
        return answer(serializers.run(services.operations.get(path.id)))

    @calls.post(
        "/jobs/runs/<int:id>/cancel",
        tags=[JOBS],
        summary="Stop a run",
        responses={202: schemas.RunView, **problems(404)},
    )
    @parse_request(path=forms.RunPath, query=Query)
    def cancel(path: forms.RunPath) -> Response:
        """Ask a run to stop; it does at its next step. One that has ended stays as it is."""
        return accepted(services.operations.cancel(path.id, by=authorization.administrator()))


def ask(services: Services, job: str, parameters: Mapping[str, Any]) -> Response:
    """Want a job to run, in the name of the administrator who asks."""
    return accepted(services.operations.enqueue(job, parameters=parameters, by=authorization.administrator()))


def accepted(run: Run) -> Response:
    """What was asked for is on its way: 202, and where to look."""
    view = serializers.run(run)
    response = Response(dump(view), status=HTTPStatus.ACCEPTED, mimetype="application/json")
    response.headers["Location"] = view.status_url
    response.cache_control.no_store = True
    return response


def followed(services: Services, number: int | None) -> Run:
    """The run of a number, else the training. Raises `NotFound`."""
    found = serializers.training(services.operations) if number is None else services.operations.get(number)
    if found is None:
        raise NotFound("no model was trained yet")
    return found


def older_url(path: str, query: forms.LinesQuery, last: int) -> str:
    """The same list from after its last line on."""
    pairs = {**query.model_dump(exclude_defaults=True), "before": last}
    return f"{path}?{urlencode(pairs)}"
