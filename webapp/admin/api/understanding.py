"""`/api/ml/understanding`: accuracy of the interpretation of search texts, and labelled requests."""

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
from core.understanding import QueryType
from engine.services import Services
from webapp.admin.api.forms import EvaluationsQuery, LabelPath, LabelRequest
from webapp.admin.api.jobs import PREFIX
from webapp.admin.api.serializers import plain
from webapp.http import authorization
from webapp.http.api import SIGNED_IN, answer, no_content, problems
from webapp.http.parsing import Query, parse_request, uploaded_file
from webapp.http.schemas import View

UNDERSTANDING = Tag(name="Understanding", description="Interpretation of search texts, for administrators.")
LABELS = "a file of labelled requests"
SHOWN_FAULTS = 5
"""Maximum number of errors reported for a file without valid rows."""


class LabelView(View):
    """A labelled request."""

    id: int
    text: str
    query_type: QueryType
    pieces: str
    split: str = Field(description="`tune` or `held-out`, by a hash of the text.")
    source: str = Field(description="`form`, `search` or `file`.")
    at: datetime | None


class LabelledRequestsResponse(View):
    """All labelled requests."""

    results: tuple[LabelView, ...] = Field(description="Labelled requests, latest first.")


class EvaluationView(View):
    """Accuracy of one version of a reader on the labelled requests."""

    id: int
    at: datetime
    reader: str = Field(description="`rules`, or the name of a language model.")
    version: str
    requests: int
    figures: dict[str, Any] = Field(description="Counts by kind, mood and query type: right, missed, wrong, accuracy.")
    failures: tuple[dict[str, Any], ...] = Field(description="Requests that were not fully understood.")


class EvaluationsResponse(View):
    """Evaluations of all readers."""

    results: tuple[EvaluationView, ...] = Field(description="Evaluations, latest first.")


class LabelImportResponse(View):
    """The result of an import."""

    written: int = Field(description="Number of imported requests.")
    faults: tuple[str, ...] = Field(description="Invalid rows, by file and row.")


class LabelFile(RawModel):
    """A file as the request body, or in the form field `file`."""

    mimetypes = [  # noqa: RUF012 - flask-openapi3's own name
        "text/tab-separated-values",
        "application/octet-stream",
        "multipart/form-data",
    ]


def blueprint(services: Services) -> APIBlueprint:
    """Return the blueprint of evaluations and labelled requests."""
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
    @calls.get("", tags=[UNDERSTANDING], summary="List evaluations", responses={200: EvaluationsResponse})
    @parse_request(query=EvaluationsQuery)
    def evaluations(query: EvaluationsQuery) -> Response:
        """Return the results of the job `evaluate-understanding` for each reader and version, latest first."""
        found = services.understandings.runs(limit=query.limit)
        return answer(EvaluationsResponse(results=tuple(_evaluation(run) for run in found)))


def _add_labels(calls: APIBlueprint, services: Services) -> None:
    @calls.get(
        "/requests", tags=[UNDERSTANDING], summary="List labelled requests", responses={200: LabelledRequestsResponse}
    )
    @parse_request(query=Query)
    def labels() -> Response:
        """Return all labelled requests, latest first."""
        return answer(LabelledRequestsResponse(results=views(services.understandings.labelled())))

    @calls.post(
        "/requests",
        tags=[UNDERSTANDING],
        summary="Label a request",
        responses={201: LabelView, **problems(413, 415)},
    )
    @parse_request(query=Query, body=LabelRequest)
    def label(body: LabelRequest) -> Response:
        """Add a labelled request, or replace the one with the same text."""
        by = authorization.administrator()
        made = services.understandings.label(body.text, body.query_type, body.pieces, by=by)
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
        """Change text, query_type and pieces. A request with the same text is replaced."""
        by = authorization.administrator()
        changed = services.understandings.edit(path.id, body.text, body.query_type, body.pieces, by=by)
        return answer(_label(changed))

    @calls.delete(
        "/requests/<int:id>",
        tags=[UNDERSTANDING],
        summary="Delete a labelled request",
        responses={204: None, **problems(404)},
    )
    @parse_request(path=LabelPath, query=Query)
    def delete(path: LabelPath) -> Response:
        """Delete a labelled request permanently."""
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
        """Import requests from a tab-separated file with a header, or from JSON lines; at most 2 MB and 20,000 rows.

        Invalid rows are skipped and reported; the others are stored in one transaction. 400 if no row is valid.
        """
        content, name = uploaded_file(LABELS)
        try:
            done = services.understandings.load(content, name=name, by=authorization.administrator())
        except DataError as error:
            raise InvalidRequest({"file": str(error)}) from None
        if done.faults and not done.written:
            raise InvalidRequest({"file": "; ".join(done.faults[:SHOWN_FAULTS])})
        return answer(LabelImportResponse(written=done.written, faults=done.faults))


def views(found: Sequence[LabelledRequest]) -> tuple[LabelView, ...]:
    """Return labelled requests as views."""
    return tuple(_label(request) for request in found)


def _label(found: LabelledRequest) -> LabelView:
    return LabelView(
        id=found.id,
        text=found.text,
        query_type=found.query_type,
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
