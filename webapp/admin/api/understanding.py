"""`/api/ml/understanding`: how well search texts are understood, and the labelled requests, for administrators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Response, url_for
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models import RawModel
from flask_openapi3.models.tag import Tag
from pydantic import Field

from core.errors import DataError, InvalidRequest
from core.evaluation import EvaluationRun, LabelledRequest
from core.understanding import Stance
from engine.services import Services
from webapp.admin.api.forms import EvaluationsQuery, LabelPath, LabelRequest
from webapp.admin.api.jobs import PREFIX
from webapp.admin.api.serializers import plain
from webapp.http import authorization
from webapp.http.api import SIGNED_IN, answer, no_content, problems
from webapp.http.parsing import Query, parse_request, uploaded_file
from webapp.http.schemas import View

UNDERSTANDING = Tag(name="Understanding", description="How well search texts are understood, for administrators.")
LABELS = "a file of labelled requests"
SHOWN_FAULTS = 5
"""Faults that are told where a file has nothing else."""


class LabelView(View):
    """A labelled request."""

    id: int
    text: str
    stance: Stance
    pieces: str
    split: str = Field(description="`tune` or `held-out`, by a hash of the text.")
    source: str = Field(description="`form`, `search` or `file`.")
    at: datetime | None


class LabelledRequestsResponse(View):
    """All labelled requests."""

    results: tuple[LabelView, ...] = Field(description="The latest first.")


class EvaluationView(View):
    """How well a version of a reader understood the labelled requests."""

    id: int
    at: datetime
    reader: str = Field(description="`rules`, or the name of a language model.")
    version: str
    requests: int
    figures: dict[str, Any] = Field(description="Tallies by kind, mood and stance: right, missed, wrong, accuracy.")
    failures: tuple[dict[str, Any], ...] = Field(description="Requests that were not wholly understood.")


class EvaluationsResponse(View):
    """Evaluations of all readers."""

    results: tuple[EvaluationView, ...] = Field(description="The latest first.")


class LabelImportResponse(View):
    """What became of a file."""

    written: int
    faults: tuple[str, ...] = Field(description="Rows that cannot be used, named by file and row.")


class LabelFile(RawModel):
    """A file as it is, or in the field `file` of a form."""

    mimetypes = [  # noqa: RUF012 - flask-openapi3's own name
        "text/tab-separated-values",
        "application/octet-stream",
        "multipart/form-data",
    ]


def blueprint(services: Services) -> APIBlueprint:
    """All calls about understanding."""
    calls = APIBlueprint(
        "understanding_api",
        __name__,
        url_prefix=f"{PREFIX}/understanding",
        abp_responses=problems(400, 401, 403, 503),
        abp_security=SIGNED_IN,
    )
    authorization.guard(calls)
    _add_evaluations(calls, services)
    _add_labels(calls, services)
    _add_label(calls, services)
    _add_import(calls, services)
    return calls


def _add_evaluations(calls: APIBlueprint, services: Services) -> None:
    @calls.get("", tags=[UNDERSTANDING], summary="How well texts are understood", responses={200: EvaluationsResponse})
    @parse_request(query=EvaluationsQuery)
    def evaluations(query: EvaluationsQuery) -> Response:
        """What the job `evaluate-understanding` measured, for each reader and version, the latest first."""
        found = services.understandings.runs(limit=query.limit)
        return answer(EvaluationsResponse(results=tuple(_evaluation(run) for run in found)))


def _add_labels(calls: APIBlueprint, services: Services) -> None:
    @calls.get(
        "/requests", tags=[UNDERSTANDING], summary="Labelled requests", responses={200: LabelledRequestsResponse}
    )
    @parse_request(query=Query)
    def labels() -> Response:
        """All labelled requests, the latest first."""
        return answer(LabelledRequestsResponse(results=shown(services.understandings.labelled())))

    @calls.post(
        "/requests",
        tags=[UNDERSTANDING],
        summary="Label a request",
        responses={201: LabelView, **problems(413, 415)},
    )
    @parse_request(query=Query, body=LabelRequest)
    def label(body: LabelRequest) -> Response:
        """Add a request, or replace what was said of the one with this text."""
        by = authorization.administrator()
        made = services.understandings.label(body.text, body.stance, body.pieces, by=by)
        response = answer(_label(made))
        response.status_code = HTTPStatus.CREATED
        response.headers["Location"] = url_for("understanding_api.change", id=made.id)
        return response


def _add_label(calls: APIBlueprint, services: Services) -> None:
    @calls.put(
        "/requests/<int:id>",
        tags=[UNDERSTANDING],
        summary="Change a labelled request",
        responses={200: LabelView, **problems(404, 413, 415)},
    )
    @parse_request(path=LabelPath, query=Query, body=LabelRequest)
    def change(path: LabelPath, body: LabelRequest) -> Response:
        """Change text, stance and pieces; a text that another request has replaces that one."""
        by = authorization.administrator()
        changed = services.understandings.edit(path.id, body.text, body.stance, body.pieces, by=by)
        return answer(_label(changed))

    @calls.delete(
        "/requests/<int:id>",
        tags=[UNDERSTANDING],
        summary="Delete a labelled request",
        responses={204: None, **problems(404)},
    )
    @parse_request(path=LabelPath, query=Query)
    def delete(path: LabelPath) -> Response:
        """Delete it for good."""
        services.understandings.delete(path.id, by=authorization.administrator())
        return no_content()


def _add_import(calls: APIBlueprint, services: Services) -> None:
    @calls.post(
        "/import",
        tags=[UNDERSTANDING],
        summary="Import labelled requests",
        responses={200: LabelImportResponse, **problems(413)},
    )
    @parse_request(query=Query)
    def load(raw: LabelFile = None) -> Response:  # type: ignore[assignment]  # noqa: ARG001
        """Take the requests of a file over: tab-separated with a header, or JSON lines; at most 2 MB, 20,000 rows.

        Rows with faults are left out and told; the others are written in one step. 400 where no row can be used.
        """
        content, name = uploaded_file(LABELS)
        try:
            done = services.understandings.load(content, name=name, by=authorization.administrator())
        except DataError as error:
            raise InvalidRequest({"file": str(error)}) from None
        if done.faults and not done.written:
            raise InvalidRequest({"file": "; ".join(done.faults[:SHOWN_FAULTS])})
        return answer(LabelImportResponse(written=done.written, faults=done.faults))


def shown(found: Sequence[LabelledRequest]) -> tuple[LabelView, ...]:
    """Labelled requests as views."""
    return tuple(_label(request) for request in found)


def _label(found: LabelledRequest) -> LabelView:
    return LabelView(
        id=found.id,
        text=found.text,
        stance=found.stance,
        pieces=found.written,
        split=found.split.value,
        source=found.source,
        at=found.at,
    )


def _evaluation(run: EvaluationRun) -> EvaluationView:
    return EvaluationView(
        id=run.id,
        at=run.at,
        reader=run.reader,
        version=run.version,
        requests=run.requests,
        figures=plain(run.figures),
        failures=tuple(plain(failure) for failure in run.failures),
    )
